"""The fit graph in ONNX Runtime against PyTorch's own gradients of the same networks."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from psp_training.fit.by_autograd import by_autograd
from psp_training.fit.export_fit import crop_matrix, example_inputs, export_fit, stored_graph
from psp_training.fit.fit_graph import INPUTS, OUTPUTS, FitGraph
from psp_training.fit.generator_gradient import Trace
from psp_training.networks.identity import IdentityNet
from psp_training.networks.picture_head import PictureHead

from .generators import random_generator

# float32 against float32, but a sign that rounding turns takes its whole share along.
TOLERANCE = 1e-3


def smooth(channels: int) -> Tensor:
    return F.interpolate(torch.rand(1, channels, 32, 32), size=256, mode="bilinear")


def inputs() -> tuple[Tensor, ...]:
    known = torch.ones(1, 1, 256, 256)
    known[:, :, 150:200, 90:160] = 0
    known[:, :, 140:150] = 0.5
    rows, columns = crop_matrix(0.285, 0.64), crop_matrix(0.18, 0.64)
    scales = torch.tensor([0.3, 0.25, 0.2, 0.15, 0.1])
    codes = torch.randn(1, 23, 512) * 0.3
    target, person = smooth(3) * 2 - 1, smooth(3) * 2 - 1
    correction, balance = smooth(3) * 0.2 - 0.1, torch.tensor([1, 0.3, 0.4])
    return codes, target, known, correction, person, rows, columns, scales, balance


@pytest.fixture
def exported(tmp_path: Path, identity_net: IdentityNet) -> tuple[Path, FitGraph]:
    path = tmp_path / "fit.onnx"
    return path, export_fit(random_generator(), PictureHead().eval(), identity_net, path)


def run(path: Path, given: tuple[Tensor, ...]) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = {name: value.numpy() for name, value in zip(INPUTS, given, strict=True)}
    return dict(zip(OUTPUTS, session.run(None, feeds), strict=True))


def test_runtime_gives_autograds_gradient(exported: tuple[Path, FitGraph]) -> None:
    path, graph = exported
    given = inputs()
    wanted = by_autograd(graph, given)
    answers = run(path, given)
    for name, value in wanted.items():
        gap = np.linalg.norm(answers[name] - value.numpy()) / np.linalg.norm(value)
        assert gap < TOLERANCE, name
    rows = np.linalg.norm(answers["gradient"] - wanted["gradient"].numpy(), axis=2)
    assert (rows / wanted["gradient"].norm(dim=2).numpy() < TOLERANCE).all()
    np.testing.assert_array_equal(answers["deviation"], graph.generator.deviation)


def test_nothing_is_asked_of_a_hole(exported: tuple[Path, FitGraph]) -> None:
    path, _ = exported
    given = list(inputs())
    given[2] = torch.zeros_like(given[2])
    answers = run(path, tuple(given))
    assert np.abs(answers["gradient"]).max() == 0
    assert np.abs(answers["terms"]).max() < 1e-9


def test_what_is_drawn_in_a_hole_is_left_as_it_is(
    identity_net: IdentityNet, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = stored_graph(random_generator(), PictureHead().eval(), identity_net)
    asked: list[Tensor] = []
    backward = graph.picture.backward

    def watched(g: Tensor, trace: Trace) -> Tensor:
        asked.append(g)
        return backward(g, trace)

    monkeypatch.setattr(graph.picture, "backward", watched)
    given = inputs()
    graph(*given)
    hole = (given[2] == 0).expand(1, 3, 256, 256)
    assert asked[0][hole].abs().max() == 0
    assert asked[0][~hole].abs().mean() > 0


def test_weights_are_stored_once_and_small(exported: tuple[Path, FitGraph]) -> None:
    path, _ = exported
    assert path.stat().st_size < 22e6
    names = [tensor.name for tensor in onnx.load(path).graph.initializer]
    assert not [name for name in names if name.startswith("onnx::")]


def test_crop_matrix_is_the_networks_own_crop(identity_net: IdentityNet) -> None:
    picture = smooth(3) * 2 - 1
    rows, columns = example_inputs()[5:7]
    by_matrix, _ = identity_net.see(rows @ picture @ columns.T)
    torch.testing.assert_close(by_matrix, identity_net(picture), rtol=1e-4, atol=1e-5)
