"""Parts of a face in a photograph: EfficientNet-Lite0's first blocks as a pyramid, read at 128².

ImageNet's early layers and all of its normalisation stay as they are: the network then learns in
minutes on a processor, and photographs stay what these layers know.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..networks.efficientnet import EfficientNetLite, load_backbone
from ..networks.stack import stack
from .classes import COUNT

# The last block at each side, 128² … 16², and its channels; blocks up to FROZEN do not learn.
TAPS = (0, 2, 4, 10)
TAP_CHANNELS = (16, 24, 40, 112)
FROZEN = 2
# Of the pyramid at each side: most of the arithmetic is at the finest.
WIDTHS = (32, 48, 64, 96)
SIDE = 256


def conv1x1(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 1)


class Mixed(nn.Sequential):
    """Depthwise 3×3, then 1×1."""

    def __init__(self, channels: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(channels, channels, 3, 1, 1, groups=channels, bias=False),
            nn.Conv2d(channels, outputs, 1),
            nn.ReLU(),
        )


class PartsNet(nn.Module):
    """Aligned faces [N, 3, 256, 256] in 0..1 → logits [N, 19, 128, 128]."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = EfficientNetLite()
        del self.backbone._blocks[TAPS[-1] + 1 :]
        self.lateral = stack(map(conv1x1, TAP_CHANNELS, WIDTHS))
        # From each level to the next finer one.
        self.mixed = stack(map(Mixed, WIDTHS[1:], WIDTHS[:-1]))
        self.whole = nn.Linear(TAP_CHANNELS[-1], WIDTHS[-1])
        self.deep = nn.Sequential(*(Mixed(WIDTHS[-1], WIDTHS[-1]) for _ in range(2)))
        self.last = Mixed(WIDTHS[0], WIDTHS[0])
        self.out = conv1x1(WIDTHS[0], COUNT)

    def maps(self, image: Tensor) -> list[Tensor]:
        backbone = self.backbone
        with torch.no_grad():
            x = F.relu6(backbone._bn0(backbone._conv_stem(image * 2 - 1)))
        maps: list[Tensor] = []
        for i, block in enumerate(backbone._blocks):
            if i <= FROZEN:
                with torch.no_grad():
                    x = block(x)
            else:
                x = block(x)
            if i in TAPS:
                maps.append(x)
        return maps

    def forward(self, image: Tensor) -> Tensor:
        *fine, coarse = self.maps(image)
        x = self.lateral[-1](coarse) + self.whole(coarse.mean(dim=(2, 3)))[:, :, None, None]
        x = x + self.deep(F.relu(x))
        for level in reversed(range(len(fine))):
            x = F.interpolate(self.mixed[level](x), scale_factor=2.0, mode="bilinear")
            x = F.relu(x + self.lateral[level](fine[level]))
        return self.out(self.last(x))

    def train(self, mode: bool = True) -> "PartsNet":
        super().train(mode)
        self.backbone.eval()
        return self


class PartShares(nn.Module):
    """What the product runs: faces [N, 3, 256, 256] in 0..1 → shares [N, 19, 128, 128], sum 1."""

    def __init__(self, network: PartsNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        return self.network(image).softmax(dim=1)


def labels_of(logits: Tensor) -> Tensor:
    """[N, 19, 128, 128] → the labels that the product reads off the shares, [N, 256, 256]."""
    shares = logits.softmax(dim=1)
    return F.interpolate(shares, (SIDE, SIDE), mode="bilinear").argmax(dim=1)


def begin_parts_net(backbone: Path) -> PartsNet:
    network = PartsNet()
    known = load_backbone(backbone).state_dict()
    network.backbone.load_state_dict({name: known[name] for name in network.backbone.state_dict()})
    return network
