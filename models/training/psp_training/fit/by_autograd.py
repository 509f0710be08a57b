"""The fit graph's answer by PyTorch's autograd: what its written-out backward pass is held to."""

import torch
from torch import Tensor
from torch.nn import functional as F

from ..judge import feature_distance
from ..networks.picture_head import LEVELS
from .fit_graph import FitGraph


def by_autograd(graph: FitGraph, given: tuple[Tensor, ...]) -> dict[str, Tensor]:
    """What the fit graph answers (`fit_graph`): its terms, their gradient [1, 23, 512], its picture."""
    codes, target, known, correction, person, rows, columns, scales, balance = given
    codes = codes.clone().requires_grad_()
    own = graph.head(graph.generator.synthesis.features(codes, LEVELS), codes)
    image = own + correction
    apart = (image - target) * known
    levels = [F.avg_pool2d(apart, 2**k).square().mean() for k in range(len(scales))]
    squared = (torch.stack(levels) * scales).sum() / known.mean()
    wanted = person * known + image.detach() * (1 - known)
    held = image * known + image.detach() * (1 - known)
    ours, our_maps = graph.identity.see(rows @ held @ columns.T)
    theirs, their_maps = graph.identity.see(rows @ wanted @ columns.T)
    features = feature_distance(our_maps, their_maps).sum()
    terms = torch.stack([squared, features, (ours - theirs).square().sum()])
    (terms * balance).sum().backward()
    assert codes.grad is not None
    return {"terms": terms.detach(), "gradient": codes.grad, "image": own.detach()}
