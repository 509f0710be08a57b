"""The IR-SE backbone that pSp's encoders share (ArcFace's residual network, Deng et al. 2019)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

HEAD_SLOPE = 0.01
LEAN_SLOPE = 0.25


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


def start_weights(module: nn.Module) -> None:
    """He initialisation: signals keep their size through the heads, so codes start varied."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, a=HEAD_SLOPE, nonlinearity="leaky_relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


class Backbone(nn.Module):
    """Image [N, C, 256, 256] → the ends of the last three stages at 64², 32² and 16².

    `widths` and `units` describe the four stages; the widths must differ, since readers of a
    checkpoint tell the stages apart by them.
    """

    def __init__(
        self, widths: list[int], units: list[int], inputs: int, reduced: list[int] | None
    ) -> None:
        super().__init__()
        if len(set(widths)) != len(widths):
            raise ValueError(f"stage widths must differ from each other, got {widths}")
        reduced = reduced or [max(1, width // 16) for width in widths]
        self.widths, self.units = list(widths), list(units)
        self.inputs, self.reduced = inputs, list(reduced)
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

    def is_lean(self) -> bool:
        """Whether make_lean would change nothing."""
        last = self.body[0].res_layer[4]
        slopes = [m.weight for m in self.modules() if isinstance(m, ChannelPReLU)]
        silent = not bool(last.weight.any() or last.bias.any())
        return silent and all(bool((slope == LEAN_SLOPE).all()) for slope in slopes)

    def stem(self, image: Tensor) -> Tensor:
        """The input layer and the first unit, [N, C, 256, 256] → [N, widths[0], 128, 128]."""
        conv, norm, activation = self.input_layer
        if self.first_unit_silent:
            return activation(norm(F.conv2d(image, conv.weight, stride=2, padding=1)))
        return self.body[0](self.input_layer(image))

    def features(self, image: Tensor) -> list[Tensor]:
        x = self.stem(image)
        tapped: list[Tensor] = []
        for index, unit in enumerate(self.body[1:], start=1):
            x = unit(x)
            if index in self.taps:
                tapped.append(x)
        return tapped
