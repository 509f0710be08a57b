"""What a direction does to faces it was not found on: the figures that ship with it."""

from dataclasses import asdict, dataclass

import torch

from .attributes import NAMES, UNITS, likeness
from .find import Direction, Faces, Ground, Look

# A drag below this share of how faces differ is not worth a word.
WORTH_TELLING = 0.2
# What is not clean is not shipped: the wanted measure moves at least so much more than any other,
# and so much of the person is left at half of the range.
CLEAN = 1.6
LIKENESS = 0.5


@dataclass(frozen=True)
class Move:
    """Mean change of one measure, in its unit and in deviations between faces."""

    attribute: str
    unit: str
    change: float
    deviations: float


@dataclass(frozen=True)
class Figures:
    """At `value` to either side, mean over the faces; moves as if `value` were above 0."""

    value: float
    faces: int
    found: float
    likeness: float
    wanted: Move
    drags: list[Move]
    clean: bool

    def as_json(self) -> dict:
        return asdict(self)


def check(look: Look, direction: Direction, faces: Faces, ground: Ground) -> Figures:
    """Half of the faces go to one side, half to the other, to half of the range."""
    target = direction.target
    base, start = faces.codes, faces.reading
    sides = torch.where(torch.arange(len(base)) % 2 == 0, direction.low, direction.high) / 2
    reading = look(base + sides[:, None, None] * direction.vector)
    value = float(sides.abs().mean())
    signs = sides.sign()[:, None]
    change = (signs * (reading.values - start.values)).mean(dim=0)
    deviations = change / ground.scale
    moves = [
        Move(name, UNITS[name], round(float(change[i]), 2), round(float(deviations[i]), 2))
        for i, name in enumerate(NAMES)
    ]
    wanted = moves[NAMES.index(target.attribute)]
    others = [move for move in moves if move.attribute != target.attribute]
    others.sort(key=lambda move: -abs(move.deviations))
    worst = max(abs(move.deviations) * target.follows.get(move.attribute, 1) for move in others)
    alike = float(likeness(reading.embedding, start.embedding, ground.centre).mean())
    return Figures(
        value=round(value, 2),
        faces=len(base),
        found=round(float((reading.flag > 0.9).float().mean()), 3),
        likeness=round(alike, 2),
        wanted=wanted,
        drags=[move for move in others if abs(move.deviations) >= WORTH_TELLING],
        clean=value > 0 and abs(wanted.deviations) >= CLEAN * worst and alike >= LIKENESS,
    )
