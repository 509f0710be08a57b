"""The faces labelled by hand: numbers, pictures, labels and the generator's features."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..directions.face_mesh import FaceMesh
from ..networks.mobile_stylegan import Generator
from .augment_pairs import UNKNOWN
from .classes import NAMES
from .faces import draw_with_features, faces_by_number
from .hand_labels import SIZE, painted, read_outlines, snapped, widened
from .mesh_parts import paint

FOLDER = Path(__file__).resolve().parents[2] / "labels"
# Made-up eyes of other faces, outlined as the labels' eyes are: where a lid's painted line ends.
EYES = FOLDER.with_name("eyes")
# As far from an eye, in pixels, all is skin.
LID = 4
# Never trained on.
HELD = (39, 58, 61, 131, 183, 184)


@dataclass(frozen=True)
class Labelled:
    number: int
    # RGB uint8 [256, 256, 3] and labels uint8 [256, 256].
    picture: np.ndarray
    labels: np.ndarray
    # One of each level, float32 [1, C, S, S].
    maps: list[Tensor]


def labelled_numbers(folder: Path = FOLDER) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob("*.txt"))


@torch.no_grad()
def labelled_faces(
    generator: Generator, human_models: Path, numbers: Sequence[int]
) -> Iterator[Labelled]:
    """`human_models`: the folder `models` of @vladmandic/human, for the inner parts."""
    mesh_network = FaceMesh(human_models).eval()
    torch.manual_seed(0)
    for number, w in zip(numbers, faces_by_number(generator, numbers), strict=True):
        pictures, maps = draw_with_features(generator, w[None])
        mesh, _ = mesh_network(pictures.permute(0, 3, 1, 2).float() / 255)
        points = mesh[0, :, :2].numpy() * SIZE
        drawn = painted(read_outlines(FOLDER / f"{number:03}.txt", points))
        labels = snapped(drawn, [x[0] for x in maps[1:]])
        yield Labelled(number, pictures[0].numpy(), labels, maps)


@torch.no_grad()
def faces_with_eyes(generator: Generator) -> Iterator[Labelled]:
    """Faces of which eyes and lids are labelled; the rest is UNKNOWN."""
    numbers = labelled_numbers(EYES)
    for number, w in zip(numbers, faces_by_number(generator, numbers), strict=True):
        pictures, maps = draw_with_features(generator, w[None])
        yield Labelled(number, pictures[0].numpy(), eyes_and_lids(number), maps)


def eyes_and_lids(number: int) -> np.ndarray:
    labels = paint(SIZE, read_outlines(EYES / f"{number:03}.txt", np.empty((0, 2))))
    labels[widened(labels != UNKNOWN, LID) & (labels == UNKNOWN)] = NAMES.index("skin")
    return labels
