"""pSp's encoders: GradualStyleEncoder, and the one that the paper compares it with.

Section 3 and figure 2. Coarse styles (0–2) read the deepest feature map (16²), middle styles (3–6)
the 32² map and fine styles (7…) the 64² map.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .backbone import HEAD_SLOPE, Backbone, start_weights
from .layers import EqualLinear

COARSE_END = 3
MIDDLE_END = 7
# Feature sides for a 256² input, and with them the number of stride-2 convolutions down to 1x1.
HEAD_CONVS = {"coarse": 4, "middle": 5, "fine": 6}


class StyleHead(nn.Module):
    """map2style: feature map [N, C, 2^k, 2^k] → one style [N, D]."""

    def __init__(self, inputs: int, style: int, convs: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index in range(convs):
            layers.append(nn.Conv2d(inputs if index == 0 else style, style, 3, 2, 1))
            layers.append(nn.LeakyReLU(HEAD_SLOPE))
        self.convs = nn.Sequential(*layers)
        self.linear = EqualLinear(style, style)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.convs(x).flatten(1))


def grouped_heads(heads: list[StyleHead], x: Tensor) -> list[Tensor]:
    """The same as [head(x) for head in heads], with the heads' convolutions done together."""
    groups = 1
    for index in range(0, len(heads[0].convs), 2):
        weight = torch.cat([head.convs[index].weight for head in heads])
        bias = torch.cat([head.convs[index].bias for head in heads])
        x = F.leaky_relu(F.conv2d(x, weight, bias, 2, 1, groups=groups), HEAD_SLOPE)
        groups = len(heads)
    styles = x.flatten(1).chunk(len(heads), dim=1)
    return [head.linear(style) for head, style in zip(heads, styles, strict=True)]


class Encoder(Backbone):
    """GradualStyleEncoder: image [N, C, 256, 256] → style offsets [N, n_styles, D], latent_avg not
    yet added. `widths` and `units` as in Backbone."""

    def __init__(
        self,
        n_styles: int,
        style: int,
        widths: list[int],
        units: list[int],
        inputs: int = 3,
        reduced: list[int] | None = None,
    ) -> None:
        super().__init__(widths, units, inputs, reduced)
        self.n_styles, self.style = n_styles, style
        deep = widths[3]
        levels = ["coarse"] * COARSE_END + ["middle"] * (MIDDLE_END - COARSE_END)
        levels += ["fine"] * (n_styles - MIDDLE_END)
        self.styles = nn.ModuleList(StyleHead(deep, style, HEAD_CONVS[level]) for level in levels)
        self.latlayer1 = nn.Conv2d(widths[2], deep, 1)
        self.latlayer2 = nn.Conv2d(widths[1], deep, 1)
        self.apply(start_weights)

    def last_layers(self) -> list[EqualLinear]:
        """The linear layer that each style's offset comes out of."""
        return [head.linear for head in self.styles]

    def forward(self, image: Tensor) -> Tensor:
        c1, c2, c3 = self.features(image)
        p2 = upsampled(c3, c2) + self.latlayer1(c2)
        p1 = upsampled(p2, c1) + self.latlayer2(c1)
        heads = list(self.styles)
        codes = grouped_heads(heads[:COARSE_END], c3)
        codes += grouped_heads(heads[COARSE_END:MIDDLE_END], p2)
        codes += grouped_heads(heads[MIDDLE_END:], p1)
        return torch.stack(codes, dim=1)


class SingleStyleEncoder(Backbone):
    """BackboneEncoderUsingLastLayerIntoW, the paper's ablation "naive W" (section 5.1): image
    [N, C, 256, 256] → one offset for all styles, [N, n_styles, D]."""

    def __init__(
        self,
        n_styles: int,
        style: int,
        widths: list[int],
        units: list[int],
        inputs: int = 3,
        reduced: list[int] | None = None,
    ) -> None:
        super().__init__(widths, units, inputs, reduced)
        self.n_styles, self.style = n_styles, style
        self.linear = EqualLinear(widths[3], style)
        self.apply(start_weights)

    def last_layers(self) -> list[EqualLinear]:
        """The one linear layer that all styles share."""
        return [self.linear]

    def pooled(self, image: Tensor) -> Tensor:
        """[N, widths[3]], what the only linear layer reads."""
        return self.features(image)[-1].mean(dim=(2, 3))

    def forward(self, image: Tensor) -> Tensor:
        return self.linear(self.pooled(image))[:, None].expand(-1, self.n_styles, -1)


AnyEncoder = Encoder | SingleStyleEncoder


def upsampled(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=True)
