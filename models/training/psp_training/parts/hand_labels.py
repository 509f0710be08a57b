"""Labels drawn by hand: polygons over a drawn face, whose rough edges follow the generator's features.

A file labels/NNN.txt says, line by line and later lines over earlier ones, what face NNN shows:

    hair 57,123 54,100 …        a polygon in units of a 256² picture
    mesh nose                   the nose as the face mesh has it

What nothing covers is background. Eyes, brows and lips were outlined on the picture at 1024²: the
mesh misses a lip by up to six pixels of 256.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .classes import COUNT, NAMES
from .mesh_parts import outline_of, paint

SIZE = 256
# Parts whose edges are drawn roughly, and within how many pixels they are looked for.
ROUGH = ("background", "skin", "left ear", "right ear", "hair", "hat", "neck", "clothing")
REACH = 4
# How many pixels must tell what a part looks like.
LEAST = 25
COMPONENTS = 20

Outline = tuple[str, list[tuple[float, float]]]


def point_of(text: str) -> tuple[float, float]:
    """x,y"""
    x, y = map(float, text.split(","))
    return x, y


def read_outlines(path: Path, mesh: np.ndarray) -> list[Outline]:
    """`mesh` [468, 2] in units of a 256² picture."""
    outlines: list[Outline] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        kind, *rest = line.split()
        name = (rest[0] if kind == "mesh" else kind).replace("_", " ")
        if name not in NAMES:
            raise ValueError(f"{path}, line {number}: no part is called {name!r}")
        points = outline_of(name, mesh) if kind == "mesh" else [point_of(text) for text in rest]
        outlines.append((name, points))
    return outlines


def painted(outlines: list[Outline]) -> np.ndarray:
    """Labels [256, 256], as drawn."""
    labels = paint(SIZE, outlines)
    labels[labels == 255] = 0
    return labels


def snapped(labels: np.ndarray, maps: list[Tensor]) -> np.ndarray:
    """Labels whose rough edges follow the features [C, S, S] of several levels."""
    return resembling(labels, principal(maps), [NAMES.index(name) for name in ROUGH], REACH)


def resembling(
    labels: np.ndarray, features: np.ndarray, parts: list[int], reach: int
) -> np.ndarray:
    """Near an edge between the parts a pixel becomes the one, of those within reach, that it is
    nearest to in Mahalanobis' distance, as the pixels far from all edges tell it."""
    among = np.isin(labels, parts)
    edge = np.zeros_like(among)
    for axis in (0, 1):
        for step in (-1, 1):
            edge |= np.roll(labels, step, axis) != labels
    far = ~widened(edge, reach)
    near = {part: widened(labels == part, reach) for part in np.unique(labels[among])}
    known = {part: features[(labels == part) & far] for part in near}
    known = {part: rows for part, rows in known.items() if len(rows) >= LEAST}
    if len(known) < 2:
        return labels
    centred = np.concatenate([rows - rows.mean(axis=0) for rows in known.values()])
    scatter = centred.T @ centred / len(centred)
    whiten = np.linalg.inv(np.linalg.cholesky(scatter + 1e-3 * np.eye(len(scatter))))
    band = ~far & np.isin(labels, list(known))
    out = labels.copy()
    best = np.full(labels.shape, np.inf)
    for part, rows in known.items():
        distance = np.square((features - rows.mean(axis=0)) @ whiten.T).sum(axis=-1)
        # What was drawn counts a little more than what only resembles.
        distance = distance * np.where(labels == part, 0.8, 1)
        better = band & near[part] & (distance < best)
        out[better], best[better] = part, distance[better]
    return smoothed(out, band, reach + 1)


def widened(mask: np.ndarray, reach: int) -> np.ndarray:
    """True within `reach` pixels of what is true."""
    field = torch.from_numpy(mask)[None].float()
    return F.max_pool2d(field, 2 * reach + 1, 1, reach)[0].numpy() > 0


def smoothed(labels: np.ndarray, where: np.ndarray, side: int) -> np.ndarray:
    """The commonest label of side × side pixels."""
    votes = np.stack(
        [
            F.avg_pool2d(torch.from_numpy(labels == part)[None].float(), side, 1, side // 2)[
                0
            ].numpy()
            for part in range(COUNT)
        ]
    )
    return np.where(where, votes.argmax(axis=0), labels).astype(np.uint8)


def principal(maps: list[Tensor]) -> np.ndarray:
    """The strongest components of every level, side by side at 256²: [256, 256, N]."""
    levels: list[Tensor] = []
    for x in maps:
        rows = x.float().flatten(1).T
        rows = (rows - rows.mean(dim=0)) / (rows.std(dim=0) + 1e-3)
        _, _, axes = torch.pca_lowrank(rows, COMPONENTS, niter=2)
        y = (rows @ axes).T.view(1, -1, *x.shape[1:])
        levels.append(F.interpolate(y, (SIZE, SIZE), mode="bilinear")[0])
    return torch.cat(levels).permute(1, 2, 0).numpy().astype(np.float64)
