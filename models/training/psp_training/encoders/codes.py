"""Latent codes of many pictures, and what is read off them: averages and the direction of yaw."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from ..networks.encoder import AnyEncoder
from ..networks.psp import Psp
from ..pictures.data import Portraits


@torch.no_grad()
def codes_of(psp: Psp, data: Portraits, indices: np.ndarray, mirror: bool = False) -> Tensor:
    """Latents [N, n_styles, D] of the pictures at `indices`, or of their mirror images."""
    return torch.cat([psp.encode(images) for images in batches(data, indices, mirror)])


def batches(data: Portraits, indices: np.ndarray, mirror: bool, size: int = 16) -> Iterator[Tensor]:
    for start in range(0, len(indices), size):
        images = data.batch(indices[start : start + size])
        yield images.flip(3) if mirror else images


@torch.no_grad()
def recentre(encoder: AnyEncoder, average: Tensor) -> None:
    """Take `average` [n_styles, D] out of the heads' biases, so that latent_avg can carry it.

    An encoder with one head for all styles takes the first row: its average has equal rows.
    """
    layers = encoder.last_layers()
    for layer, mean in zip(layers, average[: len(layers)], strict=True):
        layer.bias -= mean / layer.lr_mul


def regression(features: Tensor, targets: Tensor, ridge: float = 1e-3) -> Tensor:
    """Least squares with a ridge: features [N, F], targets [N, T] → weights [F, T]."""
    features, targets = features.double(), targets.double()
    gram = features.T @ features
    gram += ridge * gram.diagonal().mean() * torch.eye(len(gram))
    return torch.linalg.solve(gram, features.T @ targets).float()


def with_one(features: Tensor) -> Tensor:
    return torch.cat([features, torch.ones(len(features), 1)], dim=1)


def yaw_reader(codes: Tensor, yaw: Tensor) -> Tensor:
    """Linear read-out of yaw from codes [N, n_styles, D]: weights [n_styles·D + 1, 1]."""
    return regression(with_one(codes.flatten(1)), yaw[:, None])


def read_yaw(reader: Tensor, codes: Tensor) -> Tensor:
    return (with_one(codes.flatten(1)) @ reader)[:, 0]


def yaw_direction(codes: Tensor, yaw: Tensor) -> Tensor:
    """How codes change with yaw and yaw²: [2, n_styles, D], from codes ≈ c0 + b·yaw + g·yaw²."""
    powers = torch.stack([yaw, yaw.square()], dim=1)
    weights = regression(with_one(powers), codes.flatten(1), ridge=1e-6)
    return weights[:2].unflatten(1, codes.shape[1:])
