"""Earrings hung on faces: drawn faces wear studs, hardly a hoop, and a hoop is thinner than a cell."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .classes import NAMES

# Share of faces that get a pair, and share of pairs that are hoops; the others are drops and discs.
WORN, HOOPS = 0.3, 0.7
EARRING = NAMES.index("earring")
EARS = (NAMES.index("left ear"), NAMES.index("right ear"))
SKIN = NAMES.index("skin")
# An ear of fewer pixels says nothing of where its lobe is.
LEAST = 30
# Of a pair in full view in pixels: half its height, how broad it is to that, and how thick a hoop.
HEIGHT, BREADTH, WIRE = (5.0, 26.0), (0.15, 1.0), (1.0, 3.5)
GOLD, SILVER = (0.95, 0.55, -0.25), (0.6, 0.6, 0.62)


def earringed(x: Tensor, y: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Pictures [N, 3, S, S] in −1..1 and labels [N, S, S], some with a pair of earrings below what
    is seen of the ears, in most before the cheek, in some behind it."""
    x, y = x.clone(), y.clone()
    for picture, labels in zip(x, y, strict=True):
        if rng.random() >= WORN:
            continue
        half, wire = float(rng.uniform(*HEIGHT)), float(rng.uniform(*WIRE))
        hoop = rng.random() < HOOPS
        colour, behind = metal(rng), rng.random() < 0.3
        for ear in EARS:
            lobe = lobe_of(labels == ear)
            if lobe is None:
                continue
            width = half * float(rng.uniform(*BREADTH))
            cover, angle = ring(labels.shape[-1], lobe, (width, half), wire if hoop else 2 * half)
            if behind:
                cover = cover * (labels != SKIN)
            light = gleam(angle, rng)
            shown = (colour[:, None, None] * 0.6 + light).clamp(-1, 1)
            picture.copy_(torch.lerp(picture, shown, cover))
            labels[cover > 0.5] = EARRING
    return x, y


def lobe_of(ear: Tensor) -> tuple[float, float] | None:
    """The middle of an ear's lowest rows, x and y."""
    rows, columns = torch.nonzero(ear, as_tuple=True)
    if len(rows) < LEAST:
        return None
    low = rows >= rows.max() - 3
    return float(columns[low].float().mean()), float(rows.max())


def ring(
    side: int, lobe: tuple[float, float], radii: tuple[float, float], wire: float
) -> tuple[Tensor, Tensor]:
    """How much of every pixel an ellipse that hangs from the lobe covers, as thick as `wire`, and the
    direction in which a pixel lies from its middle."""
    line = torch.arange(side, dtype=torch.float32)
    v, u = torch.meshgrid(line - lobe[1] - radii[1] + 1, line - lobe[0], indexing="ij")
    radius = torch.sqrt((u / radii[0]) ** 2 + (v / radii[1]) ** 2)
    # How far from the outline, to first order: the value over its slope.
    slope = torch.sqrt((u / radii[0] ** 2) ** 2 + (v / radii[1] ** 2) ** 2) / radius.clamp_min(1e-3)
    inside = (1 - radius) / slope.clamp_min(1e-3)
    cover = torch.minimum(inside, wire - inside) + 0.5
    return cover.clamp(0, 1), torch.atan2(v, u)


def metal(rng: np.random.Generator) -> Tensor:
    kind = rng.random()
    if kind < 0.45:
        colour = np.array(GOLD) * rng.uniform(0.6, 1.05)
    elif kind < 0.7:
        colour = np.array(SILVER) * rng.uniform(0.2, 1.4)
    else:
        colour = rng.uniform(-1, 1, 3)
    return torch.from_numpy(colour).float()


def gleam(angle: Tensor, rng: np.random.Generator) -> Tensor:
    """Light along a bent wire: bright and dark by turns, and uneven."""
    turns = sum(
        float(rng.uniform(0, 0.35)) * torch.cos(times * angle + float(rng.uniform(0, 2 * np.pi)))
        for times in (1, 2, 5)
    )
    rough = torch.from_numpy(rng.normal(0, 0.15, (1, 1, 64, 64))).float()
    return turns + F.interpolate(rough, angle.shape, mode="bilinear")[0, 0]
