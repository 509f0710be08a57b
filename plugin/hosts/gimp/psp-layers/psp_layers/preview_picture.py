"""How the edit will look, beside its sliders. Needs a screen."""

from __future__ import annotations

from typing import Callable, Optional

import gi

gi.require_version('Gimp', '3.0')
gi.require_version('Gtk', '3.0')
from gi.repository import GdkPixbuf, Gimp, GLib, Gtk  # noqa: E402

from psp_client.messages import Pixels  # noqa: E402
from psp_client.host import Host  # noqa: E402
from psp_client.live_preview import LivePreview, Wish  # noqa: E402

from .editor import WORDS  # noqa: E402
from .face_row import pixbuf_of  # noqa: E402

_SIDE = 128


class PreviewPicture:
    """Follows the arguments: `wish` is asked anew, on GIMP's thread, whenever one of them changes."""

    def __init__(self, host: Host, config: Gimp.ProcedureConfig, wish: Callable[[], Optional[Wish]]):
        self.widget = Gtk.Box.new(Gtk.Orientation.VERTICAL, 6)
        self._picture = Gtk.Image.new()
        self._picture.set_size_request(_SIDE, _SIDE)
        self._warning = Gtk.Label.new('')
        self._warning.set_line_wrap(True)
        self._warning.set_max_width_chars(1)
        for part in (self._picture, self._warning):
            self.widget.pack_start(part, False, False, 0)
        self.widget.show_all()
        self._live = LivePreview(host, lambda pixels, likeness: GLib.idle_add(self._show, pixels, likeness))
        self._wish = wish
        self._handler = config.connect('notify', lambda *_: self._ask())
        self._config = config
        self._ask()

    def close(self) -> None:
        self._config.disconnect(self._handler)
        self._live.close()

    def _ask(self) -> None:
        wish = self._wish()
        if wish is not None:
            self._live.show(wish)

    def _show(self, pixels: Pixels, likeness: float) -> bool:
        picture = pixbuf_of(pixels).scale_simple(_SIDE, _SIDE, GdkPixbuf.InterpType.BILINEAR)
        self._picture.set_from_pixbuf(picture)
        self._warning.set_text(WORDS.of_another_person(likeness) or '')
        return GLib.SOURCE_REMOVE
