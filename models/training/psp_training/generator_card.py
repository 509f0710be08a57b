"""The pictures and the curve that the model card shows of a generator. Nothing is picked by hand.

    python -m psp_training.generator_card GENERATOR.pt LOG.jsonl TRAIN IDENTITY OUT

- generator.webp: 64 faces, seed 0, as they come.
- truncation.webp: eight of them at psi 1, 0.7, 0.5 and 0, which is the mean face.
- neighbours.webp: eight faces; below each the nearest training picture by its pixels and the
  nearest by its face embedding, mirror images counted.
- curve.svg: figures of the run over the pictures seen.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .measure_generator import draw, features_of
from .networks.decoder import Decoder
from .networks.generator import load_generator
from .networks.identity import IdentityNet, load_identity
from .pictures.data import Portraits
from .pictures.preview import save_grid

SEED, COUNT, COLUMNS = 0, 64, 8
TRUNCATIONS = (1.0, 0.7, 0.5, 0.0)
# Pictures are compared by their pixels at this side, where only the composition is left.
THUMB = 16
# Of train_generator's measures and of train_autoencoder's losses, those that the log has.
CURVES = {"frechet_identity": "#b03a2e", "frechet_texture": "#1f618d", "recall": "#7d6608"}
CURVES |= {"pixel": "#b03a2e", "identity": "#1f618d"}


def nearest(faces: Tensor, data: Portraits, net: IdentityNet, size: int = 16) -> list[Tensor]:
    """For faces [N, 3, S, S]: the nearest pictures by thumbnail and by embedding, like `faces`."""
    side = faces.shape[-1]
    wanted = [thumbs(faces), features_of(net, faces).identity]
    best = [torch.full((len(faces),), torch.inf) for _ in wanted]
    found = [faces.clone() for _ in wanted]
    for start in range(0, len(data), size):
        images = data.batch(np.arange(start, min(start + size, len(data))))
        small = F.avg_pool2d(images, images.shape[-1] // side)
        both = torch.cat([small, small.flip(3)])
        for kind, points in enumerate((thumbs(both), features_of(net, both).identity)):
            distance, index = torch.cdist(wanted[kind], points).min(dim=1)
            nearer = distance < best[kind]
            best[kind] = torch.where(nearer, distance, best[kind])
            found[kind][nearer] = both[index[nearer]]
    return found


def thumbs(images: Tensor) -> Tensor:
    return F.avg_pool2d(images, images.shape[-1] // THUMB).flatten(1)


def draw_faces(decoder: Decoder, out: Path) -> Tensor:
    """Writes the sample and truncation grids; returns the first faces, [COLUMNS, 3, S, S]."""
    faces = draw(decoder, COUNT, seed=SEED)
    save_grid(out / "generator.webp", list(faces.split(COLUMNS)))
    rows = [draw(decoder, COUNT, psi, SEED)[:COLUMNS] for psi in TRUNCATIONS]
    save_grid(out / "truncation.webp", rows)
    return faces[:COLUMNS]


def curve(lines: list[dict], width: int = 640, height: int = 260) -> str:
    """An SVG of the figures in log.jsonl over the pictures seen, upwards from 0."""
    curves = {
        name: [(line["pictures"], line[name]) for line in lines if name in line] for name in CURVES
    }
    points = [point for curve in curves.values() for point in curve]
    left, top, right, bottom = 40, 10, width - 150, height - 35
    last = max((pictures for pictures, _ in points), default=1)
    highest = max((value for _, value in points), default=1.0)

    def place(pictures: int, value: float) -> str:
        x = left + (right - left) * pictures / last
        y = bottom - (bottom - top) * max(0.0, value / highest)
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#555"/>',
        f'<text x="{left - 8}" y="{top + 8}" text-anchor="end">{highest:.2f}</text>',
        f'<text x="{left - 8}" y="{bottom}" text-anchor="end">0</text>',
        f'<text x="{left}" y="{bottom + 18}">0</text>',
        f'<text x="{right}" y="{bottom + 18}" text-anchor="end">{last / 1000:.0f} 000 pictures'
        "</text>",
    ]
    for row, name in enumerate(name for name, curve in curves.items() if curve):
        line, colour = " ".join(place(*point) for point in curves[name]), CURVES[name]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{right + 12}" y="{top + 14 + 18 * row}" fill="{colour}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("generator", type=Path)
    parser.add_argument("log", type=Path, help="log.jsonl of the run")
    parser.add_argument("train", type=Path, help="folder written by prepare")
    parser.add_argument("identity", type=Path, help="folder with face_recognition_model.*")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in arguments.log.read_text().splitlines()]
    (arguments.out / "curve.svg").write_text(curve(lines))
    faces = draw_faces(load_generator(arguments.generator).decoder, arguments.out)
    net = load_identity(arguments.identity)
    rows = nearest(faces, Portraits(arguments.train), net)
    save_grid(arguments.out / "neighbours.webp", [faces, *rows])


if __name__ == "__main__":
    main()
