"""What of an encoder can be fitted without training steps: statistics and last layers."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ..networks.encoder import AnyEncoder, Encoder
from ..running.parallel import Team
from .codes import regression, with_one

RIDGE = 1e-3
# In standard deviations.
BIAS = 2.0


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
def straighten(encoder: Encoder, images: Tensor) -> None:
    """Let the heads of an untrained encoder begin as linear maps: every channel gets mean BIAS and
    spread 1, so that hardly a pixel falls under the bend of the LeakyReLU. Rows of bent layers
    without normalisation or shortcuts learn slowly."""
    for heads, feature in encoder.train().pyramid(images):
        for head in heads:
            x = feature
            for conv, bend in zip(head.convs[::2], head.convs[1::2], strict=True):
                seen = conv(x)
                mean, spread = seen.mean(dim=(0, 2, 3)), seen.std(dim=(0, 2, 3)) + 1e-3
                conv.weight /= spread[:, None, None, None]
                conv.bias.copy_((conv.bias - mean) / spread + BIAS)
                x = bend(conv(x))


@torch.no_grad()
def fit(encoder: AnyEncoder, parts: Iterable[Tensor], targets: Tensor, team: Team) -> None:
    """Bring the last layers as close to their targets as least squares can. `parts` are this
    process's inputs, `targets` [N, n_styles, D] those of all processes, without latent_avg."""
    layers = encoder.last_layers()
    if len(layers) == 1:
        targets = targets.mean(dim=1, keepdim=True)
    seen = zip(*map(encoder.before_last, parts), strict=True)
    for index, (layer, features) in enumerate(zip(layers, seen, strict=True)):
        fitted = regression(with_one(team.gather(torch.cat(features))), targets[:, index], RIDGE)
        layer.weight.copy_(fitted[:-1].T / layer.scale)
        layer.bias.copy_(fitted[-1])
