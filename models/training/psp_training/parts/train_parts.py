"""Trains the network that finds the parts of a face in photographs, on drawn pairs.

    python -m psp_training.parts.train_parts PAIRS BACKBONE OUT --minutes 30
        [--photographs PHOTOS TEACHER]

PAIRS is what psp_training.parts.pairs writes, BACKBONE the kit's backbone.pt. Writes OUT/parts.pt,
again and again as it goes, and OUT/parts.jsonl. Started again it goes on from OUT/parts.pt. With
PHOTOS two pictures of every batch are photographs, one with a covered head, labelled by hand in part,
for the rest by TEACHER, an earlier parts.pt.
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
from .augment_pairs import UNKNOWN, augmented, dyed, numbers_of
from .classes import COUNT
from .covered import HELD, bare_pairs, covered_names, covered_pairs
from .export_parts import load_parts_net
from .pairs import read_pairs
from .parts_network import PartsNet, begin_parts_net, labels_of

RATE, BACKBONE_RATE = 2e-3, 4e-4
BATCH, CHECKED = 8, 64
# What the overlap counts for.
OVERLAP = 0.1
# Overlap is measured at the side of the network's answer.
STEP = 2
# Parts of a few pixels' height: within so many pixels of them a pixel counts so much more.
FINE = numbers_of("left eye", "right eye", "left brow", "right brow", "upper lip", "lower lip")
REACH, MORE = 3, 3
SAVE_EVERY = 60.0

Pairs = tuple[Tensor, Tensor]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("pairs", "backbone", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--photographs", type=Path, nargs=2)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    pictures, labels = read_pairs(given.pairs)
    network, path = begin_parts_net(given.backbone), given.out / "parts.pt"
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True))
    photographs = None if given.photographs is None else read_both(*given.photographs)
    train(network, pictures, labels, given.minutes * 60, path, photographs)


def read_both(photographs: Path, teacher: Path) -> tuple[Pairs, Pairs]:
    network = load_parts_net(teacher)
    covered = [name for name in covered_names() if name not in HELD]
    return covered_pairs(photographs, covered, network), bare_pairs(photographs, network)


def train(
    network: PartsNet,
    pictures: Tensor,
    labels: Tensor,
    seconds: float,
    path: Path,
    photographs: tuple[Pairs, Pairs] | None = None,
) -> None:
    """`pictures` uint8 [N, 3, 256, 256], `labels` uint8 [N, 256, 256]; the last are kept back.
    `photographs`: covered heads and others, of which every batch gets one each."""
    network.train()
    descent = Descent(network, rates(network), seconds)
    report = Report(path.with_suffix(".jsonl"), "parts", min(SAVE_EVERY, seconds))
    rng = np.random.default_rng()
    count = max(BATCH, len(pictures) - CHECKED)
    while descent.share < 1:
        chosen = torch.from_numpy(rng.choice(count, BATCH, replace=count < BATCH))
        x, y = pictures[chosen], labels[chosen]
        if photographs is not None:
            covered, bare = (one_of(pairs, rng) for pairs in photographs)
            x[0], y[0] = dressed(*covered, rng)
            x[1], y[1] = bare
        x, y = augmented(x, y, rng)
        loss = parts_loss(network(x), y)
        descent.step(loss)
        report.add({"loss": loss})
        if report.due():
            save_half(path, descent.average)
            report.write(steps=descent.steps)
    save_half(path, descent.average)
    report.write(steps=descent.steps, iou=check(descent.average, pictures, labels))


def one_of(pairs: Pairs, rng: np.random.Generator) -> Pairs:
    one = int(rng.integers(len(pairs[0])))
    return pairs[0][one], pairs[1][one]


def dressed(picture: Tensor, labels: Tensor, rng: np.random.Generator) -> Pairs:
    """uint8 [3, 256, 256] and its labels, in another hat's colour."""
    x = picture[None].float() / 127.5 - 1
    return ((dyed(x, labels[None], rng)[0] + 1) * 127.5).to(torch.uint8), labels


def rates(network: PartsNet) -> list[dict]:
    backbone = list(network.backbone.parameters())
    known = {id(parameter) for parameter in backbone}
    rest = [parameter for parameter in network.parameters() if id(parameter) not in known]
    return [{"params": backbone, "lr": BACKBONE_RATE}, {"params": rest, "lr": RATE}]


def parts_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of the shares as the product reads them, at 256², and for small parts' sake one
    minus the soft overlap of every part (dice, with squares below, so that it too is best where the
    shares are the wanted ones). A little of it: where a part may or may not be, overlap is greater if
    it is, and eyes swell by an eighth."""
    shares = logits.softmax(dim=1)
    return entropy(shares, labels) + OVERLAP * missed_overlap(shares, labels)


def entropy(shares: Tensor, labels: Tensor) -> Tensor:
    """Shares [N, 19, 128, 128] that are brought to the labels' size [N, 256, 256] first: taught cell by
    cell the network would round off corners that are thinner than a cell."""
    wide = F.interpolate(shares, labels.shape[1:], mode="bilinear")
    known = labels != UNKNOWN
    there = wide.gather(1, labels.where(known, 0).long()[:, None])[:, 0]
    fine = torch.isin(labels, FINE)[:, None].float()
    near = F.max_pool2d(fine, 2 * REACH + 1, 1, REACH)[:, 0]
    weight = known * (1 + MORE * near)
    return -(weight * there.clamp_min(1e-5).log()).sum() / weight.sum()


def missed_overlap(shares: Tensor, labels: Tensor) -> Tensor:
    wanted = shares_of(labels)
    shares = shares * wanted.sum(dim=1, keepdim=True)
    both, whole = (
        x.sum(dim=(0, 2, 3)) for x in (shares * wanted, shares.square() + wanted.square())
    )
    seen = wanted.sum(dim=(0, 2, 3)) > 0
    return (1 - 2 * both / (whole + 1))[seen].mean()


def shares_of(labels: Tensor) -> Tensor:
    """Labels uint8 [N, 256, 256] → how much of every cell is which part, [N, 19, 128, 128], less
    where some of it is not known."""
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
