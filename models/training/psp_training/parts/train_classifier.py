"""Learns to read the parts of a drawn face off the generator's features, from the faces in labels/.

    python -m psp_training.parts.train_classifier WHEEL HUMAN OUT [--steps 2500]

HUMAN is the folder `models` of @vladmandic/human. Writes OUT/feature-parts.pt and prints the
agreement with the faces that it never saw.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..kit import save_half
from ..networks.mobile_stylegan import read_wheel
from .agreement import Agreement, table
from .augment_pairs import UNKNOWN
from .classes import COUNT
from .feature_parts import FeatureParts
from .labelled import HELD, Labelled, faces_with_eyes, labelled_faces, labelled_numbers

RATE, BATCH = 3e-3, 2048
# Pixels taken of a face, and how much rare parts are preferred: 0 not at all, 1 until all are
# taken alike. They count for less in turn: else every small part would swell.
PIXELS, RARITY = 8192, 0.4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "human", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=2500)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    generator = read_wheel(given.wheel)
    faces = list(labelled_faces(generator, given.human, labelled_numbers()))
    learned = [face for face in faces if face.number not in HELD]
    network = train([*learned, *faces_with_eyes(generator)], given.steps)
    save_half(given.out / "feature-parts.pt", network)
    columns = {
        name: agreement(network, part).scores()
        for name, part in (
            ("learned", learned),
            ("held out", [face for face in faces if face.number in HELD]),
        )
    }
    print(table(columns))


def train(faces: list[Labelled], steps: int) -> FeatureParts:
    """On pixels taken at random from all faces, rare parts more often than they are seen."""
    network = FeatureParts()
    network.measure([face.maps for face in faces])
    rng = np.random.default_rng(0)
    samples = [sampled(network, face, rng) for face in faces]
    rows, parts, weights = (torch.cat(values) for values in zip(*samples, strict=True))
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.1)
    for _ in range(steps):
        chosen = torch.from_numpy(rng.integers(0, len(parts), BATCH))
        logits = network.of_pixels(rows[chosen])
        losses = F.cross_entropy(logits, parts[chosen], label_smoothing=0.02, reduction="none")
        loss = (losses * weights[chosen]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return network.eval()


@torch.no_grad()
def sampled(
    network: FeatureParts, face: Labelled, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Components [N, 224], parts [N] and what each counts for [N], 1 on average, of no more pixels
    than are known."""
    labels = face.labels.ravel()
    known = np.flatnonzero(labels != UNKNOWN)
    labels = labels[known]
    share = np.bincount(labels, minlength=COUNT)[labels] / len(labels)
    chance = share**-RARITY
    place = rng.choice(len(labels), min(PIXELS, len(labels)), p=chance / chance.sum())
    rows = network.reduced(face.maps)[0].flatten(1)[:, torch.from_numpy(known[place])].T
    weight = torch.from_numpy((chance.mean() / chance)[place]).float()
    return rows.contiguous(), torch.from_numpy(labels[place]).long(), weight


@torch.no_grad()
def agreement(network: FeatureParts, faces: list[Labelled]) -> Agreement:
    total = Agreement()
    for face in faces:
        total.add(network(face.maps).argmax(dim=1)[0].numpy(), face.labels)
    return total


if __name__ == "__main__":
    main()
