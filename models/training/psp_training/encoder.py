"""GradualStyleEncoder: the IR-SE backbone with a feature pyramid and one head per style.

pSp section 3 and figure 2. Coarse styles (0–2) read the deepest feature map (16²), middle styles
(3–6) the 32² map and fine styles (7…) the 64² map.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import EqualLinear

COARSE_END = 3
MIDDLE_END = 7
HEAD_SLOPE = 0.01
LEAN_SLOPE = 0.25
# Feature sides for a 256² input, and with them the number of stride-2 convolutions down to 1x1.
HEAD_CONVS = {"coarse": 4, "middle": 5, "fine": 6}


class ChannelPReLU(nn.PReLU):
    """PReLU with one slope per channel; `pin` fixes them all at one value, which is much faster."""

    pinned: float | None = None

    def pin(self, slope: float) -> None:
        nn.init.constant_(self.weight, slope)
        self.weight.requires_grad_(False)
        self.pinned = slope

    def forward(self, x: Tensor) -> Tensor:
        if self.pinned is None:
            return super().forward(x)
        return F.leaky_relu(x, self.pinned)


class SqueezeExcite(nn.Module):
    def __init__(self, channels: int, reduced: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, reduced, 1, bias=False)
        self.fc2 = nn.Conv2d(reduced, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        gate = x.mean(dim=(2, 3), keepdim=True)
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(gate))))


class Bottleneck(nn.Module):
    """One IR-SE unit; its shortcut is plain subsampling where the width stays the same."""

    def __init__(self, inputs: int, width: int, stride: int, reduced: int) -> None:
        super().__init__()
        if inputs == width:
            self.shortcut_layer: nn.Module = nn.MaxPool2d(1, stride)
        else:
            projection = nn.Conv2d(inputs, width, 1, stride, bias=False)
            self.shortcut_layer = nn.Sequential(projection, nn.BatchNorm2d(width))
        self.res_layer = nn.Sequential(
            nn.BatchNorm2d(inputs),
            nn.Conv2d(inputs, width, 3, 1, 1, bias=False),
            ChannelPReLU(width),
            nn.Conv2d(width, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            SqueezeExcite(width, reduced),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.res_layer(x) + self.shortcut_layer(x)


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


def start_weights(module: nn.Module) -> None:
    """He initialisation: signals keep their size through the heads, so codes start varied."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, a=HEAD_SLOPE, nonlinearity="leaky_relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


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


class Encoder(nn.Module):
    """Image [N, C, 256, 256] → style offsets [N, n_styles, D], latent_avg not yet added.

    `widths` and `units` describe the four stages; the widths must differ, since readers of a
    checkpoint tell the stages apart by them.
    """

    def __init__(
        self,
        n_styles: int,
        style: int,
        widths: list[int],
        units: list[int],
        inputs: int = 3,
        reduced: list[int] | None = None,
    ) -> None:
        super().__init__()
        if len(set(widths)) != len(widths):
            raise ValueError(f"stage widths must differ from each other, got {widths}")
        reduced = reduced or [max(1, width // 16) for width in widths]
        self.input_layer = nn.Sequential(
            nn.Conv2d(inputs, widths[0], 3, 1, 1, bias=False),
            nn.BatchNorm2d(widths[0]),
            ChannelPReLU(widths[0]),
        )
        body: list[nn.Module] = []
        before = widths[0]
        for width, count, squeezed in zip(widths, units, reduced, strict=True):
            for unit in range(count):
                body.append(Bottleneck(before, width, 2 if unit == 0 else 1, squeezed))
                before = width
        self.body = nn.ModuleList(body)
        self.first_unit_silent = False
        self.taps = [sum(units[:2]) - 1, sum(units[:3]) - 1, sum(units) - 1]
        deep = widths[3]
        levels = ["coarse"] * COARSE_END + ["middle"] * (MIDDLE_END - COARSE_END)
        levels += ["fine"] * (n_styles - MIDDLE_END)
        self.styles = nn.ModuleList(StyleHead(deep, style, HEAD_CONVS[level]) for level in levels)
        self.latlayer1 = nn.Conv2d(widths[2], deep, 1)
        self.latlayer2 = nn.Conv2d(widths[1], deep, 1)
        self.apply(start_weights)

    def make_lean(self) -> None:
        """Give up two small freedoms that would take most of the training time on a CPU.

        The first unit works at 256². With its last normalisation at zero it adds nothing to its
        shortcut, and stem and unit together are one stride-2 convolution, which is how `stem`
        then computes them. The PReLU slopes are pinned.
        """
        last = self.body[0].res_layer[4]
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.body[0].requires_grad_(False)
        self.first_unit_silent = True
        for module in self.modules():
            if isinstance(module, ChannelPReLU):
                module.pin(LEAN_SLOPE)

    def stem(self, image: Tensor) -> Tensor:
        """The input layer and the first unit, [N, C, 256, 256] → [N, widths[0], 128, 128]."""
        conv, norm, activation = self.input_layer
        if self.first_unit_silent:
            return activation(norm(F.conv2d(image, conv.weight, stride=2, padding=1)))
        return self.body[0](self.input_layer(image))

    def forward(self, image: Tensor) -> Tensor:
        x = self.stem(image)
        tapped: list[Tensor] = []
        for index, unit in enumerate(self.body[1:], start=1):
            x = unit(x)
            if index in self.taps:
                tapped.append(x)
        c1, c2, c3 = tapped
        p2 = upsampled(c3, c2) + self.latlayer1(c2)
        p1 = upsampled(p2, c1) + self.latlayer2(c1)
        heads = list(self.styles)
        codes = grouped_heads(heads[:COARSE_END], c3)
        codes += grouped_heads(heads[COARSE_END:MIDDLE_END], p2)
        codes += grouped_heads(heads[MIDDLE_END:], p1)
        return torch.stack(codes, dim=1)


def upsampled(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=True)
