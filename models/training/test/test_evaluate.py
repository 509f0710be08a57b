"""Measuring on synthetic pictures: figures with known answers, and the whole program once."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from psp_training import evaluate
from psp_training.card.card_pictures import shown
from psp_training.card.figures import Record, Truth, averaged
from psp_training.card.tasks import TASKS, inputs_of
from psp_training.encoders.operations import OPERATIONS
from psp_training.networks.backbone import Shape
from psp_training.networks.decoder import Decoder
from psp_training.networks.encoder import Encoder
from psp_training.networks.identity import IdentityNet
from psp_training.networks.psp import Psp, checkpoint_of
from psp_training.pictures.data import Portraits
from psp_training.prepare import prepare


def write_checkpoints(folder: Path, operations: list[str]) -> None:
    folder.mkdir()
    decoder = Decoder(8, [8, 8, 8, 8, 8])
    for operation in operations:
        inputs = 1 if operation == "sketch-to-face" else 3
        encoder = Encoder(Shape(decoder.n_styles, 8, [4, 5, 6, 7], [1, 1, 1, 1], inputs))
        encoder.make_lean()
        psp = Psp(encoder, decoder, torch.randn(decoder.n_styles, 8))
        torch.save(checkpoint_of(psp, operation), folder / f"{operation}.pt")


def test_the_truth_itself_is_without_error_and_identical(
    portraits: Path, identity_net: IdentityNet
) -> None:
    images = Portraits(portraits).batch(np.arange(6))
    record, other = Record(), Record()
    masks = torch.zeros(6, 1, 256, 256)
    masks[..., :128] = 1
    half_wrong = averaged(images, 64).clamp(-0.5, 0.5)
    half_wrong[..., 32:] += 0.25
    truth = Truth(identity_net, half_wrong)
    for part in (record, other):
        part.add(half_wrong, truth, masks)
    moved = half_wrong.clone()
    moved[..., :32] += 0.5
    wrong = Record()
    wrong.add(moved, truth, masks)
    same = record.per_picture()
    for name in ("l2", "perceptual", "l2_inside", "l2_outside"):
        torch.testing.assert_close(same[name], torch.zeros(6))
    torch.testing.assert_close(same["identity"], torch.ones(6))
    figures = wrong.per_picture()
    torch.testing.assert_close(figures["l2_inside"], torch.full((6,), 0.25))
    torch.testing.assert_close(figures["l2_outside"], torch.zeros(6))
    torch.testing.assert_close(figures["l2"], torch.full((6,), 0.125))


def test_one_face_for_all_is_measured_as_if_repeated(
    portraits: Path, identity_net: IdentityNet
) -> None:
    truth = Truth(identity_net, Portraits(portraits).batch(np.arange(4)))
    face = torch.rand(1, 3, 64, 64)
    once, repeated = Record(), Record()
    once.add(face, truth)
    repeated.add(face.expand(4, -1, -1, -1), truth)
    for name, value in once.per_picture().items():
        torch.testing.assert_close(value, repeated.per_picture()[name])


def test_inputs_do_not_depend_on_the_batch(portraits: Path) -> None:
    images = Portraits(portraits).batch(np.arange(4))
    for task in TASKS:
        if task.operation not in OPERATIONS:
            continue
        together, masks = inputs_of(task, images, np.arange(4))
        alone, mask = inputs_of(task, images[3:], np.array([3]))
        torch.testing.assert_close(together[3:], alone)
        if masks is not None and mask is not None:
            torch.testing.assert_close(masks[3:], mask)


def test_sketches_are_shown_as_they_look() -> None:
    paper = shown(torch.ones(2, 1, 256, 256))
    assert paper.shape == (2, 3, 128, 128)
    assert float(paper.min()) == 1


def test_prepare_takes_a_folder_of_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "crops"
    folder.mkdir()
    for name, shade in (("b", 200), ("a", 10)):
        Image.new("RGB", (256, 256), (shade, 0, 0)).save(folder / f"{name}.png")
    (folder / "meta.jsonl").write_text('{"id": "b", "yaw": 0.5}\n')
    assert prepare(tmp_path / "out", [folder]) == 2
    data = Portraits(tmp_path / "out")
    assert [m["name"] for m in data.meta] == ["a", "b"]
    assert data.yaw.tolist() == [0, 0.5]


def test_the_whole_program(
    monkeypatch: pytest.MonkeyPatch, portraits: Path, identity_folder: Path, tmp_path: Path
) -> None:
    write_checkpoints(tmp_path / "starter", list(OPERATIONS))
    write_checkpoints(tmp_path / "earlier", ["reconstruct", "super-resolve"])
    out = tmp_path / "out"
    paths = (portraits, identity_folder, tmp_path / "starter", out, "--photos", portraits)
    options = ("--earlier", tmp_path / "earlier", "--count", 5, "--samples", 3)
    w = ("--w-encoder", tmp_path / "earlier" / "reconstruct.pt")
    line = ["evaluate", *map(str, (*paths, *options, *w))]
    monkeypatch.setattr(sys, "argv", line)
    evaluate.main()
    alone = (out / "figures.json").read_text()
    monkeypatch.setattr(sys, "argv", [*line, "--processes", "2"])
    evaluate.main()
    assert (out / "figures.json").read_text() == alone
    val = json.loads((out / "figures.json").read_text())["val"]
    assert val["pictures"] == 5
    assert set(val["reconstruct"]) == {"starter", "earlier", "w-encoder", "mean-face"}
    assert set(val["frontalize"]) == {"starter", "mean-face"}
    assert set(val["super-resolve-4"]) == {"starter", "earlier", "mean-face", "bicubic"}
    assert set(val["inpaint"]["starter"]) > {"l2_inside", "l2_outside", "identity"}
    # Shrinking to the generator's own side loses almost nothing.
    assert val["super-resolve-4"]["bicubic"]["l2"] < val["super-resolve-16"]["bicubic"]["l2"]
    lines = (out / "pictures.tsv").read_text().splitlines()
    assert "val\tinpaint\tstarter\t0004\tl2_inside\t" in "\n".join(lines)
    assert Image.open(out / "faces" / "photos" / "frontalize-starter" / "0003.png").size == (64, 64)
    assert len(list((out / "faces" / "drawn").iterdir())) == 3
    for picture in ("operations", "samples", "styles", "photos"):
        assert (out / f"{picture}.webp").stat().st_size > 0
