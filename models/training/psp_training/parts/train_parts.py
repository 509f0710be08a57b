"""Trains the network that finds the parts of a face in photographs, on drawn pairs.

    python -m psp_training.parts.train_parts PAIRS BACKBONE OUT --minutes 30

PAIRS is what psp_training.parts.pairs writes, BACKBONE the kit's backbone.pt. Writes OUT/parts.pt,
again and again as it goes, and OUT/parts.jsonl. Started again it goes on from OUT/parts.pt.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..kit import save_half
from ..running.descent import Descent, Report
from .agreement import Agreement
from .augment_pairs import UNKNOWN, augmented
from .classes import COUNT
from .pairs import read_pairs
from .parts_network import PartsNet, begin_parts_net, labels_of

RATE, BACKBONE_RATE = 2e-3, 4e-4
BATCH, CHECKED = 8, 64
# What the overlap counts for.
OVERLAP = 0.1
# Labels are compared at the side of the network's answer.
STEP = 2
SAVE_EVERY = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("pairs", "backbone", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    pictures, labels = read_pairs(given.pairs)
    network, path = begin_parts_net(given.backbone), given.out / "parts.pt"
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True))
    train(network, pictures, labels, given.minutes * 60, path)


def train(network: PartsNet, pictures: Tensor, labels: Tensor, seconds: float, path: Path) -> None:
    """`pictures` uint8 [N, 3, 256, 256], `labels` uint8 [N, 256, 256]; the last are kept back."""
    network.train()
    descent = Descent(network, rates(network), seconds)
    report = Report(path.with_suffix(".jsonl"), "parts", min(SAVE_EVERY, seconds))
    rng = np.random.default_rng()
    count = max(BATCH, len(pictures) - CHECKED)
    while descent.share < 1:
        chosen = torch.from_numpy(rng.choice(count, BATCH, replace=count < BATCH))
        x, y = augmented(pictures[chosen], labels[chosen], rng)
        loss = parts_loss(network(x), y)
        descent.step(loss)
        report.add({"loss": loss})
        if report.due():
            save_half(path, descent.average)
            report.write(steps=descent.steps)
    save_half(path, descent.average)
    report.write(steps=descent.steps, iou=check(descent.average, pictures, labels))


def rates(network: PartsNet) -> list[dict]:
    backbone = list(network.backbone.parameters())
    known = {id(parameter) for parameter in backbone}
    rest = [parameter for parameter in network.parameters() if id(parameter) not in known]
    return [{"params": backbone, "lr": BACKBONE_RATE}, {"params": rest, "lr": RATE}]


def parts_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy, and for small parts' sake one minus the soft overlap of every part (dice, with
    squares below, so that it too is best where the shares are the wanted ones). A little of it: where
    a part may or may not be, overlap is greater if it is, and eyes swell by an eighth."""
    wanted = shares_of(labels)
    known = wanted.sum(dim=1, keepdim=True)
    entropy = -(wanted * logits.log_softmax(dim=1)).sum() / known.sum()
    shares = logits.softmax(dim=1) * known
    both, whole = (
        x.sum(dim=(0, 2, 3)) for x in (shares * wanted, shares.square() + wanted.square())
    )
    seen = wanted.sum(dim=(0, 2, 3)) > 0
    return entropy + OVERLAP * (1 - 2 * both / (whole + 1))[seen].mean()


def shares_of(labels: Tensor) -> Tensor:
    """Labels uint8 [N, 256, 256] → how much of every cell is which part, [N, 19, 128, 128], less
    where some of it is not known. A label taken from each cell's corner instead would teach the
    network to answer half a pixel beside the picture."""
    parts = torch.arange(COUNT, dtype=torch.uint8)[:, None, None]
    return F.avg_pool2d((labels[:, None] == parts).float(), STEP)


@torch.no_grad()
def check(network: PartsNet, pictures: Tensor, labels: Tensor) -> float:
    """Mean agreement with the labels of what was held out."""
    total = Agreement()
    for x, y in zip(pictures[-CHECKED:].split(BATCH), labels[-CHECKED:].split(BATCH), strict=True):
        found = labels_of(network(x.float() / 255))
        known = (y != UNKNOWN).numpy()
        total.add(found.numpy()[known], y.numpy()[known])
    return total.mean()


if __name__ == "__main__":
    main()
