"""What tells the operations apart in training: the encoder's input and the weights of the loss.

Input of every encoder: RGB [N, 3, 256, 256] in [−1, 1], the aligned face.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from .degrade import holes, photographed, shrunk_at_random, with_hole

# An input and where its pixels count extra ([N, 1, 256, 256], 1 = normal).
Prepared = tuple[Tensor, Tensor]
HOLE_EMPHASIS = 2.0


@dataclass(frozen=True)
class Operation:
    prepare: Callable[[Tensor, np.random.Generator], Prepared]
    weights: dict[str, float] = field(default_factory=dict)
    frontal: bool = False


def plain(images: Tensor, rng: np.random.Generator) -> Prepared:
    return photographed(images, rng), everywhere(images)


def low_resolution(images: Tensor, rng: np.random.Generator) -> Prepared:
    return shrunk_at_random(photographed(images, rng), rng), everywhere(images)


def holed(images: Tensor, rng: np.random.Generator) -> Prepared:
    masks = holes(len(images), images.shape[-1], rng)
    inputs = with_hole(photographed(images, rng), masks)
    return inputs, everywhere(images) + HOLE_EMPHASIS * masks


def everywhere(images: Tensor) -> Tensor:
    return torch.ones(len(images), 1, *images.shape[2:])


OPERATIONS = {
    "reconstruct": Operation(
        plain, {"latent": 0.0, "pixel": 1.0, "feature": 0.2, "identity": 0.5, "match": 0.3}
    ),
    "super-resolve": Operation(
        low_resolution, {"latent": 0.5, "pixel": 1.0, "feature": 0.2, "identity": 0.3, "match": 0.2}
    ),
    "inpaint": Operation(
        holed, {"latent": 0.5, "pixel": 1.0, "feature": 0.2, "identity": 0.3, "match": 0.2}
    ),
    # pSp, section 4.2: hardly any pixels, mostly identity; the pose comes from the latent target.
    "frontalize": Operation(
        plain, {"latent": 1.0, "pixel": 0.02, "feature": 0.04, "identity": 0.5}, frontal=True
    ),
}
