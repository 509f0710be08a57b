"""How good and how varied drawn faces are, against held-out portraits.

    python -m psp_training.measure_generator VAL IDENTITY CHECKPOINT.pt [CHECKPOINT.pt …]

There is no ImageNet network at hand, so these are not FID as published and compare only with each
other. The features are those of the identity network (identity.py), which we ship: its embedding
(`identity`, 128 numbers: is it a face, whose) and the means of three inner maps (`texture`, 224
numbers: edges, grain, colour).

- frechet_*: squared Fréchet distance of Gaussians fitted to both sets (Heusel et al. 2017), divided
  by the trace of the real covariance, so that 1 is as far as two unrelated faces of the set.
- precision, recall: share of the drawn within reach of the real and the other way round
  (Kynkäänniemi et al. 2019, k = 3), on embeddings.
- diversity: mean distance between two drawn faces over that between two real ones.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .encoders.codes import batches
from .networks.decoder import Decoder
from .networks.generator import generator_of, mean_w
from .networks.identity import IdentityNet, load_identity
from .networks.psp import psp_of
from .pictures.data import Portraits
from .running.precision import half

DRAWS = 1200
NEIGHBOUR = 3


@dataclass(frozen=True)
class Features:
    identity: Tensor
    texture: Tensor


@torch.no_grad()
def features_of(net: IdentityNet, images: Tensor, size: int = 16) -> Features:
    """images [N, 3, S, S] in [−1, 1] → embeddings [N, 128] and means of inner maps [N, 224]."""
    identity, texture = [], []
    for part in images.split(size):
        with half(images.device):
            embedding, maps = net.features(part.clamp(-1, 1))
        identity.append(embedding.float())
        texture.append(torch.cat([m.float().mean(dim=(2, 3)) for m in maps], dim=1))
    return Features(torch.cat(identity), torch.cat(texture))


@torch.no_grad()
def draw(decoder: Decoder, count: int, psi: float = 1.0, seed: int = 0) -> Tensor:
    """Faces [N, 3, S, S] from seeded z, w drawn towards the mean of all by 1 − psi."""
    style = decoder.style[1].weight
    z = torch.randn(count, style.shape[0], generator=torch.Generator().manual_seed(seed))
    w = decoder.map(z.to(style.device))
    centre = mean_w(decoder).to(style.device)
    w = centre + psi * (w - centre)
    parts = w[:, None].expand(-1, decoder.n_styles, -1).split(16)
    return torch.cat([decoder(part).clamp(-1, 1) for part in parts])


def frechet(ours: Tensor, theirs: Tensor) -> float:
    """|μ₁ − μ₂|² + tr(C₁ + C₂ − 2 √(C₁C₂)), over tr(C₂); features [N, F] each."""
    ours, theirs = ours.double(), theirs.double()
    cov_ours, cov_theirs = torch.cov(ours.T), torch.cov(theirs.T)
    # √ of the product through its eigenvalues, which are real and not negative.
    cross = torch.linalg.eigvals(cov_ours @ cov_theirs).real.clamp(min=0).sqrt().sum()
    gap = (ours.mean(dim=0) - theirs.mean(dim=0)).square().sum()
    total = gap + cov_ours.trace() + cov_theirs.trace() - 2 * cross
    return float(total / cov_theirs.trace())


def covered(points: Tensor, manifold: Tensor, k: int = NEIGHBOUR) -> float:
    """Share of points [N, F] within the k-th-neighbour ball of some point of the manifold."""
    reach = torch.cdist(manifold, manifold).kthvalue(k + 1, dim=1).values
    return float((torch.cdist(points, manifold) <= reach).any(dim=1).float().mean())


def mean_distance(points: Tensor) -> float:
    count = len(points)
    return float(torch.cdist(points, points).sum() / (count * (count - 1)))


class Measures:
    """The figures of the docstring, against one set of real pictures' features."""

    def __init__(self, net: IdentityNet, real: Features, side: int) -> None:
        self.net, self.real, self.side = net, real, side

    def of(self, decoder: Decoder, psi: float = 1.0) -> dict[str, float]:
        return self.compare(features_of(self.net, draw(decoder, DRAWS, psi).cpu()))

    def compare(self, drawn: Features) -> dict[str, float]:
        real = self.real
        return {
            "frechet_identity": frechet(drawn.identity, real.identity),
            "frechet_texture": frechet(drawn.texture, real.texture),
            "precision": covered(drawn.identity, real.identity),
            "recall": covered(real.identity, drawn.identity),
            "diversity": mean_distance(drawn.identity) / mean_distance(real.identity),
        }


def pictures_at(data: Portraits, indices: np.ndarray, side: int) -> Tensor:
    """The pictures and their mirror images at `side`."""
    parts = []
    for mirror in (False, True):
        for images in batches(data, indices, mirror):
            parts.append(F.avg_pool2d(images, images.shape[-1] // side))
    return torch.cat(parts)


def measures_of(folder: Path, net: IdentityNet, side: int) -> Measures:
    """Against the held-out pictures of a folder, shrunk to the generator's side."""
    data = Portraits(folder)
    images = pictures_at(data, np.arange(len(data)), side)
    return Measures(net, features_of(net, images), side)


def decoder_of(path: Path) -> Decoder:
    """Of a generator.pt or of a pSp checkpoint."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    return generator_of(saved).decoder if "g_ema" in saved else psp_of(saved).decoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("val", type=Path, help="held-out folder written by prepare")
    parser.add_argument("identity", type=Path, help="folder with face_recognition_model.*")
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--train", type=Path, help="measure as many training pictures too")
    parser.add_argument("--psi", type=float, nargs="+", default=[1.0])
    arguments = parser.parse_args()
    decoders = {path: decoder_of(path) for path in arguments.checkpoints}
    sides = {decoder.side for decoder in decoders.values()}
    if len(sides) > 1:
        parser.error(f"the generators draw at {sorted(sides)}: only equal sides compare")
    measures = measures_of(arguments.val, load_identity(arguments.identity), sides.pop())
    table: dict[str, dict[str, float]] = {}
    if arguments.train:
        data = Portraits(arguments.train)
        some = np.linspace(0, len(data) - 1, DRAWS // 2).astype(int)
        images = pictures_at(data, some, measures.side)
        table["training pictures"] = measures.compare(features_of(measures.net, images))
    for path, decoder in decoders.items():
        for psi in arguments.psi:
            table[f"{path.parent.name}/{path.stem} psi {psi}"] = measures.of(decoder, psi)
    rounded = {k: {n: round(v, 4) for n, v in row.items()} for k, row in table.items()}
    print(json.dumps(rounded, indent=2))


if __name__ == "__main__":
    main()
