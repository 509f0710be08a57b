"""Where a part of the chosen faces is, as plugin/core/findPart.ts has it."""

from __future__ import annotations

from typing import Callable, NamedTuple

from .bridge import Bridge
from .faces import FaceChoice, choose_faces
from .geometry import Bounds, Json, face_region, transform_face
from .messages import Pixels


class Area(NamedTuple):
    """`mask` is one byte a pixel of the bounds, 255 where it is."""

    bounds: Bounds
    mask: bytes


class Piece(NamedTuple):
    """What the bridge is shown of one face; `quad` is its crop in these pixels."""

    bounds: Bounds
    pixels: Pixels
    quad: list[Json]


def pieces_of(
    faces: list[Json], choice: FaceChoice, layer: Bounds, layer_name: str, read: Callable[[Bounds], Pixels]
) -> list[Piece]:
    """`faces` in the document's pixels, largest first. Raises PspError."""
    pieces: list[Piece] = []
    for _, face in choose_faces(faces, choice, layer_name):
        bounds = face_region(face, layer)
        quad = transform_face(face, 1, -bounds.left, -bounds.top)['quad']
        pieces.append(Piece(bounds, read(bounds), quad))
    return pieces


def find_part(bridge: Bridge, pieces: list[Piece], part: str) -> list[Area]:
    """Faces that do not show it are left out: less than half selected everywhere nobody would see."""
    areas = [Area(piece.bounds, bridge.select_part(piece.pixels, piece.quad, part)) for piece in pieces]
    return [area for area in areas if max(area.mask, default=0) > 127]


def join_areas(areas: list[Area], canvas: Bounds) -> bytes:
    """One byte a pixel of the canvas; the more selected where areas overlap."""
    joined = bytearray(canvas.width * canvas.height)
    for bounds, mask in areas:
        common = bounds.intersected(canvas)
        for y in range(common.top, common.bottom):
            source = (y - bounds.top) * bounds.width + common.left - bounds.left
            target = (y - canvas.top) * canvas.width + common.left - canvas.left
            row = mask[source : source + common.width]
            before = joined[target : target + common.width]
            joined[target : target + common.width] = bytes(map(max, row, before))
    return bytes(joined)
