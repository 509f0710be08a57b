"""Parts of a drawn face, read off the generator's own features (Zhang et al. 2021, DatasetGAN).

The features of every level are reduced to their principal components where they are coarse and only
then brought to 256²: both are linear, so the order does not matter, and a per-pixel network on all
channels at 256² would be a hundred times dearer.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..networks.stack import stack
from .classes import COUNT
from .faces import CHANNELS, PICTURE

# Principal components kept of each level, and width of the per-pixel network.
COMPONENTS = (64, 64, 64, 32)
HIDDEN = 96
# Share of components hidden while it learns.
DROPPED = 0.1


class FeatureParts(nn.Module):
    """Four feature maps → logits [N, 19, 256, 256]."""

    def __init__(self) -> None:
        super().__init__()
        self.components = stack(
            conv1x1(*sizes).requires_grad_(False)
            for sizes in zip(CHANNELS, COMPONENTS, strict=True)
        )
        self.layers = stack(
            nn.Linear(a, b) for a, b in ((sum(COMPONENTS), HIDDEN), (HIDDEN, HIDDEN))
        )
        self.out = nn.Linear(HIDDEN, COUNT)

    @torch.no_grad()
    def measure(self, faces: list[list[Tensor]]) -> None:
        """Finds the components, each of variance 1, from every 16th pixel of the faces' maps."""
        for level, component in enumerate(self.components):
            maps = torch.cat([face[level].float() for face in faces])
            rows = maps[:, :, 1::4, 1::4].movedim(1, 3).flatten(0, 2)
            # Channels are brought to one deviation first, so that loud ones do not decide alone.
            mean, deviation = rows.mean(dim=0), rows.std(dim=0) + 1e-3
            scatter = torch.cov(((rows - mean) / deviation).T)
            values, axes = torch.linalg.eigh(scatter)
            kept = COMPONENTS[level]
            axes = axes[:, -kept:] / (values[-kept:] + 1e-6).sqrt() / deviation[:, None]
            component.weight.copy_(axes.T[:, :, None, None])
            component.get_parameter("bias").copy_(-mean @ axes)

    def reduced(self, maps: list[Tensor]) -> Tensor:
        """The components of all levels at 256², [N, 224, 256, 256]."""
        levels = (component(x) for component, x in zip(self.components, maps, strict=True))
        size = (PICTURE, PICTURE)
        return torch.cat([F.interpolate(x, size, mode="bilinear") for x in levels], dim=1)

    def of_pixels(self, rows: Tensor) -> Tensor:
        """Components [..., 224] → logits [..., 19]."""
        x = F.dropout(rows, DROPPED, self.training)
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)

    def forward(self, maps: list[Tensor]) -> Tensor:
        return self.of_pixels(self.reduced(maps).movedim(1, 3)).movedim(3, 1)


def conv1x1(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 1)
