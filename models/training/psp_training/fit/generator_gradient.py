"""Forward and backward of the generator's lower levels and of the picture head, by hand.

Every backward step is an ordinary operator, so that both directions fit in one ONNX graph: a 1×1
convolution by the transposed matrix, a depthwise one by its mirrored kernel, the inverse wavelet by
the wavelet, LeakyReLU by a mask, a style by a sum. One picture at a time.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.mobile_stylegan import SLOPE, D, Separable, Synthesis
from ..networks.picture_head import FIRST_STYLE, LEVELS, PictureHead
from .shapes import shape_of

# Makes a step of a ramp: a product and two bounds take half the time of a comparison and a choice.
STEEP = 1e30


def wavelet_down(g: Tensor, kernel: Tensor, order: Tensor) -> Tensor:
    """The transpose of `wavelet_up`: [1, C, 2·S, 2·S] → [1, 4·C, S, S]."""
    bands = F.conv2d(g, kernel, stride=2, groups=shape_of(g)[1])
    return bands[:, torch.argsort(order)]


def through_relu(g: Tensor, out: Tensor, slope: float = SLOPE) -> Tensor:
    """The gradient before a LeakyReLU, whose result has the sign of what went in."""
    return g * (out * STEEP).clamp(slope, 1)


def through_style(g: Tensor, x: Tensor, style: Tensor) -> tuple[Tensor, Tensor]:
    """`g` at x · style → the gradients of x and of the style [C]."""
    return g * style, (g * x).sum(dim=(0, 2, 3))


def through_separable(
    layer: Separable, g: Tensor, x: Tensor, style: Tensor, out: Tensor
) -> tuple[Tensor, Tensor]:
    """`g` at a layer's result `out` → the gradients of its input x and of its style."""
    g = F.conv2d(through_relu(g, out), layer.pointwise.transpose(0, 1))
    g = F.conv2d(g, layer.depthwise.flip(2, 3), padding=1, groups=shape_of(g)[1])
    return through_style(g, x, style)


@dataclass(frozen=True)
class Trace:
    """What the way down needs of the way up."""

    gains: list[Tensor]
    head_gains: list[Tensor]
    start: Tensor
    # By level: before the wavelet, after it, after each convolution.
    levels: list[tuple[Tensor, Tensor, Tensor, Tensor]]
    # After each convolution of the head.
    hidden: tuple[Tensor, Tensor]


class PictureGradient:
    """Codes [1, 23, 512] → picture [1, 3, 256, 256]; its gradient → the codes' gradient."""

    def __init__(self, synthesis: Synthesis, head: PictureHead) -> None:
        self.synthesis, self.head = synthesis, head

    def forward(self, codes: Tensor) -> tuple[Tensor, Trace]:
        synthesis, head = self.synthesis, self.head
        gains = [style(codes[:, i]) for i, style in enumerate(synthesis.styles[:FIRST_STYLE])]
        start = F.conv2d(
            synthesis.start * gains[0], synthesis.first, synthesis.first_bias, padding=1
        )
        x = start = F.leaky_relu(start + synthesis.first_noise, SLOPE)
        levels = []
        for k, level in enumerate(synthesis.levels[:LEVELS]):
            up, first, second = gains[1 + 3 * k : 4 + 3 * k]
            scaled = (x * up)[:, level.order]
            grown = F.conv_transpose2d(scaled, level.haar, stride=2, groups=shape_of(x)[1] // 4)
            middle = level.conv1(grown, first)
            after = level.conv2(middle, second)
            levels.append((x, grown, middle, after))
            x = after
        upper = codes[:, FIRST_STYLE:].flatten(1)
        head_gains = [gain(upper)[:, :, None, None] for gain in head.gains]
        first = head.conv1(x, head_gains[0])
        second = head.conv2(first, head_gains[1])
        bands = F.conv2d(second * head_gains[2], head.to_rgb, head.rgb_bias)
        picture = F.conv_transpose2d(bands[:, head.order], head.haar, stride=2, groups=3)
        return picture, Trace(gains, head_gains, start, levels, (first, second))

    def backward(self, g: Tensor, trace: Trace) -> Tensor:
        synthesis, head = self.synthesis, self.head
        first, second = trace.hidden
        g = F.conv2d(wavelet_down(g, head.haar, head.order), head.to_rgb.transpose(0, 1))
        g, third_gain = through_style(g, second, trace.head_gains[2])
        g, second_gain = through_separable(head.conv2, g, first, trace.head_gains[1], second)
        x = trace.levels[-1][3]
        g, first_gain = through_separable(head.conv1, g, x, trace.head_gains[0], first)
        first_upper, second_upper, third_upper = (
            gain @ linear.weight
            for gain, linear in zip((first_gain, second_gain, third_gain), head.gains, strict=True)
        )
        upper = first_upper + second_upper + third_upper
        rows = []
        for k in reversed(range(LEVELS)):
            level = synthesis.levels[k]
            x, grown, middle, after = trace.levels[k]
            up, first, second = trace.gains[1 + 3 * k : 4 + 3 * k]
            g, second_gain = through_separable(level.conv2, g, middle, second, after)
            g, first_gain = through_separable(level.conv1, g, grown, first, middle)
            g, up_gain = through_style(wavelet_down(g, level.haar, level.order), x, up)
            rows += [second_gain, first_gain, up_gain]
        g = F.conv_transpose2d(through_relu(g, trace.start), synthesis.first, padding=1)
        rows.append((g * synthesis.start).sum(dim=(0, 2, 3)))
        styles = synthesis.styles[:FIRST_STYLE]
        lower = [row @ style.weight for row, style in zip(reversed(rows), styles, strict=True)]
        return torch.cat([torch.stack(lower), upper.view(-1, D)])[None]
