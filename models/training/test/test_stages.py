"""A few steps of the warm start on synthetic pictures: the whole road to a checkpoint."""

import sys
from pathlib import Path

import pytest
import torch

from psp_training import fit_mapping, sizes, train_autoencoder
from psp_training.networks.psp import load


def call(monkeypatch: pytest.MonkeyPatch, module: object, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["program", *map(str, arguments)])
    module.main()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A narrow network, and every loss term from the first step.

    Not below 16 channels: PyTorch 2.13's bfloat16 convolutions corrupt memory there when the
    tensors are channels-last.
    """
    monkeypatch.setattr(train_autoencoder, "STYLE", {64: 16})
    monkeypatch.setattr(train_autoencoder, "DECODER_WIDTHS", {64: [16, 16, 16, 16, 16]})
    monkeypatch.setattr(sizes, "ENCODER_UNITS", [1, 1, 1, 1])
    monkeypatch.setattr(sizes, "ENCODER_HIDDEN", [24, 20, 16])
    monkeypatch.setattr(train_autoencoder, "BATCH", 4)
    monkeypatch.setattr(train_autoencoder, "JUDGED", 2)
    monkeypatch.setattr(train_autoencoder, "FEATURES_FROM", -1.0)
    monkeypatch.setattr(train_autoencoder, "ADVERSARY_FROM", -1.0)


def test_autoencoder_and_mapping(
    monkeypatch: pytest.MonkeyPatch,
    small: None,
    portraits: Path,
    identity_folder: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    common = ("--favour", 2, "--seed", 1)
    first = (train_autoencoder, portraits, identity_folder, out, "--report-every", 1, *common)
    call(monkeypatch, *first, "--steps", 2)
    call(monkeypatch, *first, "--steps", 3)
    state = torch.load(out / "autoencoder.pt", weights_only=True)
    assert (state["step"], state["images"]) == (3, 3 * train_autoencoder.BATCH)
    assert (out / "preview.jpg").stat().st_size > 0

    base = out / "reconstruct.pt"
    few = ("--count", 8, "--steps", 5)
    call(monkeypatch, fit_mapping, portraits, out / "autoencoder.pt", base, *few, *common)
    image = load(base)(torch.zeros(1, 3, 256, 256))
    assert image.shape == (1, 3, 64, 64) and bool(torch.isfinite(image).all())

    # Another encoder, to which the decoder says the same; it waits, then goes on with it.
    monkeypatch.setattr(sizes, "ENCODER_UNITS", [1, 1, 2, 1])
    monkeypatch.setattr(train_autoencoder, "FITTED", 8)
    for waits_until, same in ((1.0, True), (0.0, False)):
        monkeypatch.setattr(train_autoencoder, "WAITS_UNTIL", waits_until)
        again = tmp_path / f"again-{same}"
        started = (*first[:3], again, *first[4:], "--start", base, "--steps", 1)
        call(monkeypatch, *started)
        state = torch.load(again / "autoencoder.pt", weights_only=True)["model"]
        before, after = load(base).decoder.input.input, state["decoder.input.input"]
        assert torch.equal(before, after) == same


def test_the_mapping_network_learns_a_distribution() -> None:
    decoder = train_autoencoder.Decoder(6, [8, 8, 8, 8, 8])
    wanted = torch.randn(2000, 6) * torch.linspace(0.8, 1.2, 6) + 1
    distance = fit_mapping.fit(decoder, wanted, steps=200, batch=256)
    drawn = decoder.map(torch.randn(2000, 6))
    assert distance < 0.15
    assert float((drawn.mean(0) - wanted.mean(0)).abs().max()) < 0.3
