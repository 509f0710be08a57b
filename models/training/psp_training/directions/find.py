"""Directions found, corrected by what they were seen to move, and scaled to natural units."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .attributes import NAMES, Reading, likeness
from .solve import GROUPS, conditioned, fit_probes, in_groups, solve
from .targets import TARGETS, Target

# Codes [N, n_styles, D] → what is measured on their pictures.
Look = Callable[[Tensor], Reading]

# Measures whose steps are tried: every slider's, and sex, which many of them drag along.
TRIED = [*(target.attribute for target in TARGETS), "male"]
# Deviations of its measure that a step is tried with, to either side.
TRY, CORRECT = 1.5, 1.2
CORRECTION_RIDGE = 0.02
# Places on the way to an end where the usable range is looked for.
PLACES = 8
# A face that the mesh no longer finds in this share of pictures ends the range.
FOUND = 0.95
# Far from the middle a step may move this share less than near it.
LINEAR = 0.55


@dataclass
class Direction:
    target: Target
    # [n_styles, D] in standardised W, for one unit of the slider.
    vector: Tensor
    low: float
    high: float
    # Styles [from, to) that share a row of the vector.
    ranges: tuple[tuple[int, int], ...] = GROUPS


@dataclass(frozen=True)
class Faces:
    """Codes [N, n_styles, D] in standardised W and what is measured on them."""

    codes: Tensor
    reading: Reading


@dataclass(frozen=True)
class Ground:
    """What directions are found on: standardised w [N, D], measures in deviations, their scale."""

    w: Tensor
    scale: Tensor
    values: Tensor
    centre: Tensor

    @staticmethod
    def of(w: Tensor, reading: Reading) -> "Ground":
        good = reading.flag > 0.9
        values = reading.values[good]
        # The middle two thirds say how far faces differ: a few odd readings do not count.
        low, middle, high = torch.quantile(values, torch.tensor([0.159, 0.5, 0.841]), dim=0)
        scale = (high - low) / 2
        clipped = ((values - middle) / scale).clamp(-3, 3)
        return Ground(w[good], scale, clipped, reading.embedding[good].mean(dim=0))


def probe_fit(ground: Ground, held_out: int) -> Tensor:
    """Correlation of probes with the measures of faces they were not fitted to, [K]."""
    probes = fit_probes(ground.w[held_out:], centred(ground.values[held_out:]))
    read = ground.w[:held_out] @ probes.T
    return torch.corrcoef(torch.cat([read, ground.values[:held_out]], dim=1).T)[
        : len(NAMES), len(NAMES) :
    ].diagonal()


def centred(values: Tensor) -> Tensor:
    return values - values.mean(dim=0)


@dataclass(frozen=True)
class Effects:
    """Of one step to either side: measures in deviations [C, K], likeness lost per squared step."""

    moved: Tensor
    lost: Tensor


def try_steps(look: Look, base: Tensor, steps: Tensor, ground: Ground, size: float) -> Effects:
    """base [N, S, D] codes in standardised W; steps [C, S, D]."""
    moved, lost = [], []
    for step in steps:
        readings = [look(base + sign * size * step) for sign in (1, -1)]
        forth, back = readings
        moved.append(
            ((forth.values - back.values) / (2 * size * ground.scale)).median(dim=0).values
        )
        alike = likeness(forth.embedding, back.embedding, ground.centre).mean()
        # 1 − cosine grows with the square of the way, which is twice the step here.
        lost.append((1 - alike) / (2 * size) ** 2)
    return Effects(torch.stack(moved), torch.stack(lost))


def find(look: Look, ground: Ground, base: Tensor, say: Callable[[str], None]) -> list[Direction]:
    """One direction a target, in standardised W, not yet scaled: one step moves one deviation."""
    n_styles = base.shape[1]
    probes = fit_probes(ground.w, centred(ground.values))
    steps = conditioned(ground.w, probes)[[NAMES.index(name) for name in TRIED]]
    candidates = in_groups(steps, n_styles)
    groups = torch.arange(len(GROUPS)).repeat(len(TRIED))
    norms = candidates.square().sum(dim=(1, 2)) / n_styles
    effects = try_steps(look, base, candidates, ground, TRY)
    say(f"{len(candidates)} candidates tried on {len(base)} faces")
    vectors = []
    for target in TARGETS:
        wanted = NAMES.index(target.attribute)
        weights = torch.tensor([target.follows.get(name, 1.0) for name in NAMES])
        weights[wanted] = 1
        c, _, _ = solve(effects.moved, effects.lost, norms, groups, wanted, weights)
        vectors.append(torch.einsum("c,csd->sd", c, candidates))
    corrected = correct(look, base, torch.stack(vectors), ground)
    return [
        Direction(target, target.sign * vector, -1, 1)
        for target, vector in zip(TARGETS, corrected, strict=True)
    ]


def correct(look: Look, base: Tensor, vectors: Tensor, ground: Ground) -> Tensor:
    """Sums of steps do not do exactly the sum of what each did, and a mean tells of the few faces
    that suddenly wear glasses. So the sliders' effects on each other's measures are seen once more,
    and taken out: with E those effects, C E = I by ridge, the vectors become C · vectors."""
    wanted = [NAMES.index(target.attribute) for target in TARGETS]
    effects = try_steps(look, base, vectors, ground, CORRECT).moved[:, wanted]
    square = effects @ effects.T + CORRECTION_RIDGE * torch.eye(len(TARGETS))
    mix = effects.T @ torch.linalg.inv(square)
    gain = (mix @ effects).diagonal()
    return torch.einsum("ij,jsd->isd", mix / gain[:, None], vectors)


def scale_to_range(look: Look, direction: Direction, base: Faces, ground: Ground) -> Direction:
    """The range in which the person stays, the mesh finds a face and a step still moves something;
    the vector for one unit of the slider."""
    target = direction.target
    wanted = NAMES.index(target.attribute)
    deviation = float(ground.scale[wanted])
    far = min(4.0, target.at_most / deviation)
    ends = [usable(look, direction.vector * sign, base, ground, target, far) for sign in (-1, 1)]
    if target.unit is None:
        # One scale for both sides, so that the middle is the face as it is.
        end = max(ends) or 1.0
        low, high = (round(-ends[0] / end, 1), round(ends[1] / end, 1))
        return Direction(target, direction.vector * end, low, high, direction.ranges)
    low, high = (round(sign * end * deviation) for sign, end in zip((-1, 1), ends, strict=True))
    return Direction(target, direction.vector / deviation, low, high, direction.ranges)


def usable(
    look: Look, vector: Tensor, base: Faces, ground: Ground, target: Target, far: float
) -> float:
    """How many deviations one can go."""
    start = base.reading
    wanted = NAMES.index(target.attribute)
    last, before = 0.0, 0.0
    for place in range(1, PLACES + 1):
        way = far * place / PLACES
        reading = look(base.codes + way * vector)
        alike = likeness(reading.embedding, start.embedding, ground.centre).mean()
        moved = ((reading.values - start.values)[:, wanted].median() / ground.scale[wanted]).abs()
        slope = (float(moved) - before) / (far / PLACES)
        found = (reading.flag > 0.9).float().mean()
        if alike < target.keeps or found < FOUND or slope < LINEAR / 2:
            break
        last, before = way, float(moved)
    return last
