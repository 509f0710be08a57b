"""Latent targets for frontalization.

Codes change almost linearly with yaw: c ≈ c0 + b·yaw + g·yaw². Taking both terms away turns the
head. For strongly turned heads the far half of the face is guessed from the near one: there the
target is the average of a picture's code and its mirror image's, where what is odd in yaw cancels.
"""

import torch
from torch import Tensor

from ..networks.psp import Psp

# From this yaw on (−1…1, about 1 = profile) the target is wholly the mirrored average.
MIRROR_FROM = 0.5


@torch.no_grad()
def frontal_codes(psp: Psp, images: Tensor, yaw: Tensor, direction: Tensor) -> Tensor:
    """images [N, 3, 256, 256], yaw [N], direction [2, n_styles, D] → latents [N, n_styles, D]."""
    codes = psp.encode(torch.cat([images, images.flip(3)]))
    return turned(*codes.chunk(2), yaw, direction)


def turned(codes: Tensor, mirrored: Tensor, yaw: Tensor, direction: Tensor) -> Tensor:
    odd, even = direction
    yaw = yaw[:, None, None]
    own = codes - odd * yaw
    other = mirrored + odd * yaw
    share = (yaw.abs() / MIRROR_FROM).clamp(max=1) / 2
    return own * (1 - share) + other * share - even * yaw.square()
