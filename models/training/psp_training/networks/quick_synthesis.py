"""The synthesis network rewritten for speed in ONNX Runtime: the same numbers in fewer passes.

Channels lie in the order of the wavelet's bands as they are made, so that nothing is gathered. A style
scales channels, and a depthwise convolution or the wavelet passes a scale of its channels on: the gains
before a level's first convolution go into those of its wavelet step, the gains before its second one and
before the picture into the 1×1 weights behind, a product with [N, out, in] in place of a pass over the
picture.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .mobile_stylegan import SIDE, SLOPE, Level, Separable, Synthesis, haar_order
from .stack import stack


class QuickLevel(nn.Module):
    haar: Tensor

    def __init__(self, level: Level, outputs: Tensor) -> None:
        """`outputs` is the order in which the next layer wants the channels."""
        super().__init__()
        self.conv1, self.conv2 = level.conv1, level.conv2
        self.register_buffer("haar", level.haar)
        self.channels, self.width = level.conv1.depthwise.shape[0], level.conv2.depthwise.shape[0]
        self.side = level.conv2.noise.shape[-1]
        self.pointwise = nn.Parameter(level.conv2.pointwise[outputs, :, 0, 0])
        self.bias = nn.Parameter(level.conv2.bias[outputs].view(-1, 1, 1))

    def forward(self, x: Tensor, up: Tensor, second: Tensor) -> Tensor:
        x = F.conv_transpose2d(x * up, self.haar, stride=2, groups=self.channels)
        x = first_convolution(self.conv1, x)
        x = F.conv2d(x, self.conv2.depthwise, padding=1, groups=self.width)
        x = scaled_product(self.pointwise, second, x, self.side)
        return F.leaky_relu(x + self.bias + self.conv2.noise, SLOPE)


def first_convolution(conv: Separable, x: Tensor) -> Tensor:
    x = F.conv2d(x, conv.depthwise, padding=1, groups=conv.depthwise.shape[0])
    return F.leaky_relu(F.conv2d(x, conv.pointwise, conv.bias) + conv.noise, SLOPE)


def scaled_product(weight: Tensor, gains: Tensor, x: Tensor, side: int) -> Tensor:
    """1×1 convolution [out, in] of channels scaled by `gains` [N, in, 1, 1]."""
    outputs, inputs = weight.shape
    product = (weight * gains.reshape(-1, 1, inputs)) @ x.reshape(-1, inputs, side * side)
    return product.reshape(-1, outputs, side, side)


class QuickSynthesis(nn.Module):
    """Codes [N, 23, 512] → RGB [N, 3, 1024, 1024], as `Synthesis` answers."""

    haar: Tensor

    @torch.no_grad()
    def __init__(self, synthesis: Synthesis) -> None:
        super().__init__()
        orders = [haar_order(level.haar.shape[0] // 4) for level in synthesis.levels]
        widths = [level.conv2.pointwise.shape[0] for level in synthesis.levels]
        self.start, self.first_noise = synthesis.start, synthesis.first_noise
        self.first = nn.Parameter(synthesis.first[orders[0]])
        self.first_bias = nn.Parameter(synthesis.first_bias[orders[0]])
        following = [*orders[1:], torch.arange(widths[-1])]
        self.levels = stack(map(QuickLevel, synthesis.levels, following))
        self.styles = synthesis.styles
        # Bands in the order they lie in, and the channel of the level that each belongs to.
        self.orders = [(order, torch.arange(len(order)) // 4) for order in orders]
        rgb = haar_order(3)
        self.to_rgb = nn.Parameter(synthesis.to_rgb[rgb, :, 0, 0])
        self.rgb_bias = nn.Parameter(synthesis.rgb_bias[rgb].view(-1, 1, 1))
        self.register_buffer("haar", synthesis.haar)
        self.requires_grad_(False)

    def gains(self, codes: Tensor, style: int) -> Tensor:
        return self.styles[style](codes[:, style])

    def forward(self, codes: Tensor) -> Tensor:
        x = self.start * self.gains(codes, 0)
        x = F.conv2d(x, self.first, self.first_bias, padding=1) + self.first_noise
        x = F.leaky_relu(x, SLOPE)
        for k, (level, (bands, channels)) in enumerate(zip(self.levels, self.orders, strict=True)):
            up, first, second = (self.gains(codes, 1 + 3 * k + i) for i in range(3))
            x = level(x, up[:, bands] * first[:, channels], second)
        x = scaled_product(self.to_rgb, self.gains(codes, len(self.styles) - 1), x, SIDE // 2)
        return F.conv_transpose2d(x + self.rgb_bias, self.haar, stride=2, groups=3)
