"""Pencil drawings made of portraits, the input of sketch-to-face.

Grey [N, 1, S, S] in 0..1, paper 1, as pSp's sketch encoder takes it. Two ways to draw, with random
parameters and at random both on one sheet, so that an encoder learns no single one of them.
"""

import numpy as np
import torch
from torch import Tensor

from .augment import LUMA

# Ratio of the two blurs that tell a line (Marr and Hildreth 1980 put it at 1.6).
RATIO = 1.6
# Keep what is almost black from being drawn as noise.
DARK, DIM = 0.02, 0.15


def sketched(images: Tensor, rng: np.random.Generator) -> Tensor:
    """RGB [N, 3, S, S] in [−1, 1] → drawings [N, 1, S, S] in 0..1."""
    grey = (images * LUMA.to(images.device)[:, None, None]).sum(dim=1, keepdim=True) / 2 + 0.5
    drawings = torch.ones_like(grey)
    way = rng.random(len(images))
    for draw, chosen in ((pencil, way < 0.6), (lines, way > 0.3)):
        if chosen.any():
            picked = torch.from_numpy(np.flatnonzero(chosen)).to(images.device)
            drawings[picked] *= draw(grey[picked], rng)
    strength = column(rng.uniform(0.5, 1, len(images)), images)
    return 1 - strength * (1 - drawings)


def pencil(grey: Tensor, rng: np.random.Generator) -> Tensor:
    """The dodge of darkroom and paint programs: grey / (1 − blur(1 − grey)), at most 1, so that
    only what is darker than its surroundings stays; the exponent is the pencil's softness."""
    count = len(grey)
    ground = blurred(grey, np.exp(rng.uniform(np.log(2), np.log(12), count)))
    softness = column(rng.uniform(1.5, 5, count), grey)
    return ((grey + DARK) / (ground + DARK)).clamp(0, 1) ** softness


def lines(grey: Tensor, rng: np.random.Generator) -> Tensor:
    """An extended difference of Gaussians (Winnemöller et al. 2012) without its share of tone, and
    relative, so that dark pictures have lines too: d = p·(G_σ − G_kσ) / (G_kσ + δ) + ε, drawn as
    1 + tanh(φ·min(d, 0)); ε is what still counts as flat."""
    count = len(grey)
    sigma = np.exp(rng.uniform(np.log(0.7), np.log(2.5), count))
    gain, flat = (
        column(rng.uniform(8, 30, count), grey),
        column(rng.uniform(0.1, 0.5, count), grey),
    )
    sharpness = column(np.exp(rng.uniform(np.log(0.7), np.log(6), count)), grey)
    ground = blurred(grey, RATIO * sigma)
    contrast = gain * (blurred(grey, sigma) - ground) / (ground + DIM) + flat
    return 1 + torch.tanh(sharpness * contrast.clamp(max=0))


def blurred(grey: Tensor, sigma: np.ndarray) -> Tensor:
    """Every picture of [N, 1, S, S] by its own Gaussian, `sigma` [N] in pixels. Two matrix
    products, whose rows sum to one at the edges too."""
    place = torch.arange(grey.shape[-1], device=grey.device)
    width = column(sigma, grey)[:, 0]
    weights = torch.exp(-0.5 * ((place[:, None] - place) / width).square())
    weights = weights / weights.sum(dim=2, keepdim=True)
    return (weights @ grey[:, 0] @ weights.transpose(1, 2))[:, None]


def column(values: np.ndarray, like: Tensor) -> Tensor:
    """[N] → [N, 1, 1, 1]"""
    return torch.from_numpy(values).float().to(like.device)[:, None, None, None]
