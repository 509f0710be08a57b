"""Every stage of the training program for a step or two, on a kit of random networks."""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from psp_training import train, train_encoder, train_head, workshop
from psp_training.kit import PHOTOGRAPHS, PORTRAITS, read_pictures, save_half
from psp_training.networks.efficientnet import EfficientNetLite
from psp_training.networks.mobile_stylegan import Generator
from psp_training.networks.pyramid_encoder import PyramidEncoder


def webp(rng: np.random.Generator) -> bytes:
    stream = io.BytesIO()
    shade = rng.integers(0, 255, 3)
    Image.fromarray(np.full((256, 256, 3), shade, np.uint8)).save(stream, "WEBP")
    return stream.getvalue()


@pytest.fixture
def kit(tmp_path: Path, identity_folder: Path) -> Path:
    folder = tmp_path / "kit"
    folder.mkdir()
    generator = Generator()
    for parameter in generator.parameters():
        nn.init.normal_(parameter, std=0.03)
    save_half(folder / "generator.pt", generator)
    save_half(folder / "backbone.pt", EfficientNetLite())
    identity_folder.rename(folder / "identity")
    rng = np.random.default_rng(0)
    with zipfile.ZipFile(folder / "portraits.zip", "w") as archive:
        for kind, count in ((PHOTOGRAPHS, 4), (PORTRAITS, 3)):
            for index in range(count):
                archive.writestr(f"{kind}/{index}.webp", webp(rng))
    return folder


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "SMALL_POOL", 8)
    monkeypatch.setattr(train_head, "BATCH", 1)
    monkeypatch.setattr(train_encoder, "LATENT_BATCH", 2)
    monkeypatch.setattr(train_encoder, "PICTURE_BATCH", 4)
    monkeypatch.setattr(train_encoder, "NEW", 1)
    # No share of the time for latents alone: the few steps there are use every loss.
    monkeypatch.setattr(train_encoder, "LATENTS_ONLY", 0.0)
    monkeypatch.setattr(workshop, "HELD_DRAWN", 1)
    monkeypatch.setattr(workshop, "HELD_PHOTOGRAPHS", 1)


def run(monkeypatch: pytest.MonkeyPatch, kit: Path, out: Path) -> list[dict]:
    monkeypatch.setattr(sys, "argv", ["train", str(kit), str(out), "--minutes", "0.02"])
    train.main()
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


@pytest.mark.usefixtures("_small")
def test_every_stage_takes_steps_and_goes_on_from_its_file(
    monkeypatch: pytest.MonkeyPatch, kit: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lines = run(monkeypatch, kit, out)
    assert {line["stage"] for line in lines} == {"head", "photograph", "sketch"}
    assert all(line["steps"] >= 1 for line in lines)
    terms = {"l2", "perceptual", "features", "identity", "latent", "norm"}
    assert terms <= {key for line in lines if line["stage"] == "photograph" for key in line}
    for stage in ("head", "photograph", "sketch"):
        assert 0 < (out / f"{stage}.pt").stat().st_size < 16 * 2**20
    trained = torch.load(out / "sketch.pt", weights_only=True)
    monkeypatch.setattr(train, "train_encoder", lambda shop, task, encoder, *_: encoder)
    run(monkeypatch, kit, out)
    again = torch.load(out / "sketch.pt", weights_only=True)
    assert all(torch.equal(again[name], value) for name, value in trained.items())


def test_photographs_and_portraits_are_told_apart(kit: Path) -> None:
    photographs, portraits = read_pictures(kit / "portraits.zip")
    assert photographs.shape == (4, 3, 256, 256) and portraits.shape == (3, 3, 256, 256)


def test_an_encoder_begins_near_the_mean_face() -> None:
    encoder = PyramidEncoder(4, 64).eval()
    offsets = encoder.offsets(torch.zeros(1, 4, 256, 256))
    assert offsets.shape == (1, 23, 512)
    assert offsets.abs().mean().item() < 1
