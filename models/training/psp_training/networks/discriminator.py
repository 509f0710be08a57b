"""The StyleGAN2 discriminator: residual, with the batch's spread as a feature (Karras et al. 2020).

Blocks are named by the side they work at, so that one trained at 128² goes on as the lower part of
one at 256².
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import ActivationBias, EqualConv, EqualLinear, fir_kernel

SPREAD_GROUP = 4


class ResidualBlock(nn.Module):
    """[N, inputs, S, S] → [N, outputs, S/2, S/2]; both ways down are low-pass filtered first."""

    kernel: Tensor

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(EqualConv(inputs, inputs, 3), ActivationBias(inputs))
        self.conv2 = nn.Sequential(EqualConv(inputs, outputs, 3, stride=2), ActivationBias(outputs))
        self.skip = EqualConv(inputs, outputs, 1)
        self.register_buffer("kernel", fir_kernel(), persistent=False)

    def blurred(self, x: Tensor, padding: int) -> Tensor:
        channels = x.shape[1]
        weight = self.kernel.to(x.dtype).expand(channels, 1, 4, 4)
        return F.conv2d(x, weight, padding=padding, groups=channels)

    def forward(self, x: Tensor) -> Tensor:
        deep = self.conv2(self.blurred(self.conv1(x), padding=2))
        # Filter everything, keep every second pixel: oneDNN has no fast depthwise stride.
        shortcut = self.skip(self.blurred(x, padding=1)[:, :, ::2, ::2])
        return (deep + shortcut) / math.sqrt(2)


class Discriminator(nn.Module):
    """Images [N, 3, S, S] in [−1, 1] → scores [N] and each block's feature maps, finest first.

    `widths[i]` is the number of channels at resolution 4·2^i, as for the decoder.
    """

    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        self.widths = widths
        self.from_rgb = nn.Sequential(EqualConv(3, widths[-1], 1), ActivationBias(widths[-1]))
        levels = range(len(widths) - 1, 0, -1)
        self.blocks = nn.ModuleDict(
            {str(4 << level): ResidualBlock(widths[level], widths[level - 1]) for level in levels}
        )
        deep = widths[0]
        self.final_conv = nn.Sequential(EqualConv(deep + 1, deep, 3), ActivationBias(deep))
        self.final_linear = nn.Sequential(
            EqualLinear(deep * 16, deep, activated=True), EqualLinear(deep, 1)
        )

    def maps(self, images: Tensor) -> list[Tensor]:
        """Without the scores, for those who compare pictures."""
        x = self.from_rgb(images)
        maps: list[Tensor] = []
        for block in self.blocks.values():
            x = block(x)
            maps.append(x)
        return maps

    def forward(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        maps = self.maps(images)
        x = maps[-1]
        x = self.final_conv(torch.cat([x, batch_spread(x)], dim=1))
        return self.final_linear(x.flatten(1))[:, 0], maps


def batch_spread(x: Tensor) -> Tensor:
    """One map per picture: the standard deviation within its group, averaged over everything.

    [N, C, H, W] → [N, 1, H, W] (Karras et al. 2018, section 3). Groups of 4, or of the whole batch
    where it does not divide.
    """
    count, _, height, width = x.shape
    group = SPREAD_GROUP if count % SPREAD_GROUP == 0 else count
    parts = x.float().view(group, count // group, *x.shape[1:])
    spread = (parts.var(dim=0, unbiased=False) + 1e-8).sqrt().mean(dim=(1, 2, 3))
    return spread.to(x.dtype).repeat(group).view(count, 1, 1, 1).expand(-1, 1, height, width)
