"""Pairs of picture and labels without limit: drawn faces, labelled by their own features.

    python -m psp_training.parts.pairs WHEEL FEATURE_PARTS OUT --faces 2000 [--maps MAPS]

Writes OUT/pictures.npy uint8 [N, 256, 256, 3] and OUT/labels.npy uint8 [N, 256, 256], where 255 is
what the features do not tell surely. Faces that were labelled by hand are left out.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..networks.mobile_stylegan import N_STYLES, Generator, read_wheel
from .augment_pairs import UNKNOWN
from .faces import PICTURE, draw_with_features, faces_by_number, feature_maps
from .feature_parts import FeatureParts
from .label_sheet import label_map
from .labelled import labelled_numbers

# Below this share the best guess is none.
SURE = 0.5
MAPS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "feature_parts", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--faces", type=int, required=True)
    parser.add_argument("--maps", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    numbers = [n for n in range(given.faces) if n not in labelled_numbers()]
    generator, network = read_wheel(given.wheel), load_feature_parts(given.feature_parts)
    write_pairs(generator, network, numbers, given.out)
    if given.maps is not None:
        write_maps(generator, network, numbers[-MAPS:], given.maps)


def load_feature_parts(path: Path) -> FeatureParts:
    network = FeatureParts()
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


@torch.no_grad()
def write_pairs(generator: Generator, network: FeatureParts, numbers: list[int], out: Path) -> None:
    shape = (len(numbers), PICTURE, PICTURE)
    create = np.lib.format.open_memmap
    pictures = create(out / "pictures.npy", "w+", np.uint8, (*shape, 3))
    labels = create(out / "labels.npy", "w+", np.uint8, shape)
    for row, w in enumerate(faces_by_number(generator, numbers)):
        picture, maps = draw_with_features(generator, w[None])
        pictures[row], labels[row] = picture[0].numpy(), sure_labels(network(maps))[0].numpy()


@torch.no_grad()
def write_maps(generator: Generator, network: FeatureParts, numbers: list[int], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for number, w in zip(numbers, faces_by_number(generator, numbers), strict=True):
        maps = feature_maps(generator, w.expand(1, N_STYLES, -1))
        labels = network(maps).argmax(dim=1)[0].to(torch.uint8)
        label_map(labels.numpy()).save(out / f"{number:04}.png")


def sure_labels(logits: Tensor) -> Tensor:
    """[N, 19, S, S] → uint8 [N, S, S]."""
    share, part = logits.softmax(dim=1).max(dim=1)
    return torch.where(share < SURE, UNKNOWN, part).to(torch.uint8)


def read_pairs(folder: Path) -> tuple[Tensor, Tensor]:
    """Pictures uint8 [N, 3, 256, 256] and labels uint8 [N, 256, 256]."""
    pictures = torch.from_numpy(np.load(folder / "pictures.npy")).permute(0, 3, 1, 2)
    return pictures, torch.from_numpy(np.load(folder / "labels.npy"))
