"""Outlines through FaceMesh's points, and outlines as painted."""

import numpy as np
from PIL import Image, ImageDraw

from .classes import NAMES

OUTLINES = {
    "nose": [168, 193, 245, 188, 174, 198, 209, 49, 64, 98, 97, 2, 326, 327, 294, 279, 429, 420]
    + [399, 412, 465, 417],
}


def outline_of(name: str, mesh: np.ndarray) -> list[tuple[float, float]]:
    """The part's outline in the units of the points [468, 2]."""
    return [(float(x), float(y)) for x, y in mesh[OUTLINES[name]]]


def paint(size: int, outlines: list[tuple[str, list[tuple[float, float]]]]) -> np.ndarray:
    """Polygons in units of a 256² picture, later ones over earlier → labels [size, size], 255 where
    nothing is painted."""
    picture = Image.new("L", (size * 4, size * 4), 255)
    draw = ImageDraw.Draw(picture)
    for name, points in outlines:
        scaled = [(x * size * 4 / 256, y * size * 4 / 256) for x, y in points]
        draw.polygon(scaled, fill=NAMES.index(name))
    return np.asarray(picture)[2::4, 2::4].copy()
