"""Pairs of picture and labels, changed together: what photographs have and drawn faces have not."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..pictures.augment import moving_grid, recoloured
from ..pictures.degrade import holes, photographed
from .classes import MIRRORED, NAMES
from .earrings import earringed
from .fabric import fabrics

TURN, SCALE, SHIFT = 0.12, 0.12, 0.05
# Share of pictures with something before the face.
COVERED = 0.15
# Share whose hair, and share of those whose neck too, is hidden by a cloth.
SCARVED, WRAPPED = 0.25, 0.6
HAIR, HAT = NAMES.index("hair"), NAMES.index("hat")
# What labels are where nobody knows.
UNKNOWN = 255
# Share of hats and scarves of photographs that are dyed, and of these the dark ones.
DYED, DARK = 0.7, 0.6
# What a cloth over the hair reaches over its edge, in pixels.
HEM = 6


def numbers_of(*names: str) -> Tensor:
    return torch.tensor([NAMES.index(name) for name in names], dtype=torch.uint8)


HIDDEN = numbers_of("neck", "left ear", "right ear", "earring", "necklace")
BESIDE = numbers_of("skin", "left ear", "right ear", "earring", "background")


def augmented(pictures: Tensor, labels: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Pictures uint8 [N, 3, 256, 256] and labels uint8 [N, 256, 256] → pictures in 0..1 and labels,
    mirrored, moved, given earrings, scarved, covered, lit and photographed anew."""
    x, y = pictures.float() / 127.5 - 1, labels
    x, y = earringed(*moved(*mirrored(x, y, rng), rng), rng)
    x, y = covered(*scarved(x, y, rng), rng)
    x = photographed(recoloured(x, rng), rng)
    return x / 2 + 0.5, y


def mirrored(x: Tensor, y: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    flip = torch.from_numpy(rng.random(len(x)) < 0.5)
    other = torch.arange(256, dtype=torch.uint8)
    other[: len(MIRRORED)] = torch.tensor(MIRRORED, dtype=torch.uint8)
    swapped = other[y.flip(2).long()]
    return (
        torch.where(flip[:, None, None, None], x.flip(3), x),
        torch.where(flip[:, None, None], swapped, y),
    )


def moved(x: Tensor, y: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Turned, scaled and shifted; beyond the edges a mirror image, whose labels count too."""
    grid = moving_grid(x, rng, TURN, SCALE, SHIFT)

    def sampled(planes: Tensor, mode: str) -> Tensor:
        return F.grid_sample(planes, grid, mode, padding_mode="reflection", align_corners=False)

    return sampled(x, "bilinear"), sampled(y[:, None].float(), "nearest")[:, 0].to(torch.uint8)


def covered(x: Tensor, y: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """A patch of another picture of the batch, or of one colour, which is background."""
    chosen = torch.from_numpy(rng.random(len(x)) < COVERED)
    mask = holes(len(x), x.shape[-1], rng)[:, 0] > 0.5
    mask &= chosen[:, None, None]
    colour = torch.from_numpy(rng.uniform(-1, 1, (len(x), 3, 1, 1))).float()
    other = x.roll(1, 0).flip(2)
    share = torch.from_numpy(rng.uniform(0, 1, (len(x), 1, 1, 1))).float()
    patch = (share * colour + (1 - share) * other).expand_as(x)
    return torch.where(mask[:, None], patch, x), torch.where(mask, torch.zeros_like(y), y)


def scarved(x: Tensor, y: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """A cloth over the hair, which is a hat: drawn faces wear few, and their hair is never a
    cloth's colour. The hair's own light goes on to lie on it. A plain dark cloth would pass for
    hair, and hair for it, where neck and ears do not tell."""
    count, side = len(x), x.shape[-1]
    worn, wrapped, wide = (rng.random(count) < chance for chance in (SCARVED, WRAPPED, 0.5))
    cloth = y == HAIR
    cloth |= per_picture(wrapped) & torch.isin(y, HIDDEN)
    around = F.max_pool2d(cloth[:, None].float(), 2 * HEM + 1, 1, HEM)[:, 0] > 0
    cloth |= around & (y == UNKNOWN)
    cloth |= per_picture(wide) & around & torch.isin(y, BESIDE)
    cloth &= per_picture(worn)
    light = F.avg_pool2d(x.mean(dim=1, keepdim=True), 17, 1, 8)
    woven = fabrics(np.where(wrapped, -0.95, -0.2), side, rng) + 0.3 * light
    x = torch.where(cloth[:, None], woven.clamp(-1, 1), x)
    return x, torch.where(cloth, HAT, y).to(torch.uint8)


def dyed(x: Tensor, y: Tensor, rng: np.random.Generator) -> Tensor:
    """Hats and scarves [N, 3, S, S] in −1..1 in another colour, most in a dark one; folds stay."""
    count = len(x)
    hat = (y == HAT)[:, None].float()
    light = x.mean(dim=1, keepdim=True)
    mean = (light * hat).sum(dim=(2, 3), keepdim=True) / (hat.sum(dim=(2, 3), keepdim=True) + 1)
    lightest = np.where(rng.random((count, 1)) < DARK, -0.7, 0.8)
    colour = torch.from_numpy(rng.uniform(-0.98, lightest, (count, 3))).float()
    contrast = torch.from_numpy(rng.uniform(0.15, 0.8, (count, 1, 1, 1))).float()
    cloth = (colour[:, :, None, None] + contrast * (light - mean)).clamp(-1, 1)
    worn = per_picture(rng.random(count) < DYED)[:, None].float()
    # Cloth ends softly, and its outline is no surer than a pixel.
    return torch.lerp(x, cloth, worn * F.avg_pool2d(hat, 3, 1, 1, count_include_pad=False))


def per_picture(chosen: np.ndarray) -> Tensor:
    return torch.from_numpy(chosen)[:, None, None]
