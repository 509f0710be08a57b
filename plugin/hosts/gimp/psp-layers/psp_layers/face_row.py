"""The faces that were found, as buttons with their pictures. Needs a screen."""

from __future__ import annotations

import math
from typing import Callable, NamedTuple, Optional

import gi

gi.require_version('Gimp', '3.0')
gi.require_version('Gtk', '3.0')
from gi.repository import GdkPixbuf, Gimp, GLib, Gtk  # noqa: E402

from psp_client.messages import Pixels  # noqa: E402
from psp_client.geometry import Json  # noqa: E402

from .arguments import FACE_NUMBER, FACES, Choice  # noqa: E402

_SIDE = 64
_IN_A_LINE = 5
# Of more the rest is scrolled to: settings and buttons below stay in sight.
_LINES = 2
_LINE_HEIGHT = 90


class FoundFaces(NamedTuple):
    """`faces` are in the preview's pixels, largest first."""

    preview: Pixels
    faces: list[Json]


def face_row(
    config: Gimp.ProcedureConfig, choices: Choice, found: FoundFaces, say: Callable[[str], str]
) -> Gtk.Widget:
    """All, each face, and whatever else may be chosen; the arguments follow what is pressed."""
    _forget_missing(config, found)
    row = Gtk.Grid.new()
    row.set_row_spacing(6)
    row.set_column_spacing(6)
    first: Optional[Gtk.RadioButton] = None
    count = 0

    def add(value: str, number: int, child: Gtk.Widget, usable: bool) -> None:
        nonlocal first, count
        button = Gtk.RadioButton.new_from_widget(first)
        first = first or button
        button.set_mode(False)
        button.add(child)
        button.set_sensitive(usable)
        chosen = config.get_property(FACES.name)
        if chosen == value and (value != 'number' or config.get_property(FACE_NUMBER.name) == number):
            button.set_active(True)

        def press(*_: object) -> None:
            if button.get_active():
                config.set_property(FACE_NUMBER.name, number)
                config.set_property(FACES.name, value)

        button.connect('toggled', press)
        line, place = divmod(count, _IN_A_LINE)
        row.attach(button, place, line, 1, 1)
        count += 1

    for value, label in choices.choices:
        if value == 'number':
            for number, face in enumerate(found.faces, 1):
                picture = Gtk.Image.new_from_pixbuf(_picture(found.preview, face))
                picture.set_tooltip_text(f'{say("Face")} {number}')
                add('number', number, picture, face['refusal'] is None)
        # With the faces in sight the largest needs no button, but where scripts or older choices ask for it.
        elif value != 'largest' or config.get_property(FACES.name) == value:
            label_widget = Gtk.Label.new(label)
            label_widget.set_line_wrap(True)
            label_widget.set_max_width_chars(9)
            add(value, 1, label_widget, True)
    row.set_tooltip_text(choices.hint)
    row.show_all()
    return row if count <= _LINES * _IN_A_LINE else _scrolled(row)


def _scrolled(row: Gtk.Widget) -> Gtk.ScrolledWindow:
    scroller = Gtk.ScrolledWindow.new(None, None)
    scroller.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
    scroller.set_overlay_scrolling(False)
    # Half a line shows that there are more.
    scroller.set_min_content_height(round((_LINES + 0.5) * _LINE_HEIGHT))
    scroller.set_can_focus(False)
    scroller.add(row)
    scroller.show_all()
    return scroller


def pixbuf_of(pixels: Pixels) -> GdkPixbuf.Pixbuf:
    return GdkPixbuf.Pixbuf.new_from_bytes(
        GLib.Bytes.new(pixels.data), GdkPixbuf.Colorspace.RGB, True, 8, pixels.width, pixels.height,
        pixels.width * 4,
    )


def _forget_missing(config: Gimp.ProcedureConfig, found: FoundFaces) -> None:
    """A face by its number, remembered from another picture, is none of these."""
    if config.get_property(FACES.name) != 'number':
        return
    number = config.get_property(FACE_NUMBER.name)
    if number > len(found.faces) or found.faces[number - 1]['refusal'] is not None:
        config.set_property(FACES.name, FACES.default)


def _picture(preview: Pixels, face: Json) -> GdkPixbuf.Pixbuf:
    """The upright square around the crop, as far as it lies in the picture."""
    xs, ys = [p['x'] for p in face['quad']], [p['y'] for p in face['quad']]
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    width = max(1, min(preview.width, math.ceil(max(xs))) - left)
    height = max(1, min(preview.height, math.ceil(max(ys))) - top)
    whole = pixbuf_of(preview)
    cut = whole.new_subpixbuf(min(left, preview.width - 1), min(top, preview.height - 1), width, height)
    scale = _SIDE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cut.scale_simple(*size, GdkPixbuf.InterpType.BILINEAR)
