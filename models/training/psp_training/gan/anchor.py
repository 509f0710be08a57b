"""Keeps a generator that began as an autoencoder's decoder true to pictures while it becomes a GAN.

A short run cannot afford what a discriminator alone takes to teach: part of every batch is decoded
from a frozen encoder's latents of real pictures, judged like the drawn part, and held near those
pictures by the losses that the decoder began with (compare VAE-GAN, Larsen et al. 2016).
"""

import torch
from torch import Tensor

from ..losses import face_weight, perceptual, pyramid_l1
from ..networks.identity import IdentityNet
from ..networks.layers import channels_last
from ..networks.psp import Psp
from ..running.precision import half

# Share of the batch, and of that share how many pictures pay for the dearer losses.
SHARE, JUDGED = 0.5, 0.5
PIXEL, FEATURE, IDENTITY = 1.0, 0.2, 0.3


class Anchor:
    def __init__(self, psp: Psp, identity: IdentityNet, device: torch.device) -> None:
        self.psp = psp.to(device).requires_grad_(False)
        self.psp.encoder.notice_lean()
        channels_last(self.psp.encoder)
        self.identity = identity.to(device)

    @torch.no_grad()
    def latents(self, pictures: Tensor) -> Tensor:
        """Of the first pictures of a batch [N, 3, 256, 256]: [N · SHARE, n_styles, D]."""
        part = pictures[: round(len(pictures) * SHARE)]
        with half(pictures.device):
            return self.psp.encode(part).float()

    def loss(self, faces: Tensor, targets: Tensor) -> Tensor:
        """One number; both [N, 3, S, S] in [−1, 1]."""
        pixel = pyramid_l1(faces, targets, face_weight(faces.shape[-1], 0.6, 1.3).to(faces.device))
        judged = max(1, round(len(faces) * JUDGED))
        with half(faces.device):
            feature, identity = perceptual(self.identity, faces[:judged], targets[:judged])
        return PIXEL * pixel.mean() + FEATURE * feature.mean() + IDENTITY * identity.mean()
