"""The model card's pictures. What they show is spread evenly over a set or drawn from fixed seeds:
nothing is picked by hand."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.encoder import COARSE_END, MIDDLE_END
from ..networks.psp import Psp
from ..pictures.data import Portraits
from ..pictures.preview import save_grid
from .tasks import SHOWN, inputs_of

# As the product draws variants by default (bridge-server/operations/resample-style).
STRENGTH = 0.6
SIDE = 128


def operation_rows(models: dict[str, Psp], data: Portraits, indices: np.ndarray) -> list[Tensor]:
    """Rows [N, 3, SIDE, SIDE]: the pictures, then every operation's result, after its input where
    that is not the picture itself."""
    images = data.batch(indices)
    rows = [shown(images)]
    for task in SHOWN:
        if task.operation not in models:
            continue
        inputs, _ = inputs_of(task, images, indices)
        if inputs is not images:
            rows.append(shown(inputs))
        rows.append(shown(models[task.operation](inputs)))
    return rows


def shown(pictures: Tensor) -> Tensor:
    """[N, 3, S, S] in [−1, 1], or sketches [N, 1, S, S] in 0…1, at the side of the grids."""
    if pictures.shape[1] == 1:
        pictures = (pictures * 2 - 1).expand(-1, 3, -1, -1)
    size = (SIDE, SIDE)
    return F.interpolate(pictures.contiguous(), size=size, mode="bilinear", antialias=True)


def spread(data: Portraits, count: int) -> np.ndarray:
    return np.linspace(0, len(data) - 1, count).astype(int)


@torch.no_grad()
def draw_operations(models: dict[str, Psp], data: Portraits, path: Path, columns: int = 8) -> None:
    """Half of the columns are turned heads, every 16th from the most turned on."""
    turned = np.argsort(-np.abs(data.yaw))[: columns * 8 : 16]
    save_grid(
        path,
        operation_rows(models, data, np.concatenate([turned, spread(data, columns - len(turned))])),
    )


@torch.no_grad()
def draw_all(models: dict[str, Psp], data: Portraits, path: Path) -> None:
    """Every picture of a small set in order, one line each, operations across."""
    rows = operation_rows(models, data, np.arange(len(data)))
    save_grid(path, list(torch.stack(rows).transpose(0, 1)))


@torch.no_grad()
def draw_styles(psp: Psp, data: Portraits, path: Path, lines: int = 5, variants: int = 6) -> None:
    """Per line a picture, its reconstruction, and variants: middle and fine styles blended with
    drawn ones, the coarse styles kept. Every line has the same draws."""
    images = data.batch(spread(data, lines))
    codes = psp.encode(images)
    columns = [images, psp.decoder(codes)]
    for seed in range(variants):
        w = psp.decoder.map(noise(1, psp.latent_avg.shape[1], seed))
        mixed = codes.clone()
        mixed[:, COARSE_END:] = STRENGTH * w[:, None] + (1 - STRENGTH) * codes[:, COARSE_END:]
        columns.append(psp.decoder(mixed))
    grid = torch.stack([shown(column) for column in columns])
    save_grid(path, list(grid.transpose(0, 1)))


@torch.no_grad()
def draw_samples(psp: Psp, data: Portraits, path: Path, columns: int = 8) -> None:
    """Two rows of drawn faces, then one face with its fine, middle and coarse styles drawn."""
    n_styles, width = psp.latent_avg.shape
    z = noise(5 * columns, width)
    first, second, *others = psp.decoder.map(z)[:, None].expand(-1, n_styles, -1).split(columns)
    rows = [psp.decoder(first), psp.decoder(second)]
    code = psp.encode(data.batch(np.array([len(data) // 2]))).expand(columns, -1, -1)
    parts = ((MIDDLE_END, n_styles), (COARSE_END, MIDDLE_END), (0, COARSE_END))
    for (start, end), drawn in zip(parts, others, strict=True):
        mixed = code.clone()
        mixed[:, start:end] = drawn[:, start:end]
        rows.append(psp.decoder(mixed))
    save_grid(path, rows)


def noise(count: int, width: int, seed: int = 0) -> Tensor:
    """z, [count, width]"""
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))
