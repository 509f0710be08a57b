"""The native dialog of an operation, built from its arguments. Needs a screen."""

from __future__ import annotations

import random
from typing import Optional

import gi

gi.require_version('Gimp', '3.0')
gi.require_version('GimpUi', '3.0')
gi.require_version('Gdk', '3.0')
gi.require_version('Gtk', '3.0')
from gi.repository import Gdk, Gimp, GimpUi, GObject, Gtk  # noqa: E402

from psp_client.declarations import Json, Operation, is_share  # noqa: E402
from psp_client.faces import turned_far  # noqa: E402
from psp_client.words import TURNED_FAR, Words  # noqa: E402

from .arguments import (  # noqa: E402
    FACE_NUMBER,
    FACES,
    MODEL,
    Argument,
    Choice,
    Double,
    Seed,
    Switches,
    Whole,
    argument_name,
    arguments_of,
)
from .face_row import FoundFaces, face_row  # noqa: E402

# Pixels of a window's title and edges.
_FRAME = 60


class Dialog:
    """`found` are the faces of the only layer; None where there are several layers, or no faces to choose."""

    def __init__(
        self, procedure: Gimp.Procedure, config: Gimp.ProcedureConfig, operation: Operation,
        models: list[Json], found: Optional[FoundFaces], words: Words,
    ):
        GimpUi.init('psp-layers')
        self._config = config
        self._words = words
        self._shares = {argument_name(p['name']) for p in operation.parameters if p['kind'] == 'number' and is_share(p)}
        self._dialog = GimpUi.ProcedureDialog.new(procedure, config, operation.label)
        self._labels = Gtk.SizeGroup.new(Gtk.SizeGroupMode.HORIZONTAL)
        content = self._dialog.get_content_area()
        # The words and the faces, and beside them what is to be seen of the edit.
        self._header = Gtk.Box.new(Gtk.Orientation.HORIZONTAL, 12)
        about = Gtk.Box.new(Gtk.Orientation.VERTICAL, 6)
        about.pack_start(_wrapped(operation.summary), False, False, 6)
        self._header.pack_start(about, True, True, 0)
        content.pack_start(self._header, False, False, 0)
        # Only these scroll where the screen is lower than the dialog: faces, preview and buttons stay in sight.
        self._rows = Gtk.Box.new(Gtk.Orientation.VERTICAL, content.get_spacing())
        self._scroller = _scroller(self._rows)
        content.pack_start(self._scroller, True, True, 0)
        for argument in arguments_of(operation, words):
            if argument.name == MODEL.name:
                self._add(self._model_row(argument, models))
            elif isinstance(argument, Seed):
                self._add(self._seed_row(argument))
            elif found is not None and argument.name == FACES.name and isinstance(argument, Choice):
                about.pack_start(face_row(config, argument, found, words.say), False, False, 0)
                about.pack_start(self._turned_hint(operation, found), False, False, 0)
            elif found is None or argument.name != FACE_NUMBER.name:
                self._add(self._widget(argument))
        if operation.finds_faces and found is None:
            self._follow()
        self._header.show_all()

    def show_beside(self, widget: Gtk.Widget) -> None:
        self._header.pack_end(widget, False, False, 0)

    def ask(self) -> bool:
        """Lets the user set the arguments; False when they cancel. The values are remembered by GIMP."""
        try:
            self._fit()
            return self._dialog.run()
        finally:
            self._dialog.destroy()

    def _fit(self) -> None:
        """No higher than the screen."""
        display = Gdk.Display.get_default()
        monitor = display.get_primary_monitor() or display.get_monitor(0)
        rows = self._rows.get_preferred_height()[1]
        self._scroller.set_max_content_height(rows)
        around = self._dialog.get_preferred_height()[1] - rows
        self._scroller.set_max_content_height(min(rows, monitor.get_workarea().height - around - _FRAME))

    def _add(self, widget: Gtk.Widget) -> None:
        widget.show()
        self._rows.pack_start(widget, False, False, 0)

    def _widget(self, argument: Argument) -> Gtk.Widget:
        dialog = self._dialog
        if isinstance(argument, Switches):
            members = [member.name for member in argument.members]
            row = dialog.fill_box(f'{argument.name}-box', members)
            row.set_orientation(Gtk.Orientation.HORIZONTAL)
            dialog.get_label(f'{argument.name}-title', argument.label, False, False)
            frame = dialog.fill_frame(f'{argument.name}-frame', f'{argument.name}-title', False, f'{argument.name}-box')
            for member in argument.members:
                dialog.get_widget(member.name, GObject.TYPE_NONE).set_label(member.label)
            return frame
        slides = isinstance(argument, Double) or (isinstance(argument, Whole) and argument.name != FACE_NUMBER.name)
        is_in_per_cent = argument.name in self._shares
        widget = (
            dialog.get_scale_entry(argument.name, 100.0 if is_in_per_cent else 1.0)
            if slides
            else dialog.get_widget(argument.name, GObject.TYPE_NONE)
        )
        if is_in_per_cent:
            widget.set_digits(0)
            widget.get_label().set_text(f'{argument.label} (%)')
        if isinstance(widget, GimpUi.Labeled):
            self._labels.add_widget(widget.get_label())
        return widget

    def _follow(self) -> None:
        """The number only matters where one face is asked for by its number."""
        number = self._dialog.get_widget(FACE_NUMBER.name, GObject.TYPE_NONE)

        def follow(*_: object) -> None:
            number.set_sensitive(self._config.get_property(FACES.name) == 'number')

        self._config.connect(f'notify::{FACES.name}', follow)
        follow()

    def _turned_hint(self, operation: Operation, found: FoundFaces) -> Gtk.Label:
        """Shows where a chosen head is turned far."""
        hint = _wrapped(self._words.say(TURNED_FAR))
        hint.set_no_show_all(True)

        def follow(*_: object) -> None:
            choice = self._config.get_property(FACES.name)
            number = self._config.get_property(FACE_NUMBER.name)
            hint.set_visible(turned_far(operation, found.faces, number if choice == 'number' else choice))

        for argument in (FACES, FACE_NUMBER):
            self._config.connect(f'notify::{argument.name}', follow)
        follow()
        return hint

    def _seed_row(self, seed: Seed) -> Gtk.Box:
        """GIMP's dialogs have no widget of their own for 32 bits without a sign."""
        entry = GimpUi.prop_spin_button_new(self._config, seed.name, 1, 100, 0)
        fresh = Gtk.Button.new_with_label(self._words.say('New seed'))
        fresh.connect('clicked', lambda *_: self._config.set_property(seed.name, random.getrandbits(32)))
        return _row(seed.label, seed.hint, self._labels, entry, fresh)

    def _model_row(self, model: Argument, models: list[Json]) -> Gtk.Box:
        """A list of what is installed now, which the procedure's arguments cannot know in advance."""
        names = [each['name'] for each in models]
        combo = Gtk.ComboBoxText.new()
        combo.append('', f'{self._words.say("Automatic")} ({names[0]})')
        for each in models:
            combo.append(each['name'], f'{each["name"]}, {each["resolution"]} px')
        if self._config.get_property(MODEL.name) not in names:
            self._config.set_property(MODEL.name, '')
        self._config.bind_property(
            MODEL.name, combo, 'active-id',
            GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE,
        )
        return _row(model.label, MODEL.hint, self._labels, combo)


def _scroller(rows: Gtk.Widget) -> Gtk.ScrolledWindow:
    scroller = Gtk.ScrolledWindow.new(None, None)
    scroller.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
    scroller.set_overlay_scrolling(False)
    scroller.set_propagate_natural_height(True)
    scroller.set_can_focus(False)
    scroller.add(rows)
    scroller.show_all()
    return scroller


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
