"""Reads layers and the selection, and writes, in the wire's formats.

GIMP's named pixel formats mean sRGB: babl converts from whatever profile and precision the image has.
"""

from __future__ import annotations

import gi

gi.require_version('Gegl', '0.4')
gi.require_version('Gimp', '3.0')
from gi.repository import Gegl, Gimp  # noqa: E402

from psp_client.messages import Pixels  # noqa: E402
from psp_client.errors import PspError  # noqa: E402
from psp_client.geometry import Bounds  # noqa: E402

RGBA_FORMATS = {8: "R'G'B'A u8", 16: "R'G'B'A u16"}
_NATIVE_FORMATS = {
    Gimp.ImageType.RGB_IMAGE: "R'G'B' u8",
    Gimp.ImageType.RGBA_IMAGE: "R'G'B'A u8",
    Gimp.ImageType.GRAY_IMAGE: "Y' u8",
    Gimp.ImageType.GRAYA_IMAGE: "Y'A u8",
}
# Masks and selections hold coverage, which GIMP keeps in linear formats: "Y' u8" would bend it.
COVERAGE_FORMAT = 'Y u8'


def layer_bounds(layer: Gimp.Layer) -> Bounds:
    """In the image's pixels; layers may reach outside of it."""
    _, left, top = layer.get_offsets()
    return Bounds(left, top, left + layer.get_width(), top + layer.get_height())


def read_region(layer: Gimp.Layer, bounds: Bounds) -> Pixels:
    """Without the layer's mask, opacity and effects; transparent black where the layer is not."""
    at = layer_bounds(layer)
    local = bounds.moved(-at.left, -at.top)
    depth = 8 if _is_plain(layer, local) else 16
    return Pixels(bounds.width, bounds.height, depth, _read(layer, local, 1.0, RGBA_FORMATS[depth]))


def _is_plain(layer: Gimp.Layer, local: Bounds) -> bool:
    """Whether 8-bit sRGB loses nothing: the image has 8 bits, and its profile leaves them as they are."""
    if layer.get_image().get_precision() != Gimp.Precision.U8_NON_LINEAR:
        return False
    same_channels = _NATIVE_FORMATS[layer.type()]
    return _read(layer, local, 1.0, None) == _read(layer, local, 1.0, same_channels)


def read_preview(layer: Gimp.Layer, max_side: int) -> tuple[Pixels, float]:
    """The whole layer in 8 bit, shrunk to `max_side`, never enlarged; and layer pixels per preview pixel."""
    at = layer_bounds(layer)
    scale = min(1.0, max_side / max(at.width, at.height))
    width, height = max(1, round(at.width * scale)), max(1, round(at.height * scale))
    if scale < 1:
        # GIMP leaves it to plug-ins. Without it GEGL shrinks 8 bit by tables that are all zero: nothing would be seen.
        Gegl.init(None)
    data = _read(layer, Bounds(0, 0, width, height), scale, RGBA_FORMATS[8])
    return Pixels(width, height, 8, data), 1 / scale


def read_selection(image: Gimp.Image, bounds: Bounds) -> bytes | None:
    """One byte a pixel, 255 where selected; None when nothing is selected at all."""
    if Gimp.Selection.is_empty(image):
        return None
    return _read(image.get_selection(), bounds, 1.0, COVERAGE_FORMAT)


def write(drawable: Gimp.Drawable, pixel_format: str, data: bytes) -> None:
    """All of it."""
    width, height = drawable.get_width(), drawable.get_height()
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), pixel_format, data)
    buffer.flush()
    drawable.update(0, 0, width, height)


def _read(drawable: Gimp.Drawable, local: Bounds, scale: float, pixel_format: str | None) -> bytes:
    """None: as GIMP stores it."""
    rect = Gegl.Rectangle.new(local.left, local.top, local.width, local.height)
    data = drawable.get_buffer().get(rect, scale, pixel_format, Gegl.AbyssPolicy.NONE)
    if not data:
        raise PspError(
            'OUT_OF_MEMORY',
            f'{local.width} x {local.height} pixels could not be read from GIMP. '
            'Close other images or scale the layer down.',
        )
    return data
