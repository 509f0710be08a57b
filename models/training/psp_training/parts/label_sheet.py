"""The hand labels laid over their faces, to be looked at; and as label maps.

    python -m psp_training.parts.label_sheet WHEEL HUMAN OUT

Writes OUT/labels.webp and, for every face, OUT/NNN.png in the palette's colours.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from ..networks.mobile_stylegan import read_wheel
from .classes import PARTS
from .labelled import labelled_faces, labelled_numbers

COLUMNS = 7
SHARE = 0.45
PALETTE = np.array(list(PARTS.values()), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "human", "out"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    tiles: list[np.ndarray] = []
    for face in labelled_faces(read_wheel(given.wheel), given.human, labelled_numbers()):
        tiles.append(overlaid(face.picture, face.labels))
        label_map(face.labels).save(given.out / f"{face.number:03}.png")
    sheet_of(tiles).save(given.out / "labels.webp", quality=85)


def label_map(labels: np.ndarray) -> Image.Image:
    picture = Image.fromarray(labels, "P")
    picture.putpalette(PALETTE.flatten().tolist())
    return picture


def overlaid(picture: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The picture [S, S, 3] tinted by its parts, with white lines between them."""
    tinted = picture * (1 - SHARE) + PALETTE[labels] * SHARE
    edge = (np.roll(labels, 1, 0) != labels) | (np.roll(labels, 1, 1) != labels)
    tinted[edge] = 255
    return tinted.astype(np.uint8)


def sheet_of(tiles: list[np.ndarray]) -> Image.Image:
    missing = -len(tiles) % COLUMNS
    tiles = [*tiles, *[np.zeros_like(tiles[0])] * missing]
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    return Image.fromarray(np.vstack(rows))


if __name__ == "__main__":
    main()
