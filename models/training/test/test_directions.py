import base64
import json

import numpy as np
import pytest
import torch

from psp_training.directions.check import Figures, Move
from psp_training.directions.face_mesh import crop, measure_pose
from psp_training.directions.files import read_directions, replace_direction, write_directions
from psp_training.directions.find import Direction
from psp_training.directions.solve import conditioned, fit_probes, in_groups, solve
from psp_training.directions.targets import TARGETS
from psp_training.measure_directions import table_row
from psp_training.networks.mobile_stylegan import COARSE, N_STYLES
from psp_training.networks.tfjs_graph import TfjsGraph


def text(value: str) -> dict:
    return {"s": base64.b64encode(value.encode()).decode()}


def test_a_conditioned_step_moves_one_measure_and_leaves_a_correlated_one():
    torch.manual_seed(0)
    w = torch.randn(4000, 8)
    # The second measure mostly follows the first.
    values = torch.stack([w[:, 0], 0.9 * w[:, 0] + 0.4 * w[:, 1]], dim=1)
    steps = conditioned(w, fit_probes(w, values))
    assert torch.allclose((steps @ w.T @ values / len(w)), torch.eye(2), atol=0.1)


def test_the_cheapest_set_of_groups_that_moves_only_what_is_wanted_is_taken():
    # Group 0 moves both measures, group 1 only the second: the first alone takes both.
    effects = torch.tensor([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    nothing = torch.zeros(3)
    groups = torch.tensor([0, 1, 2])
    c, used, _ = solve(effects, nothing, nothing + 1e-3, groups, 0, torch.ones(2))
    assert used == (0, 1)
    assert torch.allclose(effects.T @ c, torch.tensor([1.0, 0.0]), atol=0.01)


def test_what_follows_freely_is_not_fought():
    effects = torch.tensor([[1.0, 1.0], [0.0, 1.0]])
    nothing = torch.zeros(2)
    weights = torch.tensor([1.0, 0.0])
    c, used, _ = solve(effects, nothing, nothing + 1e-3, torch.tensor([0, 1]), 0, weights)
    assert used == (0,)
    assert c[1] == 0


def test_the_file_gives_back_what_was_written(tmp_path):
    rows = torch.randn(N_STYLES, 512)
    (vector,) = in_groups(rows[:1], N_STYLES)[:1]
    figures = Figures(0.5, 9, 1.0, 0.9, Move("smile", "%", 3.0, 0.5), [], True)
    direction = Direction(TARGETS[0], vector, -20, 30, (COARSE,))
    deviation = torch.rand(512) + 0.5
    path = tmp_path / "directions.safetensors"
    write_directions(path, [(direction, figures)], deviation, {"foundOn": 7})
    found, entry = read_directions(path, N_STYLES)[TARGETS[0].name]
    assert torch.allclose(found, vector * deviation, atol=2e-3)
    assert (entry["min"], entry["max"], entry["styles"]) == (-20, 30, [[0, 4]])


def test_a_direction_is_replaced_and_the_others_stay(tmp_path):
    figures = Figures(0.5, 9, 1.0, 0.9, Move("smile", "%", 3.0, 0.5), [], True)
    groups = in_groups(torch.randn(2, 512), N_STYLES)
    first, second = (
        Direction(target, vector, -20, 30, (COARSE,))
        for target, vector in zip(TARGETS[:2], groups[::3], strict=True)
    )
    path = tmp_path / "directions.safetensors"
    one = torch.ones(512)
    write_directions(path, [(first, figures), (second, figures)], one, {"foundOn": 7})
    before = read_directions(path, N_STYLES)
    by_style = Direction(first.target, -first.vector, -10, 10, tuple((i, i + 1) for i in range(4)))
    replace_direction(path, by_style, figures, one)
    found = read_directions(path, N_STYLES)
    vector, entry = found[first.target.name]
    assert torch.equal(vector, -before[first.target.name][0])
    assert (entry["min"], len(entry["styles"])) == (-10, 4)
    assert torch.equal(found[second.target.name][0], before[second.target.name][0])
    assert list(found) == list(before)


def test_a_head_turned_to_the_viewers_right_has_a_yaw_above_0():
    points = torch.zeros(1, 468, 3)
    points[0, 234] = torch.tensor([0.2, 0.5, 0.0])
    points[0, 454] = torch.tensor([0.8, 0.5, 0.6])
    points[0, 152, 1] = 1
    assert measure_pose(points)["yaw"].item() == pytest.approx(45)
    assert measure_pose(points)["pitch"].item() == pytest.approx(0)


def test_a_crop_of_the_whole_picture_is_the_picture():
    picture = torch.rand(2, 3, 6, 6)
    box = torch.tensor([[0.5, 0.5, 1.0]]).expand(2, 3)
    assert torch.allclose(crop(picture, box, 6), picture, atol=1e-5)


def test_a_tfjs_graph_runs_as_it_is_written(tmp_path):
    kernel = np.arange(9, dtype=np.float16).reshape(3, 3, 1, 1)
    nodes = [
        {"name": "x", "op": "Placeholder"},
        {"name": "k", "op": "Const"},
        {
            "name": "y",
            "op": "_FusedConv2D",
            "input": ["x", "k", "b"],
            "attr": {
                "strides": {"list": {"i": ["1", "2", "2", "1"]}},
                "padding": text("SAME"),
                "fused_ops": {"list": {"s": [text("BiasAdd")["s"], text("Relu")["s"]]}},
            },
        },
        {"name": "b", "op": "Const"},
    ]
    weights = [
        {
            "name": "k",
            "shape": [3, 3, 1, 1],
            "dtype": "float32",
            "quantization": {"dtype": "float16"},
        },
        {"name": "b", "shape": [1], "dtype": "float32"},
    ]
    (tmp_path / "w.bin").write_bytes(kernel.tobytes() + np.float32([1]).tobytes())
    manifest = [{"paths": ["w.bin"], "weights": weights}]
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"modelTopology": {"node": nodes}, "weightsManifest": manifest}))
    (y,) = TfjsGraph(path, ["y"])(torch.ones(1, 1, 4, 4))
    # TensorFlow pads an even side at its end: the last row and column see zeros.
    whole, row, column, corner = 36, 0 + 1 + 2 + 3 + 4 + 5, 0 + 1 + 3 + 4 + 6 + 7, 0 + 1 + 3 + 4
    expected = torch.tensor([[whole, column], [row, corner]]).float() + 1
    assert torch.allclose(y[0, 0], expected)


def test_an_unknown_operator_is_named(tmp_path):
    nodes = [{"name": "x", "op": "Placeholder"}, {"name": "y", "op": "Erf", "input": ["x"]}]
    path = tmp_path / "m.json"
    (tmp_path / "w.bin").write_bytes(b"")
    manifest = [{"paths": ["w.bin"], "weights": []}]
    path.write_text(json.dumps({"modelTopology": {"node": nodes}, "weightsManifest": manifest}))
    with pytest.raises(ValueError, match="Erf"):
        TfjsGraph(path, ["y"])(torch.ones(1, 1, 2, 2))


def test_a_slider_that_runs_against_its_measure_is_told_as_it_moves():
    (target,) = (target for target in TARGETS if target.sign < 0)
    direction = Direction(target, torch.zeros(N_STYLES, 512), -10, 16)
    drags = [Move("light_side", "L*", -4.6, -0.3)]
    figures = Figures(6.5, 200, 1.0, 0.9, Move("pitch", "°", -6.81, -0.85), drags, True)
    assert table_row(direction, figures) == (
        "| Head down, up (`nod`) | ±6.5: 6.81 ° (0.85) | light side -4.60 L* | 0.90 | 1 |"
    )
