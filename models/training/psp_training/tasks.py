"""What the encoders are given, and what is wanted of them.

One encoder stands all that happens to photographs (shrunken, blurred, noisy, compressed, with
holes), so that reconstruct, super-resolve, inpaint, frontalize and edits share it; another reads
drawings.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .judge import WEIGHTS
from .pictures.degrade import holes, photographed, shrunk_at_random, with_hole
from .pictures.sketch import sketched

SIDE = 256
SHRUNKEN, HOLED = 0.35, 0.35
HOLES = 1024


@dataclass(frozen=True)
class Task:
    # Channels of the encoder's input, and width of its heads.
    channels: int
    width: int
    # [N, 3, 256, 256] in [−1, 1] → input [N, channels, 256, 256]
    spoil: Callable[[Tensor, np.random.Generator], Tensor]
    # What is known of a picture without spoiling it, for measuring.
    plain: Callable[[Tensor], Tensor]
    weights: dict[str, float]
    # Share of real pictures in a batch.
    real: float


def photograph_task(device: torch.device) -> Task:
    masks = holes(HOLES, SIDE, np.random.default_rng(0)).to(device)

    def spoil(pictures: Tensor, rng: np.random.Generator) -> Tensor:
        out = photographed(pictures, rng)
        shrunken = torch.from_numpy(np.flatnonzero(rng.random(len(out)) < SHRUNKEN)).to(device)
        if len(shrunken):
            out[shrunken] = shrunk_at_random(out[shrunken], rng)
        mask = masks[torch.from_numpy(rng.integers(0, HOLES, len(out))).to(device)]
        holed = torch.from_numpy(rng.random(len(out)) < HOLED).to(device)
        mask = mask * holed[:, None, None, None]
        return torch.cat([with_hole(out, mask), mask], dim=1)

    return Task(4, 384, spoil, with_empty_mask, WEIGHTS | {"latent": 0.5, "norm": 0.003}, 0.25)


def with_empty_mask(pictures: Tensor) -> Tensor:
    return torch.cat([pictures, torch.zeros_like(pictures[:, :1])], dim=1)


def sketch_task(device: torch.device) -> Task:
    """A drawing tells no colours: the latents' loss, whose best guess is the mean, decides them."""

    def plain(pictures: Tensor) -> Tensor:
        return sketched(pictures, np.random.default_rng(0))

    weights = {"l2": 0.5, "perceptual": 0.5, "features": 0.3, "identity": 0.3}
    return Task(1, 256, sketched, plain, weights | {"latent": 1.0, "norm": 0.003}, 0.1)


TASKS = {"photograph": photograph_task, "sketch": sketch_task}
