"""Measure the four checkpoints on held-out portraits and draw the model card's pictures.

    python -m psp_training.evaluate VAL IDENTITY CHECKPOINTS OUT

Writes OUT/figures.json, OUT/operations.webp and OUT/samples.webp; nothing in them is picked by
hand: the pictures are spread evenly over the held-out set and drawn from fixed seeds.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .codes import batches, codes_of, read_yaw, yaw_reader
from .data import Portraits
from .degrade import holes, shrunk, with_hole
from .encoder import COARSE_END, MIDDLE_END
from .identity import IdentityNet, load_identity
from .losses import inner_crop
from .operations import OPERATIONS
from .preview import save_grid
from .psp import Psp, load

SHRINK = 8
TURNED = 0.3


def inputs_of(operation: str, images: Tensor) -> Tensor:
    """The damaged pictures an operation is measured on; the same for every run."""
    if operation == "super-resolve":
        return shrunk(images, SHRINK)
    if operation == "inpaint":
        masks = holes(len(images), images.shape[-1], np.random.default_rng(len(images)))
        return with_hole(images, masks)
    return images


class Measure:
    """Sums of per-picture figures over batches."""

    def __init__(self, identity: IdentityNet, centre: Tensor) -> None:
        self.identity = identity
        self.centre = centre
        self.rows: dict[str, list[Tensor]] = {}

    def add(self, faces: Tensor, images: Tensor) -> None:
        """faces [N, 3, S, S] against the true pictures [N, 3, 256, 256]."""
        targets = F.avg_pool2d(images, images.shape[-1] // faces.shape[-1])
        faces = faces.clamp(-1, 1)
        inner = inner_crop(faces - targets).square().mean(dim=(1, 2, 3))
        ours, theirs = self.identity(faces), self.identity(targets)
        cosine = F.cosine_similarity(ours - self.centre, theirs - self.centre)
        values = {
            "l2": (faces - targets).square().mean(dim=(1, 2, 3)),
            "l2_inner_crop": inner,
            "identity_cosine": cosine,
            "identity_distance": (ours - theirs).norm(dim=1),
        }
        for name, value in values.items():
            self.rows.setdefault(name, []).append(value)

    def means(self) -> dict[str, float]:
        return {name: round(float(torch.cat(v).mean()), 4) for name, v in self.rows.items()}


@torch.no_grad()
def measure(psp: Psp, operation: str, data: Portraits, measured: Measure) -> Tensor:
    """Adds every picture of the set; returns the faces [N, 3, S, S]."""
    results = []
    for images in batches(data, np.arange(len(data)), mirror=False):
        faces = psp(inputs_of(operation, images))
        measured.add(faces, images)
        results.append(faces)
    return torch.cat(results)


@torch.no_grad()
def mean_face(psp: Psp, data: Portraits, measured: Measure) -> None:
    """The same figures for the face of latent_avg: what anything must beat."""
    face = psp.decoder(psp.latent_avg[None])
    for images in batches(data, np.arange(len(data)), mirror=False):
        measured.add(face.expand(len(images), -1, -1, -1), images)


@torch.no_grad()
def yaw_figures(base: Psp, data: Portraits, faces: dict[str, Tensor]) -> dict[str, float]:
    """Yaw of the results, read off the codes of the reconstruct encoder.

    The reader is fitted on one half of the set (true yaw) and used on the other half's turned
    heads: mean |yaw| of the pictures, of their reconstructions and of their frontalizations.
    """
    halves = np.arange(len(data)) % 2 == 0
    yaw = torch.from_numpy(data.yaw)
    fitted = np.flatnonzero(halves)
    both = [codes_of(base, data, fitted, mirror) for mirror in (False, True)]
    reader = yaw_reader(torch.cat(both), torch.cat([yaw[fitted], -yaw[fitted]]))
    turned = np.flatnonzero(~halves & (np.abs(data.yaw) > TURNED))
    figures = {"turned_heads": len(turned), "true": float(yaw[turned].abs().mean())}
    figures["read_off_picture"] = float(read_yaw(reader, codes_of(base, data, turned)).abs().mean())
    for operation, results in faces.items():
        images = F.interpolate(results[turned].clamp(-1, 1), size=(256, 256), mode="bilinear")
        codes = torch.cat([base.encode(part) for part in images.split(16)])
        figures[operation] = float(read_yaw(reader, codes).abs().mean())
    return {name: round(value, 3) for name, value in figures.items()}


@torch.no_grad()
def draw_operations(models: dict[str, Psp], data: Portraits, path: Path, columns: int = 8) -> None:
    """Rows: picture, reconstruct, frontalize, shrunk, super-resolve, holed, inpaint."""
    turned = np.argsort(-np.abs(data.yaw))[: columns * 8 : 16]
    spread = np.linspace(0, len(data) - 1, columns - len(turned)).astype(int)
    images = data.batch(np.concatenate([turned, spread]))
    rows = [images]
    for operation, psp in models.items():
        inputs = inputs_of(operation, images)
        if operation in ("super-resolve", "inpaint"):
            rows.append(inputs)
        rows.append(psp(inputs))
    save_grid(path, rows)


@torch.no_grad()
def draw_samples(psp: Psp, data: Portraits, path: Path, columns: int = 8, seed: int = 0) -> None:
    """Two rows of drawn faces, then one face with its fine, middle and coarse styles drawn."""
    seeded = torch.Generator().manual_seed(seed)
    n_styles, width = psp.latent_avg.shape
    z = torch.randn(5 * columns, width, generator=seeded)
    first, second, *others = psp.decoder.map(z)[:, None].expand(-1, n_styles, -1).split(columns)
    rows = [psp.decoder(first), psp.decoder(second)]
    code = psp.encode(data.batch(np.array([len(data) // 2]))).expand(columns, -1, -1)
    parts = ((MIDDLE_END, n_styles), (COARSE_END, MIDDLE_END), (0, COARSE_END))
    for (start, end), drawn in zip(parts, others, strict=True):
        mixed = code.clone()
        mixed[:, start:end] = drawn[:, start:end]
        rows.append(psp.decoder(mixed))
    save_grid(path, rows)


@torch.no_grad()
def evaluate(data: Portraits, identity: IdentityNet, checkpoints: Path, out: Path) -> dict:
    """Write the card's figures and pictures; returns the figures."""
    models = {name: load(checkpoints / f"{name}.pt") for name in OPERATIONS}
    for psp in models.values():
        psp.encoder.make_lean()
    draw_operations(models, data, out / "operations.webp")
    draw_samples(models["reconstruct"], data, out / "samples.webp")
    centre = torch.cat([identity(x) for x in batches(data, np.arange(len(data)), False)]).mean(0)
    figures: dict = {"pictures": len(data)}
    faces: dict[str, Tensor] = {}
    for name, psp in models.items():
        measured = Measure(identity, centre)
        faces[name] = measure(psp, name, data, measured)
        figures[name] = measured.means()
    baseline = Measure(identity, centre)
    mean_face(models["reconstruct"], data, baseline)
    figures["mean_face"] = baseline.means()
    wanted = {name: faces[name] for name in ("reconstruct", "frontalize")}
    figures["mean_abs_yaw_of_turned_heads"] = yaw_figures(models["reconstruct"], data, wanted)
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="held-out folder written by prepare")
    parser.add_argument("identity", type=Path)
    parser.add_argument("checkpoints", type=Path, help="folder with the four .pt files")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=None, help="measure on only the first so many")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    data = Portraits(arguments.data).first(arguments.count)
    identity = load_identity(arguments.identity)
    figures = evaluate(data, identity, arguments.checkpoints, arguments.out)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
