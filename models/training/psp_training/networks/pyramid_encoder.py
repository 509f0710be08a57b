"""pSp's encoder (Richardson et al. 2021, section 3.1): a feature pyramid and map2style heads for
coarse, middle and fine styles, here on a small backbone with ImageNet's weights."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .efficientnet import TAP_CHANNELS, EfficientNetLite
from .mobile_stylegan import COARSE, FINE, MIDDLE, D
from .stack import stack

SLOPE = 0.2
# Side of the map that the heads of a group look at.
HEAD_SIDE = 4
PYRAMID = 192


def halved(inputs: int, outputs: int) -> nn.Module:
    """Half the side: depthwise with stride, then mixed."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, 2, 1, groups=inputs, bias=False),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.LeakyReLU(SLOPE),
    )


class StyleHeads(nn.Module):
    """A pyramid map [N, C, S, S] → `count` rows of codes [N, count, 512].

    Convolutions shared by the group bring it to 4×4; each style weighs the 16 places of every
    channel in its own way and mixes the sums.
    """

    def __init__(self, side: int, count: int, width: int) -> None:
        super().__init__()
        steps: list[nn.Module] = []
        while side > HEAD_SIDE:
            side //= 2
            steps.append(halved(PYRAMID, PYRAMID if side > HEAD_SIDE else width))
        self.trunk = nn.Sequential(*steps)
        self.places = nn.Parameter(torch.randn(count, width, HEAD_SIDE**2) / HEAD_SIDE)
        self.mixed = nn.Parameter(torch.randn(count, width, D) * 0.3 / width**0.5)
        self.bias = nn.Parameter(torch.zeros(count, D))

    def forward(self, x: Tensor) -> Tensor:
        x = self.trunk(x).flatten(2).float()
        sums = F.leaky_relu(torch.einsum("ncp,kcp->nkc", x, self.places), SLOPE)
        return torch.einsum("nkc,kcd->nkd", sums, self.mixed) + self.bias


class PyramidEncoder(nn.Module):
    """Pictures [N, C, 256, 256] → codes [N, 23, 512].

    Channels: RGB in [−1, 1] and a mask, 1 where the picture is unknown (RGB is 0 there), or one
    channel of a drawing, 0 (line) … 1 (paper).
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.channels, self.width = channels, width
        self.backbone = EfficientNetLite(channels)
        self.lateral = stack(nn.Conv2d(c, PYRAMID, 1) for c in TAP_CHANNELS[1:])
        groups = ((8, COARSE), (16, MIDDLE), (32, FINE))
        self.heads = stack(StyleHeads(side, b - a, width) for side, (a, b) in groups)
        # Mean and deviation of the generator's W, [512].
        self.register_buffer("mean", torch.zeros(D))
        self.register_buffer("deviation", torch.ones(D))

    def offsets(self, image: Tensor) -> Tensor:
        """Codes without the mean, in deviations of W."""
        maps = self.backbone(image)
        finer, middle, coarse = (part(x) for part, x in zip(self.lateral, maps[1:], strict=True))
        middle = middle + F.interpolate(coarse, scale_factor=2.0)
        finer = finer + F.interpolate(middle, scale_factor=2.0)
        maps = (coarse, middle, finer)
        return torch.cat([head(x) for head, x in zip(self.heads, maps, strict=True)], dim=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.mean + self.deviation * self.offsets(image)
