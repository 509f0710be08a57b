"""A direction learned by gradient: one that moves its measure and leaves the person who he is.

Faces c are moved by ± t of the slider, and descent on the step v lessens the mean of

    (1 − cos(e(c ± t v), e(c))) / a²  +  PRICE_OF_DRAGS · Σ_k (weight_k Δ_k / scale_k)²

with e the identity network's embeddings, Δ_k the change of measure k, scale_k how far faces differ in it
and a = Δ_wanted / ± t the answer: what a face loses grows with the square of the way, so that turning
less gains nothing. Each face goes to both sides: a step that suits one of them costs the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from ..networks.mobile_stylegan import COARSE, MIDDLE
from ..running.descent import Descent, Report
from .attributes import NAMES, UNITS, Attributes, likeness
from .face_mesh import measure_features, measure_pose
from .find import Direction, Faces, Ground
from .picture_measures import measure_picture

# Standard codes [N, n_styles, D] → pictures [N, 3, 256, 256] in 0..1, with gradients.
Draw = Callable[[Tensor], Tensor]

# Styles that are learned, each by itself; finer ones stay.
STYLES = (COARSE[0], MIDDLE[1])
# How far faces are moved, in shares of the longer side of the slider's range.
LEAST, MOST = 0.5, 0.9
PRICE_OF_DRAGS = 0.05
# Answers beyond these are a mesh that errs.
WEAKEST, STRONGEST = 0.5, 2.0
# Of the step's own mean square, each gradient step's.
RATE = 0.04
# Networks that guess age and feelings are not asked: faceres stays a witness that is in no loss.
UNASKED = ("age", "male", "happy")
REPORT_SECONDS = 60.0


class Step(nn.Module):
    """[n_styles, D] for one unit of the slider, 0 outside of STYLES."""

    def __init__(self, vector: Tensor) -> None:
        super().__init__()
        self.rows = nn.Parameter(vector[slice(*STYLES)].clone())
        self.finer = len(vector) - STYLES[1]

    def forward(self) -> Tensor:
        return nn.functional.pad(self.rows, (0, 0, STYLES[0], self.finer))


@dataclass(frozen=True)
class Terms:
    """Means over a batch."""

    lost: Tensor
    drags: Tensor
    answer: Tensor

    @property
    def loss(self) -> Tensor:
        return self.lost + PRICE_OF_DRAGS * self.drags


def learn(
    draw: Draw,
    attributes: Attributes,
    direction: Direction,
    faces: Faces,
    ground: Ground,
    minutes: float,
    batch: int,
    log: Path,
) -> Direction:
    """@param faces whose reading is of what `draw` draws; @param batch half as many faces, both sides"""
    step = Step(direction.vector)
    size = float(step.rows.detach().square().mean().sqrt())
    descent = Descent(step, [{"params": [step.rows], "lr": RATE * size}], 60 * minutes)
    report = Report(log, f"learn {direction.target.name}", REPORT_SECONDS)
    far = max(-direction.low, direction.high)
    while descent.share < 1:
        chosen = torch.randint(len(faces.codes), (batch // 2,)).repeat(2)
        way = far * (LEAST + (MOST - LEAST) * torch.rand(batch // 2)).repeat(2)
        way[batch // 2 :] *= -1
        terms = judge(draw, attributes, direction, step(), faces, chosen, way, ground)
        descent.step(terms.loss)
        report.add({"lost": terms.lost, "drags": terms.drags, "answer": terms.answer})
        if report.due():
            report.write(steps=descent.steps)
    with torch.no_grad():
        vector = descent.average()
    ranges = tuple((style, style + 1) for style in range(*STYLES))
    return Direction(direction.target, vector, direction.low, direction.high, ranges)


def judge(
    draw: Draw,
    attributes: Attributes,
    direction: Direction,
    step: Tensor,
    faces: Faces,
    chosen: Tensor,
    way: Tensor,
    ground: Ground,
) -> Terms:
    """What moving the faces numbered `chosen` [N] by `way` [N] units does."""
    target = direction.target
    pictures = draw(faces.codes[chosen] + way[:, None, None] * step)
    points, _ = attributes.mesh(pictures)
    measured = {
        **measure_pose(points),
        **measure_features(points),
        **measure_picture(pictures, points),
    }
    before = faces.reading.values[chosen]

    def change(name: str) -> Tensor:
        return measured[name] - before[:, NAMES.index(name)]

    answer = (target.sign * change(target.attribute) / way).clamp(WEAKEST, STRONGEST)
    embedding = attributes.identity(2 * pictures - 1)
    alike = likeness(embedding, faces.reading.embedding[chosen], ground.centre)
    drags = [
        (target.follows.get(name, 1) * change(name) / ground.scale[NAMES.index(name)]).square()
        for name in UNITS
        if name not in (target.attribute, *UNASKED)
    ]
    lost = ((1 - alike) / answer**2).mean()
    return Terms(lost, torch.stack(drags).sum(dim=0).mean(), answer.mean())
