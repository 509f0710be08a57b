"""Trains the network that finds the parts of a face in photographs, on drawn pairs.

    python -m psp_training.parts.train_parts PAIRS BACKBONE OUT --minutes 30 [--covered PHOTOS]

PAIRS is what psp_training.parts.pairs writes, BACKBONE the kit's backbone.pt. Writes OUT/parts.pt,
again and again as it goes, and OUT/parts.jsonl. Started again it goes on from OUT/parts.pt; it may then
look at the covered heads of PHOTOS too, a picture of every batch.
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
from .covered import HELD, covered_names, covered_pairs
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("pairs", "backbone", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--covered", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    pictures, labels = read_pairs(given.pairs)
    network, path = begin_parts_net(given.backbone), given.out / "parts.pt"
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True))
    covered = None
    if given.covered is not None:
        names = [name for name in covered_names() if name not in HELD]
        covered = covered_pairs(given.covered, names, network.eval())
    train(network, pictures, labels, given.minutes * 60, path, covered)


def train(
    network: PartsNet,
    pictures: Tensor,
    labels: Tensor,
    seconds: float,
    path: Path,
    covered: tuple[Tensor, Tensor] | None = None,
) -> None:
    """`pictures` uint8 [N, 3, 256, 256], `labels` uint8 [N, 256, 256]; the last are kept back.
    `covered`: the like, of which every batch gets one."""
    network.train()
    descent = Descent(network, rates(network), seconds)
    report = Report(path.with_suffix(".jsonl"), "parts", min(SAVE_EVERY, seconds))
    rng = np.random.default_rng()
    count = max(BATCH, len(pictures) - CHECKED)
    while descent.share < 1:
        chosen = torch.from_numpy(rng.choice(count, BATCH, replace=count < BATCH))
        x, y = pictures[chosen], labels[chosen]
        if covered is not None:
            x[0], y[0] = dressed(*covered, rng)
        x, y = augmented(x, y, rng)
        loss = parts_loss(network(x), y)
        descent.step(loss)
        report.add({"loss": loss})
        if report.due():
            save_half(path, descent.average)
            report.write(steps=descent.steps)
    save_half(path, descent.average)
    report.write(steps=descent.steps, iou=check(descent.average, pictures, labels))


def dressed(pictures: Tensor, labels: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """One of the pictures, in another hat's colour."""
    one = int(rng.integers(len(pictures)))
    x, y = pictures[one, None].float() / 127.5 - 1, labels[one]
    return ((dyed(x, y[None], rng)[0] + 1) * 127.5).to(torch.uint8), y


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
