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

from .face_row import pixbuf_of  # noqa: E402

_SIDE = 128


class PreviewPicture:
    """Follows the arguments: `wish` is asked anew, on GIMP's thread, whenever one of them changes."""

    def __init__(self, host: Host, config: Gimp.ProcedureConfig, wish: Callable[[], Optional[Wish]]):
        self.widget = Gtk.Image.new()
        self.widget.set_size_request(_SIDE, _SIDE)
        self.widget.show()
        self._live = LivePreview(host, lambda pixels: GLib.idle_add(self._show, pixels))
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

    def _show(self, pixels: Pixels) -> bool:
        picture = pixbuf_of(pixels).scale_simple(_SIDE, _SIDE, GdkPixbuf.InterpType.BILINEAR)
        self.widget.set_from_pixbuf(picture)
        return GLib.SOURCE_REMOVE
