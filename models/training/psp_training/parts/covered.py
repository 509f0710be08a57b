"""Covered heads of photographs, outlined by hand: drawn faces wear few hats and hardly a headscarf.

A file covered/NAME.txt says, later lines over earlier ones, what a photograph of this name shows, in
the format of labels/ with two words more:

    face 68,103 96,91 …     within this outline the network is believed
    unknown 0,215 35,215 …  nobody knows

What nothing covers is as the network finds it; hair and hats that it finds are not believed.
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from .augment_pairs import UNKNOWN, numbers_of
from .classes import NAMES
from .hand_labels import SIZE, point_of
from .mesh_parts import paint

FOLDER = Path(__file__).resolve().parents[2] / "covered"
# Never trained on.
HELD = ("female-21", "female-39", "female-46", "female-82", "male-11", "male-15")
# Wear hoops, which the first networks missed: as seen by them they would teach that a hoop is nothing.
HOOPED = ("female-10", "female-44", "female-65", "female-67", "female-75")
# Below this share the network's best guess is none.
SURE = 0.6


def covered_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


@torch.no_grad()
def covered_pairs(photographs: Path, names: list[str], teacher: nn.Module) -> tuple[Tensor, Tensor]:
    """`photographs` holds NAME.webp, aligned at 256²; `teacher` is a PartsNet that has learned.
    Pictures uint8 [N, 3, 256, 256] and labels uint8 [N, 256, 256]."""
    x = read_photographs(photographs, names)
    found = believed(teacher(x.float() / 255), doubted=("hair", "hat"))
    paths = [FOLDER / f"{name}.txt" for name in names]
    labels = [outlined(path, y) for path, y in zip(paths, found, strict=True)]
    return x, torch.from_numpy(np.stack(labels))


@torch.no_grad()
def bare_pairs(photographs: Path, teacher: nn.Module) -> tuple[Tensor, Tensor]:
    """The like of the other photographs, whose hair is believed: seeing real cloth alone the network
    would take real hair for it too."""
    left_out = {*covered_names(), *HOOPED}
    names = sorted({path.stem for path in photographs.glob("*.webp")} - left_out)
    x = read_photographs(photographs, names)
    found = [believed(teacher(one[None].float() / 255), doubted=("hat",)) for one in x]
    return x, torch.from_numpy(np.concatenate(found))


def read_photographs(folder: Path, names: list[str]) -> Tensor:
    pictures = [Image.open(folder / f"{name}.webp").convert("RGB") for name in names]
    return torch.from_numpy(np.stack([np.asarray(picture) for picture in pictures])).permute(
        0, 3, 1, 2
    )


def believed(logits: Tensor, doubted: tuple[str, ...]) -> np.ndarray:
    """[N, 19, 128, 128] → uint8 [N, 256, 256], UNKNOWN where the network is unsure or not believed."""
    wide = F.interpolate(logits.softmax(dim=1), (SIZE, SIZE), mode="bilinear")
    share, part = wide.max(dim=1)
    doubtful = (share < SURE) | torch.isin(part, numbers_of(*doubted))
    return torch.where(doubtful, UNKNOWN, part).to(torch.uint8).numpy()


def outlined(path: Path, found: np.ndarray) -> np.ndarray:
    """What the network found [256, 256] under what the file says."""
    labels = found.copy()
    for line in path.read_text().splitlines():
        kind, *points = line.split()
        within = paint(SIZE, [("skin", [point_of(text) for text in points])]) != UNKNOWN
        labels[within] = part_of(kind, found)[within]
    return labels


def part_of(kind: str, found: np.ndarray) -> np.ndarray:
    if kind == "face":
        return found
    return np.full_like(found, UNKNOWN if kind == "unknown" else NAMES.index(kind))
