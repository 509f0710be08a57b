"""A 256² picture read off the generator's 128² features, at a third of the cost of drawing 1024².

Two more layers of the generator's own kind and a wavelet step. The styles above 128² steer the
layers that are left out, so that their sum of effects (colour above all) has to be learned here.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .mobile_stylegan import N_STYLES, WIDTHS, D, Separable, haar_kernel, haar_order, wavelet_up
from .stack import stack

LEVELS = 5
# The first style that the features do not know.
FIRST_STYLE = 1 + 3 * LEVELS
SIDE = 256
HIDDEN = 96


class PictureHead(nn.Module):
    """Features [N, 256, 128, 128] and codes [N, 23, 512] → RGB [N, 3, 256, 256], about [−1, 1]."""

    haar: Tensor
    order: Tensor

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        inputs = WIDTHS[LEVELS - 1]
        styles = (N_STYLES - FIRST_STYLE) * D
        self.gains = stack(nn.Linear(styles, c) for c in (inputs, hidden, hidden))
        self.conv1 = Separable(inputs, hidden, SIDE // 2)
        self.conv2 = Separable(hidden, hidden, SIDE // 2)
        self.to_rgb = nn.Parameter(torch.empty(12, hidden, 1, 1))
        self.rgb_bias = nn.Parameter(torch.zeros(12))
        self.register_buffer("haar", haar_kernel(3), persistent=False)
        self.register_buffer("order", haar_order(3), persistent=False)
        for gain in self.gains:
            nn.init.normal_(gain.weight, std=1e-3)
            nn.init.ones_(gain.bias)
        for layer in (self.conv1, self.conv2):
            nn.init.normal_(layer.depthwise, std=0.05)
            with torch.no_grad():
                layer.depthwise[:, :, 1, 1] += 1
            nn.init.kaiming_normal_(layer.pointwise, a=0.2)
        nn.init.kaiming_normal_(self.to_rgb, a=1)

    def forward(self, features: Tensor, codes: Tensor) -> Tensor:
        upper = codes[:, FIRST_STYLE:].flatten(1)
        first, second, third = (gain(upper)[:, :, None, None] for gain in self.gains)
        x = self.conv2(self.conv1(features, first), second)
        x = F.conv2d(x * third, self.to_rgb, self.rgb_bias)
        return wavelet_up(x, self.haar, self.order)
