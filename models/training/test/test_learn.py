"""A direction learned by gradient, on faces that are three numbers."""

from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from psp_training.directions import learn as learning
from psp_training.directions.attributes import NAMES, Attributes, Reading
from psp_training.directions.find import Direction, Faces, Ground
from psp_training.directions.learn import learn
from psp_training.directions.targets import TARGETS
from psp_training.networks.mobile_stylegan import N_STYLES

HEAD = TARGETS[0]
YAW, SMILE = NAMES.index("yaw"), NAMES.index("smile")


class Seen:
    """Measures of numbers, not pictures: the turn, the person, a smile."""

    def mesh(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        return pictures, torch.ones(len(pictures))

    def identity(self, pictures: Tensor) -> Tensor:
        return torch.stack([torch.ones(len(pictures)), pictures[:, 1]], dim=1)


def test_what_moves_the_person_or_is_dragged_along_is_left_out(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(learning, "measure_pose", lambda points: {"yaw": points[:, 0]})
    monkeypatch.setattr(learning, "measure_features", lambda points: {"smile": points[:, 2]})
    monkeypatch.setattr(learning, "measure_picture", lambda pictures, points: {})
    monkeypatch.setattr(learning, "UNITS", {"yaw": "°", "smile": "%"})

    def draw(codes: Tensor) -> Tensor:
        # Identity sees pictures in −1..1.
        return codes[:, 0] * torch.tensor([1.0, 0.5, 1.0])

    codes = torch.randn(8, N_STYLES, 3) * 0.1
    values = torch.zeros(8, len(NAMES))
    values[:, YAW], values[:, SMILE] = codes[:, 0, 0], codes[:, 0, 2]
    embedding = Seen().identity(2 * draw(codes) - 1)
    faces = Faces(codes, Reading(values, torch.ones(8), embedding))
    ground = Ground(codes[:, 0], torch.ones(len(NAMES)), values, torch.zeros(2))
    vector = torch.zeros(N_STYLES, 3)
    vector[:4] = torch.tensor([1.0, 0.5, 0.5])
    start = Direction(HEAD, vector, -2, 2)
    log = tmp_path / "log.jsonl"
    seen = cast(Attributes, Seen())
    found = learn(draw, seen, start, faces, ground, minutes=0.05, batch=4, log=log)
    assert found.vector[0, 0] > 0.8
    assert found.vector[0, 1:].abs().max() < 0.15
    assert torch.equal(found.vector[10:], torch.zeros(N_STYLES - 10, 3))
