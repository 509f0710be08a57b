"""What of an encoder can be fitted without training steps: statistics and last layers."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ..networks.encoder import AnyEncoder, Encoder, SingleStyleEncoder
from ..running.parallel import Team
from .codes import regression, with_one

RIDGE = 1e-2


@torch.no_grad()
def settle(encoder: AnyEncoder, parts: Iterable[Tensor]) -> None:
    """Take the normalisations' statistics anew, from inputs of another kind than before."""
    norms = [module for module in encoder.modules() if isinstance(module, nn.BatchNorm2d)]
    momentum = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # A plain mean over all batches.
    encoder.train()
    for images in parts:
        encoder(images)
    encoder.eval()
    for norm, before in zip(norms, momentum, strict=True):
        norm.momentum = before


@torch.no_grad()
def fit(encoder: AnyEncoder, parts: Iterable[Tensor], targets: Tensor, team: Team) -> None:
    """Bring the encoder close to its targets by least squares. `parts` are this process's inputs,
    `targets` [N, n_styles, D] those of all processes, without latent_avg."""
    if isinstance(encoder, SingleStyleEncoder):
        features = team.gather(torch.cat([encoder.pooled(images) for images in parts]))
        fitted = regression(with_one(features), targets.mean(dim=1), ridge=1e-4)
        encoder.linear.weight.copy_(fitted[:-1].T / encoder.linear.scale)
        encoder.linear.bias.copy_(fitted[-1])
    else:
        fold(encoder, team.gather(torch.cat([encoder(images) for images in parts])), targets)


@torch.no_grad()
def fold(encoder: Encoder, codes: Tensor, targets: Tensor) -> None:
    """Every head gets the affine map that best takes its own style to the target's (both
    [N, n_styles, D], without latent_avg), folded into its last layer."""
    for index, layer in enumerate(encoder.last_layers()):
        fitted = regression(with_one(codes[:, index]), targets[:, index], RIDGE)
        matrix, offset = fitted[:-1], fitted[-1]
        layer.weight.copy_(matrix.T @ layer.weight)
        layer.bias.copy_(layer.bias @ matrix + offset)
