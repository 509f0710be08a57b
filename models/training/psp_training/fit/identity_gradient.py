"""The identity network with its backward pass by hand: the gradient of what it sees.

Two terms are taken from it: the squared distance of the embeddings, and the distance of inner maps
whose vectors are scaled to unit length, averaged over positions, summed over the layers (as
`losses.feature_distance`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.identity import PERCEPTUAL, IdentityNet, Residual, ScaledConv
from .shapes import shape_of

# Keeps the norm of a position where every channel is zero away from zero.
TINY = 1e-12


@dataclass(frozen=True)
class Step:
    """One residual block: what went in, after its first convolution, what came out."""

    x: Tensor
    inner: Tensor
    out: Tensor


@dataclass(frozen=True)
class Seen:
    embedding: Tensor
    view: Tensor
    stem: Tensor
    winners: Tensor
    steps: dict[str, Step]


def through_conv(g: Tensor, conv: ScaledConv, x: Tensor) -> Tensor:
    """`g` at a convolution's result → the gradient of its input x."""
    kernel = conv.weight.shape[2]
    grown = (shape_of(g)[2] - 1) * conv.stride - 2 * conv.padding + kernel
    rest = shape_of(x)[2] - grown
    return F.conv_transpose2d(
        g, conv.weight, stride=conv.stride, padding=conv.padding, output_padding=rest
    )


def residual(block: Residual, x: Tensor) -> Step:
    inner = F.relu(block.conv1(x))
    out = block.conv2(inner)
    skip = x
    if block.down:
        skip = F.avg_pool2d(x, 2, 2)
        rest = shape_of(skip)[3] - shape_of(out)[3]
        wider = shape_of(out)[1] - shape_of(skip)[1]
        out = F.pad(out, (0, rest, 0, rest))
        skip = F.pad(skip, (0, 0, 0, 0, 0, wider))
    return Step(x, inner, F.relu(out + skip))


def through_residual(block: Residual, g: Tensor, step: Step) -> Tensor:
    g = g * (step.out > 0)
    x, inner = step.x, step.inner
    skip = g
    if block.down:
        _, width, side, _ = shape_of(x)
        half = side // 2
        skip = g[:, :width, :half, :half]
        skip = F.interpolate(skip, scale_factor=2, mode="nearest") / 4
        skip = F.pad(skip, (0, side - 2 * half, 0, side - 2 * half))
        rows = shape_of(inner)[2]
        g = g[:, :, :rows, :rows]
    g = through_conv(g, block.conv2, inner) * (inner > 0)
    return through_conv(g, block.conv1, x) + skip


class IdentityGradient:
    """Views [2, 3, 150, 150] in [−1, 1], ours and the wanted one → both terms and the gradient."""

    def __init__(self, net: IdentityNet) -> None:
        self.net = net

    def see(self, views: Tensor) -> Seen:
        net = self.net
        view = ((views + 1) * 127.5 - net.mean) / 255
        stem = F.relu(net.stem(view))
        x, winners = F.max_pool2d(stem, 3, 2, return_indices=True)
        steps = {}
        for name, block in net.blocks.items():
            steps[name] = residual(block, x)
            x = steps[name].out
        return Seen(x.mean(dim=(2, 3)) @ net.projection, view, stem, winners, steps)

    def terms(self, views: Tensor, balance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`balance` [2] of features and identity → features [], identity [], gradient [1, 3, …]."""
        seen = self.see(views)
        apart = seen.embedding[:1] - seen.embedding[1:]
        last = list(seen.steps.values())[-1].out[:1]
        g = 2 * balance[1] * apart @ self.net.projection.T
        _, _, height, width = shape_of(last)
        g = (g / (height * width))[:, :, None, None].expand(shape_of(last))
        features = torch.zeros(())
        for name, step in reversed(seen.steps.items()):
            ours = Step(step.x[:1], step.inner[:1], step.out[:1])
            if name in PERCEPTUAL:
                norm = step.out.square().sum(dim=1, keepdim=True).add(TINY).sqrt()
                unit = step.out / norm
                positions = shape_of(unit)[2] * shape_of(unit)[3]
                far = unit[:1] - unit[1:]
                features = features + far.square().sum() / positions
                turned = far - unit[:1] * (unit[:1] * far).sum(dim=1, keepdim=True)
                g = g + turned * (2 * balance[0] / positions) / norm[:1]
            g = through_residual(self.net.blocks[name], g, ours)
        return features, apart.square().sum(), self.through_stem(g, seen)

    def through_stem(self, g: Tensor, seen: Seen) -> Tensor:
        """The winner of every window of the max-pool takes its gradient."""
        stem = seen.stem[:1]
        winners = seen.winners[:1].flatten(2)
        g = (stem * 0).flatten(2).scatter_add(2, winners, g.flatten(2)).view(shape_of(stem))
        return through_conv(g * (stem > 0), self.net.stem, seen.view[:1]) * (127.5 / 255)
