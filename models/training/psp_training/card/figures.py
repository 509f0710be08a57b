"""Figures of results against the true pictures, per picture."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

from ..losses import feature_distance, l2
from ..networks.identity import IdentityNet


@dataclass(frozen=True)
class Seen:
    """Pictures [N, 3, S, S] in [−1, 1] and what the identity network makes of them."""

    pictures: Tensor
    embeddings: Tensor
    maps: list[Tensor]


class Truth:
    """One batch of true pictures [N, 3, 256, 256] at every side that is asked for."""

    def __init__(self, identity: IdentityNet, images: Tensor) -> None:
        self.identity = identity
        self.images = images
        self.sides: dict[int, Seen] = {}

    def at(self, side: int) -> Seen:
        if side not in self.sides:
            self.sides[side] = self.look(averaged(self.images, side))
        return self.sides[side]

    def look(self, pictures: Tensor) -> Seen:
        embeddings, maps = self.identity.features(pictures)
        return Seen(pictures, embeddings, maps)


@dataclass
class Record:
    """Figures of one method over a set, gathered batch by batch."""

    values: dict[str, list[Tensor]] = field(default_factory=dict)
    results: list[Tensor] = field(default_factory=list)
    wanted: list[Tensor] = field(default_factory=list)

    def add(self, faces: Tensor, truth: Truth, masks: Tensor | None = None) -> None:
        """faces [N, 3, S, S] (or [1, 3, S, S], the same for all) against the truth at S.

        `masks` [N, 1, 256, 256], 1 inside the hole: the error inside and outside is added.
        """
        target = truth.at(faces.shape[-1])
        count = len(target.pictures)
        seen = truth.look(faces.clamp(-1, 1))
        self.keep("l2", l2(seen.pictures, target.pictures))
        self.keep("perceptual", feature_distance(seen.maps, target.maps))
        if masks is not None:
            inside = averaged(masks, faces.shape[-1])
            squared = (seen.pictures - target.pictures).square().mean(dim=1, keepdim=True)
            self.keep("l2_inside", weighted_mean(squared, inside))
            self.keep("l2_outside", weighted_mean(squared, 1 - inside))
        self.results.append(seen.embeddings.expand(count, -1))
        self.wanted.append(target.embeddings)

    def keep(self, name: str, value: Tensor) -> None:
        self.values.setdefault(name, []).append(value)

    def per_picture(self) -> dict[str, Tensor]:
        """Every figure as [N]: squared errors, feature distance, and the cosine of embeddings with
        the true pictures' mean embedding taken away."""
        wanted, results = torch.cat(self.wanted), torch.cat(self.results)
        centre = wanted.mean(dim=0)
        figures = {name: torch.cat(parts) for name, parts in self.values.items()}
        figures["identity"] = F.cosine_similarity(results - centre, wanted - centre)
        return figures


def joined(records: list[Record]) -> Record:
    """Several records of one method, one after the other."""
    whole = Record()
    for record in records:
        for name, parts in record.values.items():
            whole.values.setdefault(name, []).extend(parts)
        whole.results += record.results
        whole.wanted += record.wanted
    return whole


def averaged(images: Tensor, side: int) -> Tensor:
    """[N, C, S, S] → [N, C, side, side], every pixel the mean of its area."""
    return F.interpolate(images.contiguous(), size=(side, side), mode="area")


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """[N, 1, S, S] each → [N]; a picture without any weight gets NaN."""
    return (values * weights).sum(dim=(1, 2, 3)) / weights.sum(dim=(1, 2, 3))
