"""Changes that make training pictures resemble photographs. Pictures [N, 3, S, S] in [−1, 1]."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

LUMA = torch.tensor([0.299, 0.587, 0.114])
# Standard deviations of the channels' log gains, of the light from one side and of the tone curve.
CAST, SIDE_LIGHT, BEND = 0.06, 0.06, 0.12


def mirrored(images: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Every picture mirrored or not, and which, bool [N]."""
    flip = torch.from_numpy(rng.random(len(images)) < 0.5).to(images.device)
    return torch.where(flip[:, None, None, None], images.flip(3), images), flip


def moving_grid(
    images: Tensor, rng: np.random.Generator, turn: float, scale: float, shift: float
) -> Tensor:
    """Where each picture is read when it is turned, scaled and shifted: deviations in radians, of the
    logarithm and in half pictures. [N, H, W, 2]"""
    count = len(images)
    angle, size = rng.normal(0, turn, count), np.exp(rng.normal(0, scale, count))
    theta = np.zeros((count, 2, 3), np.float32)
    theta[:, 0, 0] = theta[:, 1, 1] = np.cos(angle) * size
    theta[:, 1, 0] = np.sin(angle) * size
    theta[:, 0, 1] = -theta[:, 1, 0]
    theta[:, :, 2] = rng.normal(0, shift, (count, 2))
    moved = torch.from_numpy(theta).to(images.device)
    return F.affine_grid(moved, list(images.shape), align_corners=False)


def shifted(images: Tensor, rng: np.random.Generator) -> Tensor:
    """A small rotation, scale and shift per picture: the alignment is never exact."""
    grid = moving_grid(images, rng, turn=0.03, scale=0.03, shift=0.025)
    return F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)


def recoloured(images: Tensor, rng: np.random.Generator) -> Tensor:
    """The light of the scene: contrast, saturation, colour cast and brightness as one 3x4 matrix
    per picture, a light from one side, and a bent tone curve (a gamma that keeps both ends)."""
    count, side = len(images), images.shape[-1]
    saturation = torch.from_numpy(np.exp(rng.normal(-0.05, 0.25, (count, 1, 1))))
    log_gains = rng.normal(0, 0.15, (count, 1, 1)) + rng.normal(0, CAST, (count, 3, 1))
    gains = torch.from_numpy(np.exp(log_gains))
    grey = LUMA.double().expand(3, 3)
    matrix = gains * (saturation * torch.eye(3) + (1 - saturation) * grey)
    across, down = rng.normal(0, SIDE_LIGHT, (2, count, 1))
    ramp = np.linspace(-1, 1, side)
    light = rng.normal(0, 0.12, (count, 1, 1)) + (across * ramp)[:, None] + (down * ramp)[..., None]
    bend = np.clip(rng.normal(0, BEND, (count, 1, 1, 1)), -0.45, 0.45)
    matrix, added, bent = (
        part.float().to(images.device)
        for part in (matrix, torch.from_numpy(light)[:, None], torch.from_numpy(bend))
    )
    out = torch.einsum("nij,njhw->nihw", matrix, images).add_(added).clamp_(-1, 1)
    out = torch.addcmul(out, bent, 1 - out.square())
    return out.contiguous(memory_format=torch.channels_last)
