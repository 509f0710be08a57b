"""Reads layers and the selection, in the wire's formats. On Krita's main thread only."""

from __future__ import annotations

from krita import Document, Node
from PyQt5.QtCore import QByteArray, Qt
from PyQt5.QtGui import QImage

from psp_client.messages import Pixels
from psp_client.geometry import Bounds

from .template import SRGB, Template

# Names under which sRGB's own curve and primaries come: their pixels are the wire's already.
_SRGB_NAMES = (SRGB, 'sRGB built-in', 'sRGB IEC61966-2.1')
# Rows of the preview that are made at once: a large layer is never held whole.
_BAND_ROWS = 64


def layer_bounds(node: Node) -> Bounds:
    """What is painted, in the document's pixels; layers may reach outside of it."""
    rect = node.bounds()
    return Bounds(rect.x(), rect.y(), rect.x() + rect.width(), rect.y() + rect.height())


def read_region(template: Template, node: Node, bounds: Bounds) -> Pixels:
    """Without the layer's masks and opacity; 16 bit where 8 would lose something."""
    raw = _raw(node, bounds)
    plain = _is_srgb(node)
    if plain and node.colorDepth() == 'U8':
        return Pixels(bounds.width, bounds.height, 8, _swapped(raw, 1))
    if not (plain and node.colorDepth() == 'U16'):
        raw = _converted(template, node, raw, bounds, 'U16')
    return Pixels(bounds.width, bounds.height, 16, _swapped(raw, 2))


def read_preview(template: Template, node: Node, max_side: int) -> tuple[Pixels, float]:
    """The whole layer in 8 bit, shrunk to `max_side`, never enlarged; and layer pixels per preview pixel."""
    at = layer_bounds(node)
    scale = max(1.0, max(at.width, at.height) / max_side)
    width, height = max(1, round(at.width / scale)), max(1, round(at.height / scale))
    rows = bytearray()
    for first in range(0, height, _BAND_ROWS):
        last = min(height, first + _BAND_ROWS)
        band = Bounds(
            at.left, at.top + first * at.height // height, at.right, at.top + last * at.height // height
        )
        rows += _shrunk(template, node, band, width, last - first)
    return Pixels(width, height, 8, bytes(rows)), scale


def read_selection(document: Document, bounds: Bounds) -> bytes | None:
    """One byte a pixel, 255 where selected; None when nothing is selected at all."""
    selection = document.selection()
    if selection is None:
        return None
    return bytes(selection.pixelData(bounds.left, bounds.top, bounds.width, bounds.height))


def write_pixels(document: Document, node: Node, pixels: Pixels, left: int, top: int) -> None:
    """Into an empty layer of the template, which becomes one of the document's colours."""
    # Under the document's own name for sRGB nothing has to be converted.
    srgb = document.colorProfile() if _is_srgb(document) else SRGB
    node.setColorSpace('RGBA', 'U8' if pixels.depth == 8 else 'U16', srgb)
    data = _swapped(pixels.data, pixels.depth // 8)
    node.setPixelData(QByteArray(data), left, top, pixels.width, pixels.height)
    colours = (document.colorModel(), document.colorDepth(), document.colorProfile())
    if colours != (node.colorModel(), node.colorDepth(), node.colorProfile()):
        node.setColorSpace(*colours)


def _shrunk(template: Template, node: Node, band: Bounds, width: int, height: int) -> bytes:
    raw = _raw(node, band)
    if not (_is_srgb(node) and node.colorDepth() == 'U8'):
        raw = _converted(template, node, raw, band, 'U8')
    # Krita's 8 bits lie in memory as this format's on a little-endian machine, the only ones it runs on.
    image = QImage(raw, band.width, band.height, band.width * 4, QImage.Format_ARGB32)
    if (width, height) != (band.width, band.height):
        image = image.scaled(width, height, Qt.IgnoreAspectRatio, Qt.SmoothTransformation)
    image = image.convertToFormat(QImage.Format_RGBA8888)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return bytes(bits)


def _raw(node: Node, bounds: Bounds) -> bytes:
    """In the layer's own colours. What is no paint layer is read as it looks."""
    read = node.pixelData if node.type() == 'paintlayer' else node.projectionPixelData
    return bytes(read(bounds.left, bounds.top, bounds.width, bounds.height))


def _is_srgb(coloured: Node | Document) -> bool:
    return coloured.colorModel() == 'RGBA' and coloured.colorProfile() in _SRGB_NAMES


def _converted(template: Template, node: Node, raw: bytes, bounds: Bounds, depth: str) -> bytes:
    """Krita itself goes from the layer's colours to sRGB."""
    layer = template.layer()
    layer.setColorSpace(node.colorModel(), node.colorDepth(), node.colorProfile())
    layer.setPixelData(QByteArray(raw), 0, 0, bounds.width, bounds.height)
    layer.setColorSpace('RGBA', depth, SRGB)
    return bytes(layer.pixelData(0, 0, bounds.width, bounds.height))


def _swapped(data: bytes, sample_bytes: int) -> bytes:
    """Between the wire's red, green, blue and Krita's blue, green, red."""
    swapped = bytearray(data)
    view = memoryview(data).cast('B' if sample_bytes == 1 else 'H')
    out = memoryview(swapped).cast('B' if sample_bytes == 1 else 'H')
    out[0::4] = view[2::4]
    out[2::4] = view[0::4]
    return bytes(swapped)
