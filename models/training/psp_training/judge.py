"""How far a picture is from another: the paper's losses (section 3.2), by networks at hand.

- l2: squared differences on scales 1, ½, ¼ and ⅛, their mean
- perceptual: LPIPS without its learned weights (Zhang et al. 2018) on the backbone's ImageNet maps
- features: the same on the identity network's maps
- identity: 1 − cosine of the embeddings, from which the mean of all faces is taken away
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .networks.efficientnet import EfficientNetLite
from .networks.identity import IdentityNet

SCALES = (1, 2, 4, 8)
PERCEPTUAL_TAPS = 3
WEIGHTS = {"l2": 2.0, "perceptual": 0.3, "features": 0.3, "identity": 0.5}

Terms = dict[str, Tensor]


class Judge(nn.Module):
    """Both networks frozen; pictures [N, 3, 256, 256] in about [−1, 1]."""

    centre: Tensor

    def __init__(self, backbone: EfficientNetLite, identity: IdentityNet) -> None:
        super().__init__()
        self.backbone, self.identity = backbone.eval().requires_grad_(False), identity
        # The mean embedding, [128].
        self.register_buffer("centre", torch.zeros(128))

    @torch.no_grad()
    def learn_centre(self, pictures: Tensor) -> None:
        """`pictures` uint8."""
        device = self.centre.device
        parts = (part.to(device).float() / 127.5 - 1 for part in pictures.split(64))
        self.centre.copy_(torch.cat([self.identity(part) for part in parts]).mean(dim=0))

    def cosine(self, pictures: Tensor, targets: Tensor) -> Tensor:
        """Likeness [N] as the card measures it."""
        ours, theirs = (self.identity(x).float() - self.centre for x in (pictures, targets))
        return F.cosine_similarity(ours, theirs)

    def forward(self, pictures: Tensor, targets: Tensor) -> Terms:
        with torch.no_grad():
            embedding, target_maps = self.identity.features(targets)
            wanted = self.backbone(targets, PERCEPTUAL_TAPS)
        ours, maps = self.identity.features(pictures)
        difference = (pictures - targets).float()
        l2 = [F.avg_pool2d(difference, scale).square().mean() for scale in SCALES]
        seen = feature_distance(self.backbone(pictures, PERCEPTUAL_TAPS), wanted).mean()
        cosine = F.cosine_similarity(ours.float() - self.centre, embedding.float() - self.centre)
        return {
            "l2": torch.stack(l2).mean(),
            "perceptual": seen / PERCEPTUAL_TAPS,
            "features": feature_distance(maps, target_maps).mean(),
            "identity": (1 - cosine).mean(),
        }


def feature_distance(maps: list[Tensor], targets: list[Tensor]) -> Tensor:
    """Squared distance of feature vectors of unit length, averaged over positions and summed over
    the layers, [N]."""
    total = torch.zeros(())
    for ours, theirs in zip(maps, targets, strict=True):
        ours, theirs = (F.normalize(x.float(), dim=1) for x in (ours, theirs))
        total = total + (ours - theirs).square().sum(dim=1).mean(dim=(1, 2))
    return total


def weighed(terms: Terms, weights: dict[str, float]) -> Tensor:
    return torch.stack([weights[name] * value for name, value in terms.items()]).sum()
