"""A small patch discriminator: it judges texture, 34 pixels wide, not whole faces."""

from torch import Tensor, nn
from torch.nn import functional as F


class PatchDiscriminator(nn.Module):
    """Images [N, 3, S, S] → scores [N, 1, S/8, S/8] and the feature maps on the way."""

    def __init__(self, widths: tuple[int, ...] = (32, 64, 96)) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for width in widths:
            layers.append(nn.Conv2d(before, width, 4, 2, 1))
            before = width
        self.convs = nn.ModuleList(layers)
        self.score = nn.Conv2d(before, 1, 3, 1, 1)

    def forward(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        maps: list[Tensor] = []
        x = images
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.2)
            maps.append(x)
        return self.score(x), maps
