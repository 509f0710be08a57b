"""Grids of pictures, to look at what was trained."""

from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F


def grid(rows: list[Tensor], side: int = 128) -> Image.Image:
    """Rows of [N, 3, S, S] in [−1, 1], all brought to one side, one row per tensor."""
    lines = []
    for row in rows:
        size = (side, side)
        row = F.interpolate(row.float().contiguous(), size=size, mode="bilinear", antialias=True)
        lines.append(torch.cat(list(row), dim=2))
    picture = torch.cat(lines, dim=1)
    pixels = ((picture + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return Image.fromarray(pixels.permute(1, 2, 0).numpy())


def save_grid(path: Path, rows: list[Tensor], side: int = 128, quality: int = 85) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    grid(rows, side).save(path, quality=quality)
