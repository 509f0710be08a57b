"""The card's pictures of what the generator and the sketch encoder do, picked by nobody.

    python -m psp_training.sheets GRAPHS OUT

GRAPHS is what psp_training.export wrote. OUT/generator.webp: faces drawn with the first seeds;
styles.webp: coarse, middle and fine styles of some of them drawn anew; sketches.webp: drawings of faces
that no encoder was trained on, and three variants of each.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from .networks.mobile_stylegan import COARSE, FINE, MIDDLE, N_STYLES, D
from .pictures.sketch import sketched

TRUNCATION = 0.7
TILE, SMALL = 192, 256
FACES, STYLED, SKETCHES, VARIANTS = 24, 4, 20, 3


class Graphs:
    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        providers = onnxruntime.get_available_providers()
        self.sessions = {
            name: onnxruntime.InferenceSession(folder / f"{name}.onnx", options, providers)
            for name in ("mapping", "decoder", "sketch")
        }
        self.mean = self.map(torch.randn(4096, D, generator=seeded(0))).mean(dim=0)

    def run(self, name: str, value: Tensor) -> Tensor:
        session = self.sessions[name]
        (answer,) = session.run(None, {session.get_inputs()[0].name: value.numpy()})
        return torch.from_numpy(answer)

    def map(self, z: Tensor) -> Tensor:
        return self.run("mapping", z)

    def truncated(self, count: int, seed: int) -> Tensor:
        """Codes [count, 23, 512] of drawn faces."""
        w = self.map(torch.randn(count, D, generator=seeded(seed)))
        return (self.mean + TRUNCATION * (w - self.mean))[:, None].repeat(1, N_STYLES, 1)

    def draw(self, codes: Tensor, side: int = TILE) -> Tensor:
        """[N, 3, side, side] in [−1, 1], one by one."""
        pictures = (self.run("decoder", each[None]) for each in codes)
        small = [F.interpolate(p, size=(side, side), mode="area") for p in pictures]
        return torch.cat(small).clamp(-1, 1)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def mixed(codes: Tensor, other: Tensor, styles: tuple[int, int]) -> Tensor:
    codes = codes.clone()
    codes[:, slice(*styles)] = other[:, slice(*styles)]
    return codes


def styles_sheet(graphs: Graphs) -> Tensor:
    """A row a face: itself, then two variants each of coarse, middle and fine."""
    faces, others = graphs.truncated(STYLED, 1), graphs.truncated(2, 2)
    rows = [graphs.draw(faces)]
    for styles in (COARSE, MIDDLE, FINE):
        for other in others:
            rows.append(graphs.draw(mixed(faces, other.expand_as(faces), styles)))
    return torch.stack(rows, dim=1)


def sketches_sheet(graphs: Graphs) -> Tensor:
    """A group a drawing: itself, then variants with fine styles drawn."""
    pictures = graphs.draw(graphs.truncated(SKETCHES, 3), SMALL)
    drawings = sketched(pictures, np.random.default_rng(0))
    codes = graphs.run("sketch", drawings)
    others = graphs.truncated(VARIANTS, 4)
    shown = F.interpolate(drawings, size=(TILE, TILE), mode="area") * 2 - 1
    columns = [shown.expand(-1, 3, -1, -1)]
    columns += [graphs.draw(mixed(codes, other.expand_as(codes), FINE)) for other in others]
    return torch.stack(columns, dim=1)


def save(path: Path, tiles: Tensor, per_row: int) -> None:
    """Tiles [N, 3, S, S] in [−1, 1], row by row."""
    rows = [torch.cat(list(row), dim=2) for row in tiles.split(per_row)]
    sheet = ((torch.cat(rows, dim=1) + 1) * 127.5).round().byte().permute(1, 2, 0)
    Image.fromarray(sheet.numpy()).save(path, quality=80, method=6)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graphs", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    graphs = Graphs(given.graphs)
    save(given.out / "generator.webp", graphs.draw(graphs.truncated(FACES, 0)), 8)
    styles = styles_sheet(graphs)
    save(given.out / "styles.webp", styles.flatten(0, 1), styles.shape[1])
    sketches = sketches_sheet(graphs)
    save(given.out / "sketches.webp", sketches.flatten(0, 1), 2 * sketches.shape[1])


if __name__ == "__main__":
    main()
