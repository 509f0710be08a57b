"""Cloth: plain, striped, checked or dotted, in folds."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

# Share of cloths without a pattern.
PLAIN = 0.5


def fabrics(darkest: np.ndarray, side: int, rng: np.random.Generator) -> Tensor:
    """Pictures [N, 3, S, S] in −1..1 of a cloth each; `darkest` [N] is how dark a plain one may be."""
    return torch.stack([fabric(float(value), side, rng) for value in darkest])


def fabric(darkest: float, side: int, rng: np.random.Generator) -> Tensor:
    plain = rng.random() < PLAIN
    low = darkest if plain else -0.9
    ground, figure = torch.from_numpy(rng.uniform(low, 0.9, (2, 3, 1, 1))).float()
    share = torch.zeros(side, side) if plain else pattern(side, rng)
    colour = ground + (figure - ground) * share
    depth = float(rng.uniform(0.1, 0.5))
    return (colour + depth * folds(side, rng)).clamp(-1, 1)


def pattern(side: int, rng: np.random.Generator) -> Tensor:
    """How much of every pixel is the figure's colour, [S, S] in 0..1."""
    kind = rng.choice(["stripes", "checks", "dots"])
    u, v = turned_axes(side, float(rng.uniform(0, np.pi)))
    # Soft folds bend the pattern.
    bend = 0.03 * folds(side, rng)
    length = float(rng.uniform(0.02, 0.12))
    first, second = (torch.sin(2 * np.pi * (w + bend) / length) for w in (u, v))
    wave = {"stripes": first, "checks": torch.maximum(first, second), "dots": first + second - 0.8}
    return torch.sigmoid(6 * wave[str(kind)])


def folds(side: int, rng: np.random.Generator) -> Tensor:
    """Light on long soft folds, [S, S], about −1..1."""
    across, along = int(rng.integers(4, 16)), int(rng.integers(2, 5))
    noise = torch.from_numpy(rng.normal(0, 0.6, (1, 1, along, across))).float()
    wide = F.interpolate(noise, (2 * side, 2 * side), mode="bicubic")[0, 0]
    u, v = turned_axes(side, float(rng.uniform(0, np.pi)))
    grid = torch.stack([u, v], dim=2)[None] / 1.5
    return F.grid_sample(wide[None, None], grid, padding_mode="reflection", align_corners=False)[
        0, 0
    ]


def turned_axes(side: int, angle: float) -> tuple[Tensor, Tensor]:
    """Coordinates [S, S] in about −1..1 along two axes at right angles."""
    line = torch.linspace(-1, 1, side)
    y, x = torch.meshgrid(line, line, indexing="ij")
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    return cosine * x + sine * y, cosine * y - sine * x
