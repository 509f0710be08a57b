"""The inner parts of a face from its mesh: outlines through FaceMesh's points, as painted."""

import numpy as np
from PIL import Image, ImageDraw

from .classes import NAMES

OUTLINES = {
    "skin": [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400]
    + [377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109],
    "nose": [168, 193, 245, 188, 174, 198, 209, 49, 64, 98, 97, 2, 326, 327, 294, 279, 429, 420]
    + [399, 412, 465, 417],
    "left brow": [70, 63, 105, 66, 107, 55, 65, 52, 53, 46],
    "right brow": [300, 293, 334, 296, 336, 285, 295, 282, 283, 276],
    "left eye": [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
    "right eye": [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
    "upper lip": [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 308, 415, 310, 311, 312, 13]
    + [82, 81, 80, 191, 78],
    "lower lip": [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 308, 324, 318, 402, 317, 14]
    + [87, 178, 88, 95, 78],
    "mouth": [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178]
    + [88, 95],
}
# The mesh's brows lie above what is seen: how far down they go, in distances between the eyes.
BROW_TOP, BROW_BOTTOM = 0.012, 0.04
INNER = tuple(name for name in OUTLINES if name != "skin")


def outlines_of(mesh: np.ndarray) -> dict[str, list[tuple[float, float]]]:
    """Points [468, 2] → the outline of every inner part in the same units, in painting order."""
    unit = np.linalg.norm(mesh[OUTLINES["left eye"]].mean(0) - mesh[OUTLINES["right eye"]].mean(0))
    outlines = {name: mesh[points].copy() for name, points in OUTLINES.items()}
    for name in ("left brow", "right brow"):
        outlines[name][:5, 1] += BROW_TOP * unit
        outlines[name][5:, 1] += BROW_BOTTOM * unit
    return {name: [tuple(point) for point in points] for name, points in outlines.items()}


def paint(size: int, outlines: list[tuple[str, list[tuple[float, float]]]]) -> np.ndarray:
    """Polygons in units of a 256² picture, later ones over earlier → labels [size, size], 255 where
    nothing is painted."""
    picture = Image.new("L", (size * 4, size * 4), 255)
    draw = ImageDraw.Draw(picture)
    for name, points in outlines:
        scaled = [(x * size * 4 / 256, y * size * 4 / 256) for x, y in points]
        draw.polygon(scaled, fill=NAMES.index(name))
    return np.asarray(picture)[2::4, 2::4].copy()
