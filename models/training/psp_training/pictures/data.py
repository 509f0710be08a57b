"""Batches of aligned portraits, with augmentation that makes training pictures resemble photos."""

import copy
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

LUMA = torch.tensor([0.299, 0.587, 0.114])
# Standard deviations of the channels' log gains, of the light from one side and of the tone curve.
CAST, SIDE_LIGHT, BEND = 0.06, 0.06, 0.12


class Portraits:
    """The arrays written by prepare.py; `favoured` archives are drawn `favour` times as often."""

    def __init__(self, folder: Path, favoured: str = "photos", favour: float = 1.0) -> None:
        self.images = np.load(folder / "images.npy", mmap_mode="r")
        self.meta: list[dict] = json.loads((folder / "meta.json").read_text())
        weights = np.array([favour if m["archive"] == favoured else 1.0 for m in self.meta])
        self.shares = weights / weights.sum()
        self.yaw = np.array([m.get("yaw", 0.0) for m in self.meta], dtype=np.float32)

    def __len__(self) -> int:
        return len(self.images)

    def first(self, count: int | None) -> "Portraits":
        """The same, of the first `count` pictures only."""
        part = copy.copy(self)
        part.images, part.meta = self.images[:count], self.meta[:count]
        part.yaw = self.yaw[:count]
        part.shares = self.shares[:count] / self.shares[:count].sum()
        return part

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Sorted indices of a random batch."""
        return np.sort(rng.choice(len(self), count, p=self.shares))

    def batch(self, indices: np.ndarray, device: torch.device | str = "cpu") -> Tensor:
        """RGB [N, 3, 256, 256] in [−1, 1], channels last in memory."""
        pixels = torch.from_numpy(self.images[indices]).to(device)
        return pixels.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def augment(images: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Mirror, jitter the alignment and change the colours; values stay in [−1, 1].

    Returns the pictures and which of them were mirrored, bool [N].
    """
    images, flip = mirrored(images, rng)
    if rng.random() < 0.5:
        images = shifted(images, rng)
    return recoloured(images, rng), flip


def mirrored(images: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Every picture mirrored or not, and which, bool [N]."""
    flip = torch.from_numpy(rng.random(len(images)) < 0.5).to(images.device)
    return torch.where(flip[:, None, None, None], images.flip(3), images), flip


def shifted(images: Tensor, rng: np.random.Generator) -> Tensor:
    """A small rotation, scale and shift per picture: the alignment is never exact."""
    count = len(images)
    angle = rng.normal(0, 0.03, count)
    scale = np.exp(rng.normal(0, 0.03, count))
    theta = np.zeros((count, 2, 3), np.float32)
    theta[:, 0, 0] = theta[:, 1, 1] = np.cos(angle) * scale
    theta[:, 1, 0] = np.sin(angle) * scale
    theta[:, 0, 1] = -theta[:, 1, 0]
    theta[:, :, 2] = rng.normal(0, 0.025, (count, 2))
    moved = torch.from_numpy(theta).to(images.device)
    grid = F.affine_grid(moved, list(images.shape), align_corners=False)
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
    matrix, light, bend = (
        part.float().to(images.device)
        for part in (matrix, torch.from_numpy(light)[:, None], torch.from_numpy(bend))
    )
    out = torch.einsum("nij,njhw->nihw", matrix, images).add_(light).clamp_(-1, 1)
    out = torch.addcmul(out, bend, 1 - out.square())
    return out.contiguous(memory_format=torch.channels_last)
