"""Parts of a drawn face, read off the generator's own features (Zhang et al. 2021, DatasetGAN).

The features of every level are mixed where they are coarse and only then brought to 256²: mixing
and bilinear enlarging commute, and a per-pixel network on all channels at 256² would be a hundred
times dearer.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .classes import COUNT
from .faces import CHANNELS, PICTURE

HIDDEN = 64
# Share of channels hidden while it learns.
DROPPED = 0.1


class FeatureParts(nn.Module):
    """Four feature maps → logits [N, 19, 256, 256]."""

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        # What every channel is measured by.
        for level, channels in enumerate(CHANNELS):
            self.register_buffer(f"mean{level}", torch.zeros(channels, 1, 1))
            self.register_buffer(f"deviation{level}", torch.ones(channels, 1, 1))
        self.mix = nn.ModuleList(nn.Conv2d(channels, hidden, 1) for channels in CHANNELS)
        self.hidden = nn.Conv2d(hidden, hidden, 1)
        self.out = nn.Conv2d(hidden, COUNT, 1)

    @torch.no_grad()
    def measure(self, faces: list[list[Tensor]]) -> None:
        for level in range(len(CHANNELS)):
            rows = torch.cat([maps[level].flatten(2).transpose(1, 2)[0] for maps in faces])
            getattr(self, f"mean{level}").copy_(rows.mean(dim=0).view(-1, 1, 1))
            getattr(self, f"deviation{level}").copy_(rows.std(dim=0).view(-1, 1, 1) + 1e-3)

    def forward(self, maps: list[Tensor]) -> Tensor:
        total = 0
        for level, (x, mix) in enumerate(zip(maps, self.mix, strict=True)):
            y = mix(self.measured(x, level))
            total = total + F.interpolate(y, (PICTURE, PICTURE), mode="bilinear")
        return self.out(F.relu(self.hidden(F.relu(total))))

    def of_pixels(self, rows: list[Tensor]) -> Tensor:
        """The same for single pixels, [N, C] of every level → [N, 19]."""
        total = 0
        for level, (x, mix) in enumerate(zip(rows, self.mix, strict=True)):
            x = self.measured(x[:, :, None, None], level)
            total = total + mix(F.dropout2d(x, DROPPED, self.training))
        return self.out(F.relu(self.hidden(F.relu(total))))[:, :, 0, 0]

    def measured(self, x: Tensor, level: int) -> Tensor:
        return (x - getattr(self, f"mean{level}")) / getattr(self, f"deviation{level}")
