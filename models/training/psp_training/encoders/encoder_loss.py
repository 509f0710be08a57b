"""The loss of an encoder against a frozen generator (pSp, section 3.2)."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from ..losses import face_weight, feature_distance, pyramid_l1
from ..networks.discriminator import Discriminator
from ..networks.identity import IdentityNet
from ..running.precision import half
from .operations import Weights

Terms = dict[str, Tensor]


@dataclass(frozen=True)
class Wanted:
    # [N, 3, S, S] in [−1, 1].
    faces: Tensor
    # How much each pixel counts, [N, 1, S, S].
    counts: Tensor
    # Latents [N, n_styles, D] in units of `spread`, where there is someone to tell them.
    codes: Tensor | None
    spread: Tensor | None


@dataclass(frozen=True)
class EncoderLoss:
    """All networks here are frozen. The dear ones, for perception and identity, look at the first
    `judged` pictures of a batch only.

    - pixel: L1 on four scales, for the paper's L2, since at 64² it finds the layout sooner
    - perceptual: for LPIPS, whose backbone was trained on ImageNet: the same distance on feature
      maps of the identity network and of the generator's own discriminator, mean over the maps
    - identity: 1 − cosine of the embeddings, from which the mean of all faces is taken away
    - w_norm: ‖codes − latent_avg‖₂
    - latent: squared distance to the wanted codes, over their variance
    """

    weights: Weights
    identity: IdentityNet
    discriminator: Discriminator
    # The mean embedding, [128].
    centre: Tensor
    judged: int

    def terms(self, faces: Tensor, offsets: Tensor, codes: Tensor, wanted: Wanted) -> Terms:
        """faces [N, 3, S, S]; offsets and codes [N, n_styles, D], without and with latent_avg.
        Every term that counts, as one number; the weights are not yet in it."""
        side = faces.shape[-1]
        ours = face_weight(side, self.weights.outside, self.weights.inside).to(faces.device)
        counts = wanted.counts * ours
        terms = {"pixel": pyramid_l1(faces, wanted.faces, counts).mean()}
        part = slice(self.judged)
        terms |= self.judge(faces[part], wanted.faces[part], counts[part])
        if self.weights.w_norm > 0:
            terms["w_norm"] = offsets.flatten(1).norm(dim=1).mean()
        if wanted.codes is not None and self.weights.latent > 0:
            terms["latent"] = (codes - wanted.codes).square().mean() / wanted.spread
        return terms

    def judge(self, faces: Tensor, targets: Tensor, counts: Tensor) -> Terms:
        faces, targets = (
            images.contiguous(memory_format=torch.channels_last) for images in (faces, targets)
        )
        with half(faces.device):
            embedding, maps = self.identity.features(faces)
            ours = self.discriminator.maps(faces)
            with torch.no_grad():
                true_embedding, true_maps = self.identity.features(targets)
                theirs = self.discriminator.maps(targets)
        inner = feature_distance(maps, true_maps) / len(maps)
        whole = feature_distance(ours, theirs, counts) / len(ours)
        terms = {"perceptual": (inner + whole).mean() / 2}
        if self.weights.identity > 0:
            cosine = F.cosine_similarity(embedding - self.centre, true_embedding - self.centre)
            terms["identity"] = (1 - cosine).mean()
        return terms

    def total(self, terms: Terms) -> Tensor:
        return sum(getattr(self.weights, name) * value for name, value in terms.items())
