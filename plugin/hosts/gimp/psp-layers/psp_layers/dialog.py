"""The native dialog of an operation, built from its arguments. Needs a screen."""

from __future__ import annotations

import random

import gi

gi.require_version('Gimp', '3.0')
gi.require_version('GimpUi', '3.0')
gi.require_version('Gtk', '3.0')
from gi.repository import Gimp, GimpUi, GObject, Gtk  # noqa: E402

from psp_client.declarations import Json, Operation  # noqa: E402

from .arguments import FACE_NUMBER, FACES, MODEL, Argument, Double, Seed, Switches, Whole, arguments_of  # noqa: E402

_AUTOMATIC = 'Automatic'


def ask(
    procedure: Gimp.Procedure, config: Gimp.ProcedureConfig, operation: Operation, models: list[Json]
) -> bool:
    """Lets the user set the arguments; False when they cancel. The values are remembered by GIMP."""
    GimpUi.init('psp-layers')
    dialog = GimpUi.ProcedureDialog.new(procedure, config, operation.label)
    box = dialog.get_content_area()
    labels = Gtk.SizeGroup.new(Gtk.SizeGroupMode.HORIZONTAL)
    box.pack_start(_wrapped(operation.summary), False, False, 6)
    for argument in arguments_of(operation):
        if argument is MODEL:
            box.pack_start(_model_row(config, models, labels), False, False, 0)
        elif isinstance(argument, Seed):
            box.pack_start(_seed_row(config, argument, labels), False, False, 0)
        else:
            _add_widget(dialog, argument, labels)
    if operation.finds_faces:
        _follow(dialog, config)
    try:
        return dialog.run()
    finally:
        dialog.destroy()


def _add_widget(dialog: GimpUi.ProcedureDialog, argument: Argument, labels: Gtk.SizeGroup) -> None:
    if isinstance(argument, Switches):
        members = [member.name for member in argument.members]
        row = dialog.fill_box(f'{argument.name}-box', members)
        row.set_orientation(Gtk.Orientation.HORIZONTAL)
        dialog.get_label(f'{argument.name}-title', argument.label, False, False)
        dialog.fill_frame(f'{argument.name}-frame', f'{argument.name}-title', False, f'{argument.name}-box')
        for member in argument.members:
            dialog.get_widget(member.name, GObject.TYPE_NONE).set_label(member.label)
        dialog.fill([f'{argument.name}-frame'])
        return
    slides = isinstance(argument, Double) or (isinstance(argument, Whole) and argument is not FACE_NUMBER)
    widget = (
        dialog.get_scale_entry(argument.name, 1.0)
        if slides
        else dialog.get_widget(argument.name, GObject.TYPE_NONE)
    )
    if isinstance(widget, GimpUi.Labeled):
        labels.add_widget(widget.get_label())
    dialog.fill([argument.name])


def _follow(dialog: GimpUi.ProcedureDialog, config: Gimp.ProcedureConfig) -> None:
    """The number only matters where one face is asked for by its number."""
    number = dialog.get_widget(FACE_NUMBER.name, GObject.TYPE_NONE)

    def follow(*_: object) -> None:
        number.set_sensitive(config.get_property(FACES.name) == 'number')

    config.connect(f'notify::{FACES.name}', follow)
    follow()


def _seed_row(config: Gimp.ProcedureConfig, seed: Seed, labels: Gtk.SizeGroup) -> Gtk.Box:
    """GIMP's dialogs have no widget of their own for 32 bits without a sign."""
    entry = GimpUi.prop_spin_button_new(config, seed.name, 1, 100, 0)
    fresh = Gtk.Button.new_with_label('New seed')
    fresh.connect('clicked', lambda *_: config.set_property(seed.name, random.getrandbits(32)))
    return _row(seed.label, seed.hint, labels, entry, fresh)


def _model_row(config: Gimp.ProcedureConfig, models: list[Json], labels: Gtk.SizeGroup) -> Gtk.Box:
    """A list of what is installed now, which the procedure's arguments cannot know in advance."""
    names = [model['name'] for model in models]
    combo = Gtk.ComboBoxText.new()
    combo.append('', f'{_AUTOMATIC} ({names[0]})')
    for model in models:
        combo.append(model['name'], f'{model["name"]}, {model["resolution"]} px')
    if config.get_property(MODEL.name) not in names:
        config.set_property(MODEL.name, '')
    config.bind_property(
        MODEL.name, combo, 'active-id',
        GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE,
    )
    return _row(MODEL.label, MODEL.hint, labels, combo)


def _row(label: str, hint: str, labels: Gtk.SizeGroup, first: Gtk.Widget, *rest: Gtk.Widget) -> Gtk.Box:
    row = Gtk.Box.new(Gtk.Orientation.HORIZONTAL, 6)
    name = Gtk.Label.new(label)
    name.set_xalign(0.0)
    labels.add_widget(name)
    row.pack_start(name, False, False, 0)
    row.pack_start(first, True, True, 0)
    for widget in rest:
        row.pack_start(widget, False, False, 0)
    row.set_tooltip_text(hint)
    row.show_all()
    return row


def _wrapped(text: str) -> Gtk.Label:
    label = Gtk.Label.new(text)
    label.set_line_wrap(True)
    label.set_max_width_chars(48)
    label.set_xalign(0.0)
    label.show()
    return label
