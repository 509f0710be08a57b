"""pSp's encoders: GradualStyleEncoder, and the one that the paper compares it with.

Section 3 and figure 2. Coarse styles (0–2) read the deepest feature map (16²), middle styles (3–6)
the 32² map and fine styles (7…) the 64² map.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .backbone import HEAD_SLOPE, Backbone, Shape, start_weights
from .layers import EqualLinear

COARSE_END = 3
MIDDLE_END = 7
# Stride-2 convolutions of coarse, middle and fine heads, from 16², 32² and 64² down to 1x1.
HEAD_CONVS = (4, 5, 6)


class StyleHead(nn.Module):
    """map2style: feature map [N, C, 2^k, 2^k] → one style [N, D]."""

    def __init__(self, inputs: int, style: int, convs: int, hidden: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index in range(convs):
            layers.append(nn.Conv2d(inputs if index == 0 else hidden, hidden, 3, 2, 1))
            layers.append(nn.LeakyReLU(HEAD_SLOPE))
        self.convs = nn.Sequential(*layers)
        self.linear = EqualLinear(hidden, style)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.convs(x).flatten(1))


def convolved(heads: list[StyleHead], x: Tensor) -> list[Tensor]:
    """The same as [head.convs(x).flatten(1) for head in heads], done together."""
    groups = 1
    for index in range(0, len(heads[0].convs), 2):
        weight = torch.cat([head.convs[index].weight for head in heads])
        bias = torch.cat([head.convs[index].bias for head in heads])
        x = F.leaky_relu(F.conv2d(x, weight, bias, 2, 1, groups=groups), HEAD_SLOPE)
        groups = len(heads)
    return list(x.flatten(1).chunk(len(heads), dim=1))


class Encoder(Backbone):
    """GradualStyleEncoder: image [N, C, 256, 256] → style offsets [N, n_styles, D], latent_avg not
    yet added."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        widths, style, deep = shape.widths, shape.style, shape.widths[3]
        hidden = shape.hidden or [style] * len(HEAD_CONVS)
        counts = (COARSE_END, MIDDLE_END - COARSE_END, shape.n_styles - MIDDLE_END)
        self.styles = nn.ModuleList(
            StyleHead(deep, style, convs, channels)
            for count, convs, channels in zip(counts, HEAD_CONVS, hidden, strict=True)
            for _ in range(count)
        )
        self.latlayer1 = nn.Conv2d(widths[2], deep, 1)
        self.latlayer2 = nn.Conv2d(widths[1], deep, 1)
        self.apply(start_weights)

    def last_layers(self) -> list[EqualLinear]:
        """The linear layer that each style's offset comes out of."""
        return [head.linear for head in self.styles]

    def pyramid(self, image: Tensor) -> list[tuple[list[StyleHead], Tensor]]:
        """The coarse, middle and fine heads, each with the feature map that they read."""
        c1, c2, c3 = self.features(image)
        p2 = upsampled(c3, c2) + self.latlayer1(c2)
        p1 = upsampled(p2, c1) + self.latlayer2(c1)
        heads = list(self.styles)
        return [
            (heads[:COARSE_END], c3),
            (heads[COARSE_END:MIDDLE_END], p2),
            (heads[MIDDLE_END:], p1),
        ]

    def before_last(self, image: Tensor) -> list[Tensor]:
        """What each of the last layers reads, [N, channels of its head]."""
        return [x for heads, feature in self.pyramid(image) for x in convolved(heads, feature)]

    def forward(self, image: Tensor) -> Tensor:
        parts = zip(self.last_layers(), self.before_last(image), strict=True)
        return torch.stack([layer(x) for layer, x in parts], dim=1)


class SingleStyleEncoder(Backbone):
    """BackboneEncoderUsingLastLayerIntoW, the paper's ablation "naive W" (section 5.1): image
    [N, C, 256, 256] → one offset for all styles, [N, n_styles, D]."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.linear = EqualLinear(shape.widths[3], shape.style)
        self.apply(start_weights)

    def last_layers(self) -> list[EqualLinear]:
        """The one linear layer that all styles share."""
        return [self.linear]

    def before_last(self, image: Tensor) -> list[Tensor]:
        """What the only last layer reads, [N, widths[3]]."""
        return [self.features(image)[-1].mean(dim=(2, 3))]

    def forward(self, image: Tensor) -> Tensor:
        (pooled,) = self.before_last(image)
        return self.linear(pooled)[:, None].expand(-1, self.shape.n_styles, -1)


AnyEncoder = Encoder | SingleStyleEncoder


def upsampled(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=True)
