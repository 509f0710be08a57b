"""Losses on images [N, 3, S, S] in [−1, 1]. Each returns one number per picture, [N]."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .networks.identity import CROP_LEFT, CROP_SIDE, CROP_TOP, IdentityNet

PYRAMID_LEVELS = 4


def face_weight(side: int, outside: float, inside: float) -> Tensor:
    """[1, 1, side, side]: `inside` within the inner crop, `outside` elsewhere, mean one."""
    weight = torch.full((1, 1, side, side), outside)
    top, left, crop = (round(part * side) for part in (CROP_TOP, CROP_LEFT, CROP_SIDE))
    weight[:, :, top : top + crop, left : left + crop] = inside
    return weight / weight.mean()


def inner_crop(images: Tensor) -> Tensor:
    """The official inner crop: rows 35..223, columns 32..220 of 256, at any side."""
    side = images.shape[-1]
    top, left, crop = (round(part * side) for part in (CROP_TOP, CROP_LEFT, CROP_SIDE))
    return images[:, :, top : top + crop, left : left + crop]


def l2(images: Tensor, targets: Tensor) -> Tensor:
    return (images - targets).square().mean(dim=(1, 2, 3))


def pyramid_l1(images: Tensor, targets: Tensor, weight: Tensor) -> Tensor:
    """Mean over scales 1, 1/2, 1/4, 1/8 of the weighted absolute difference."""
    difference = images - targets
    total = torch.zeros(())
    for level in range(PYRAMID_LEVELS):
        if level:
            difference = F.avg_pool2d(difference, 2)
            weight = F.avg_pool2d(weight, 2)
        total = total + (difference.abs() * weight).mean(dim=(1, 2, 3))
    return total / PYRAMID_LEVELS


def feature_distance(
    maps: list[Tensor], targets: list[Tensor], counts: Tensor | None = None
) -> Tensor:
    """LPIPS without its learned weights (Zhang et al. 2018): squared distance of feature vectors
    of unit length, averaged over positions, summed over the layers. `counts` [N, 1, S, S] says how
    much each position counts, where the maps show the whole picture."""
    total = torch.zeros(())
    for ours, theirs in zip(maps, targets, strict=True):
        ours = F.normalize(ours.float(), dim=1)
        theirs = F.normalize(theirs.float(), dim=1)
        distance = (ours - theirs).square().sum(dim=1)
        if counts is not None:
            distance = distance * F.adaptive_avg_pool2d(counts, distance.shape[1:])[:, 0]
        total = total + distance.mean(dim=(1, 2))
    return total


def perceptual(net: IdentityNet, images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """(feature distance, squared identity distance), both [N]; targets get no gradient."""
    embedding, maps = net.features(images)
    with torch.no_grad():
        wanted, target_maps = net.features(targets)
    return feature_distance(maps, target_maps), (embedding - wanted).square().sum(dim=1)


def latent_spread(codes: Tensor) -> Tensor:
    """How far the styles of a W+ code lie from their mean, the nearest single w, [N]."""
    return (codes - codes.mean(dim=1, keepdim=True)).square().mean(dim=(1, 2))


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Non-saturating logistic loss (Goodfellow et al. 2014) of patch scores."""
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def generator_loss(fake: Tensor) -> Tensor:
    return F.softplus(-fake).mean()


def gradient_penalty(discriminator: nn.Module, real: Tensor) -> Tensor:
    """R1 (Mescheder et al. 2018): squared gradient of the score at real pictures, their mean.

    With augmentation `real` is what the discriminator sees: the penalty is taken there, since
    resampling has no second derivative in PyTorch.
    """
    real = real.detach().requires_grad_(True)
    scores, _ = discriminator(real)
    total = scores.reshape(len(real), -1).mean(dim=1).sum()
    (gradient,) = torch.autograd.grad(total, real, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


def path_lengths(images: Tensor, latents: Tensor) -> Tensor:
    """How much a picture moves with its latent, [N] (Karras et al. 2020, section 3.2).

    |Jᵀ y| for random pictures y, per style root mean square over the styles. `images` must have
    been made from `latents` [N, n_styles, D], which require a gradient.
    """
    direction = torch.randn_like(images) / math.sqrt(images.shape[2] * images.shape[3])
    (gradient,) = torch.autograd.grad((images * direction).sum(), latents, create_graph=True)
    return gradient.square().sum(dim=2).mean(dim=1).sqrt()
