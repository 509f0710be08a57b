"""The IR-SE backbone that pSp's encoders share (ArcFace's residual network, Deng et al. 2019)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

HEAD_SLOPE = 0.01
LEAN_SLOPE = 0.25


class ChannelPReLU(nn.PReLU):
    """PReLU with one slope per channel; `pin` holds them all at the value that they have in common,
    which is much faster."""

    pinned: float | None = None

    def pin(self, slope: float) -> None:
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

    def is_silent(self) -> bool:
        """Whether the unit adds nothing to its shortcut."""
        last = self.res_layer[4]
        return not bool(last.weight.any() or last.bias.any())

    def projected(self, x: Tensor) -> Tensor:
        """The shortcut of a map that is subsampled already."""
        if isinstance(self.shortcut_layer, nn.MaxPool2d):
            return x
        projection, norm = self.shortcut_layer
        return norm(F.conv2d(x, projection.weight))


def start_weights(module: nn.Module) -> None:
    """He initialisation: signals keep their size through the heads, so codes start varied."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, a=HEAD_SLOPE, nonlinearity="leaky_relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


@dataclass(frozen=True)
class Shape:
    """What the tensors of an encoder tell of it.

    `widths` and `units` describe the four stages; the widths must differ, since readers of a
    checkpoint tell the stages apart by them.
    """

    n_styles: int
    style: int
    widths: list[int]
    units: list[int]
    # Channels of the picture.
    inputs: int = 3
    # Channels within each stage's squeeze-and-excite; a 16th of its width unless told.
    reduced: list[int] | None = None
    # Channels within the coarse, middle and fine heads, where there are any; as many as a style has
    # unless told.
    hidden: list[int] | None = None

    def __post_init__(self) -> None:
        if len(set(self.widths)) != len(self.widths):
            raise ValueError(f"stage widths must differ from each other, got {self.widths}")


class Backbone(nn.Module):
    """Image [N, C, 256, 256] → the ends of the last three stages at 64², 32² and 16²."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        widths, units, inputs = shape.widths, shape.units, shape.inputs
        reduced = shape.reduced or [max(1, width // 16) for width in widths]
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
        # How many of the first units add nothing to their shortcuts.
        self.silent = 0
        self.taps = [sum(units[:2]) - 1, sum(units[:3]) - 1, sum(units) - 1]

    def make_lean(self) -> None:
        """Give up small freedoms that would take most of the training time on a CPU.

        The first units of the first two stages work at 256² and 128². With their last
        normalisations at zero they add nothing to their shortcuts: stem and units together are one
        convolution at every fourth pixel and a projection. The PReLU slopes are pinned.
        """
        for unit in self.body[: self.halving()]:
            last = unit.res_layer[4]
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
        for slope in self.slopes():
            nn.init.constant_(slope.weight, LEAN_SLOPE)
        self.notice_lean()

    def notice_lean(self) -> None:
        """Compute quickly what make_lean once gave up, as the weights tell, and never train it."""
        units = self.body[: self.halving()]
        self.silent = next((i for i, unit in enumerate(units) if not unit.is_silent()), len(units))
        for unit in self.body[: self.silent]:
            unit.res_layer.requires_grad_(False)
        if all(bool((slope.weight == LEAN_SLOPE).all()) for slope in self.slopes()):
            for slope in self.slopes():
                slope.pin(LEAN_SLOPE)

    def halving(self) -> int:
        """How many of the first units halve their map, one after another."""
        return 2 if self.shape.units[0] == 1 else 1

    def slopes(self) -> list[ChannelPReLU]:
        return [module for module in self.modules() if isinstance(module, ChannelPReLU)]

    def stem(self, image: Tensor) -> Tensor:
        """The input layer and the silent units, [N, C, 256, 256] → [N, width, S, S], S having been
        halved by every one of those units."""
        conv, norm, activation = self.input_layer
        x = F.conv2d(image, conv.weight, stride=2**self.silent, padding=1)
        x = activation(norm(x))
        for unit in self.body[: self.silent]:
            x = unit.projected(x)
        return x

    def features(self, image: Tensor) -> list[Tensor]:
        x = self.stem(image)
        tapped = [x] if self.silent - 1 in self.taps else []
        for index, unit in enumerate(self.body[self.silent :], start=self.silent):
            x = unit(x)
            if index in self.taps:
                tapped.append(x)
        return tapped
