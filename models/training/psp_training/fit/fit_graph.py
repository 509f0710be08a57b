"""How far the picture of some codes is from a photograph, and the codes' gradient, in one graph.

Inputs (float32, one face at a time)
- `latents` [1, 23, 512]: W+ codes as the decoder takes them
- `target` [1, 3, 256, 256] in [−1, 1]: the photograph's aligned crop
- `known` [1, 1, 256, 256] in 0…1: how much each of its pixels counts; 0 in a hole
- `correction` [1, 3, 256, 256]: added to the head's picture; what the decoder's own, shrunk, had more
  where it was last drawn
- `person` [1, 3, 256, 256]: the picture whose person is wanted; the target as a rule
- `rows`, `columns` [150, 256]: what the identity network sees of a picture P: rows · P · columnsᵀ
- `scales` [5]: weights of the squared error at 256², 128², 64², 32² and 16²
- `balance` [3]: weights of the three terms in the gradient

Outputs
- `terms` [3]: squared error per pixel, distance of the identity network's inner maps, squared
  distance of its embeddings
- `gradient` [1, 23, 512] of balance · terms
- `image` [1, 3, 256, 256]: the codes' picture, not corrected, about [−1, 1]
- `mean`, `deviation` [512]: of the generator's W, the units in which codes are compared

In a hole the identity network is shown our own picture on both sides, and what is drawn there has no
gradient of its own: it would be bent into whatever makes up for the rest of the face.
"""

from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..networks.identity import IdentityNet
from ..networks.mobile_stylegan import Generator
from ..networks.picture_head import SIDE, PictureHead
from .generator_gradient import PictureGradient
from .identity_gradient import IdentityGradient
from .shapes import shape_of

SCALES = 5
INPUTS = ("latents", "target", "known", "correction", "person", "rows", "columns", "scales", "balance")
OUTPUTS = ("terms", "gradient", "image", "mean", "deviation")


class FitGraph(nn.Module):
    def __init__(self, generator: Generator, head: PictureHead, identity: IdentityNet) -> None:
        super().__init__()
        self.generator, self.head, self.identity = generator, head, identity
        self.picture = PictureGradient(generator.synthesis, head)
        self.person = IdentityGradient(identity)

    @torch.no_grad()
    def forward(
        self,
        latents: Tensor,
        target: Tensor,
        known: Tensor,
        correction: Tensor,
        person: Tensor,
        rows: Tensor,
        columns: Tensor,
        scales: Tensor,
        balance: Tensor,
    ) -> tuple[Tensor, ...]:
        own, trace = self.picture.forward(latents)
        image = own + correction
        share = known.mean().clamp_min(1 / SIDE**2)
        squared, g = picture_term((image - target) * known, share, scales)
        g = g * known * balance[0]
        wanted = person * known + image * (1 - known)
        views = rows @ torch.cat([image, wanted]) @ columns.T
        features, identity, seen = self.person.terms(views, balance[1:])
        g = g + rows.T @ seen @ columns * known
        terms = torch.stack([squared, features, identity])
        gradient = self.picture.backward(g, trace)
        # A product, since a graph's output must not be a stored constant itself.
        one = torch.ones_like(scales[:1])
        return terms, gradient, own, self.generator.mean * one, self.generator.deviation * one


def picture_term(apart: Tensor, share: Tensor, scales: Tensor) -> tuple[Tensor, Tensor]:
    """`apart` [1, 3, 256, 256], 0 where nothing is known; `share` of it that is → the squared error
    per known pixel, summed over the scales by their weights, and its gradient."""
    levels = [apart]
    for _ in range(SCALES - 1):
        levels.append(F.avg_pool2d(levels[-1], 2))
    weights = scales / share
    term = sum(w * level.square().mean() for w, level in zip(weights, levels, strict=True))
    slopes = [w * (2 / prod(shape_of(level))) * level for w, level in zip(weights, levels, strict=True)]
    g = slopes[-1]
    for slope in reversed(slopes[:-1]):
        g = F.interpolate(g, scale_factor=2, mode="nearest") / 4 + slope
    return term, g
