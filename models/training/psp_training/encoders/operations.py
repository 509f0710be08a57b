"""What tells the operations apart in training: the encoder's input and the weights of the loss."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..pictures.degrade import holes, photographed, shrunk_at_random, with_hole
from ..pictures.sketch import sketched

# An input and where its pixels count extra ([N, 1, 256, 256], 1 = normal).
Prepared = tuple[Tensor, Tensor]
HOLE_EMPHASIS = 2.0


@dataclass(frozen=True)
class Weights:
    """λ of pSp's equation 6, and of the latent target (which needs a start that can tell it).

    The terms are those of encoder_loss.py. Outside and inside say how much the background and the
    inner crop count in the first two.
    """

    pixel: float = 1.0
    perceptual: float = 0.8
    identity: float = 0.2
    w_norm: float = 0.005
    latent: float = 0.5
    outside: float = 0.6
    inside: float = 1.3


@dataclass(frozen=True)
class Operation:
    prepare: Callable[[Tensor, np.random.Generator], Prepared]
    weights: Weights
    # 3: RGB in [−1, 1]; 1: grey in 0..1.
    inputs: int = 3
    frontal: bool = False


def plain(images: Tensor, rng: np.random.Generator) -> Prepared:
    return photographed(images, rng), everywhere(images)


def low_resolution(images: Tensor, rng: np.random.Generator) -> Prepared:
    return shrunk_at_random(photographed(images, rng), rng), everywhere(images)


def holed(images: Tensor, rng: np.random.Generator) -> Prepared:
    masks = holes(len(images), images.shape[-1], rng).to(images.device)
    inputs = with_hole(photographed(images, rng), masks)
    return inputs, everywhere(images) + HOLE_EMPHASIS * masks


def drawn(images: Tensor, rng: np.random.Generator) -> Prepared:
    return sketched(images, rng), everywhere(images)


def everywhere(images: Tensor) -> Tensor:
    return torch.ones(len(images), 1, *images.shape[2:], device=images.device)


OPERATIONS = {
    "reconstruct": Operation(plain, Weights(w_norm=0.0, latent=0.0)),
    "super-resolve": Operation(low_resolution, Weights()),
    "inpaint": Operation(holed, Weights()),
    # Section 4.2: hardly any pixels, mostly identity, and that of the inner crop (0.001 everywhere
    # and 0.01 more inside). Where a latent target tells the pose, it leads.
    "frontalize": Operation(
        plain,
        Weights(pixel=0.011, perceptual=0.2, identity=0.5, latent=1.0, outside=0.001, inside=0.011),
        frontal=True,
    ),
    # A drawing tells little of who it is (section 4.3).
    "sketch-to-face": Operation(drawn, Weights(identity=0.0), inputs=1),
}
