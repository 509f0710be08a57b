"""Adaptive discriminator augmentation (Karras et al. 2020b): pictures are disturbed, with a
probability that rises while the discriminator is too sure of the real ones.

Kinds as in the paper's "bgc" set: mirror and pixel blitting, general geometry, colour. Each is
applied to a picture with probability p. Everything is differentiable once, which the generator
needs. Images are RGB [N, 3, S, S] in [−1, 1] or a little beyond.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

# The share of real pictures above zero that is aimed at, and how many pictures p takes from 0 to 1.
TARGET = 0.6
PICTURES_TO_ONE = 500_000


class Strength:
    """p, steered by the sign of the scores of real pictures (section 3.1, r_t)."""

    def __init__(self, p: float = 0.0) -> None:
        self.p = p

    def adjust(self, sign_mean: float, pictures: int) -> None:
        """`sign_mean`: mean sign of the scores of `pictures` real pictures, −1…1."""
        step = math.copysign(pictures / PICTURES_TO_ONE, sign_mean - TARGET)
        self.p = min(1.0, max(0.0, self.p + step))


def disturbed(images: Tensor, p: float) -> Tensor:
    """Every picture through its own chance transformations; unchanged when p is 0."""
    if p <= 0:
        return images
    return recoloured(moved(images, p), p)


def chance(p: float, like: Tensor) -> Tensor:
    """bool [N]"""
    return torch.rand(len(like), device=like.device) < p


def chosen(p: float, values: Tensor, neutral: float) -> Tensor:
    """`values` [N] where the chance falls, else `neutral`."""
    return torch.where(chance(p, values), values, torch.full_like(values, neutral))


def moved(images: Tensor, p: float) -> Tensor:
    """Mirror, quarter turns, shift, scale, turn and stretch in one bilinear resampling."""
    count = len(images)
    one = torch.ones(count, device=images.device)
    normal = lambda: torch.randn(count, device=images.device)  # noqa: E731
    mirror = chosen(p / 2, -one, 1.0)
    quarter = chosen(p, torch.randint(4, (count,), device=images.device) * (math.pi / 2), 0.0)
    angle = quarter + chosen(p, (torch.rand_like(one) * 2 - 1) * math.pi / 8, 0.0)
    scale = chosen(p, torch.exp2(normal() * 0.2), 1.0)
    stretch = chosen(p, torch.exp2(normal() * 0.2), 1.0)
    shift_x, shift_y = (chosen(p, normal() * 0.125, 0.0) for _ in range(2))
    cos, sin = torch.cos(angle), torch.sin(angle)
    across, down = scale * stretch, scale / stretch
    rows = [
        torch.stack([cos * across * mirror, -sin * down, shift_x], dim=1),
        torch.stack([sin * across * mirror, cos * down, shift_y], dim=1),
    ]
    grid = F.affine_grid(torch.stack(rows, dim=1), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)


def recoloured(images: Tensor, p: float) -> Tensor:
    """Brightness, contrast, saturation and a turn of the hues about the grey axis."""
    count, device = len(images), images.device
    normal = lambda: torch.randn(count, device=device)  # noqa: E731
    brightness = chosen(p, normal() * 0.2, 0.0)
    contrast = chosen(p, torch.exp2(normal() * 0.5), 1.0)
    saturation = chosen(p, torch.exp2(normal()), 1.0)
    hue = chosen(p, (torch.rand(count, device=device) * 2 - 1) * math.pi, 0.0)
    eye = torch.eye(3, device=device)
    grey = torch.full((3, 3), 1 / 3, device=device)
    root = math.sqrt(1 / 3)
    # Rodrigues' rotation about (1, 1, 1)/√3.
    cross = torch.tensor([[0, -root, root], [root, 0, -root], [-root, root, 0]], device=device)
    cos, sin = torch.cos(hue)[:, None, None], torch.sin(hue)[:, None, None]
    turn = grey + saturation[:, None, None] * (cos * (eye - grey) + sin * cross)
    out = torch.einsum("nij,njhw->nihw", contrast[:, None, None] * turn, images)
    return out + brightness[:, None, None, None]
