"""What encoder training starts from says the same as what it was made of."""

from pathlib import Path

import numpy as np
import pytest
import torch

from psp_training.encoders.closed_form import fit, settle, straighten
from psp_training.encoders.start import adapted, deepened, for_sketches, from_nothing, read_start
from psp_training.networks.backbone import Shape
from psp_training.networks.decoder import Decoder
from psp_training.networks.discriminator import Discriminator
from psp_training.networks.encoder import Encoder, SingleStyleEncoder
from psp_training.networks.generator import Generator
from psp_training.networks.psp import Psp, checkpoint_of
from psp_training.running.parallel import Team

WIDTHS = [8, 9, 10, 11]


@pytest.fixture
def generator() -> Generator:
    return Generator(Decoder(6, [8] * 5), torch.randn(6), Discriminator([8] * 5))


def lived_in(encoder: Encoder) -> Encoder:
    """With statistics that are not those of the first day."""
    encoder.make_lean()
    settle(encoder, [torch.randn(4, encoder.shape.inputs, 256, 256)])
    return encoder


@torch.no_grad()
def test_codes_stay_the_same_under_the_generators_mean_w(
    generator: Generator, tmp_path: Path
) -> None:
    encoder = lived_in(Encoder(Shape(10, 6, WIDTHS, [1, 1, 1, 1])))
    old = Psp(encoder, generator.decoder, torch.randn(10, 6))
    images = torch.randn(2, 3, 256, 256)
    expected = old.eval().encode(images)
    torch.save(checkpoint_of(old, "reconstruct"), tmp_path / "reconstruct.pt")
    torch.save(checkpoint_of(old, "inpaint"), tmp_path / "inpaint.pt")
    for name, teaches in (("reconstruct", True), ("inpaint", False)):
        psp, told = read_start(tmp_path / f"{name}.pt", generator)
        assert told == teaches
        assert torch.equal(psp.latent_avg, generator.latent_avg.expand(10, 6))
        torch.testing.assert_close(psp.encode(images), expected, atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_starts_from_an_autoencoder_state(generator: Generator, tmp_path: Path) -> None:
    encoder = lived_in(Encoder(Shape(10, 6, WIDTHS, [1, 1, 1, 1])))
    state = {f"encoder.{key}": value for key, value in encoder.state_dict().items()}
    torch.save({"average": state, "step": 3}, tmp_path / "autoencoder.pt")
    psp, teaches = read_start(tmp_path / "autoencoder.pt", generator)
    images = torch.randn(2, 3, 256, 256)
    torch.testing.assert_close(psp.encode(images), encoder(images), atol=1e-4, rtol=1e-4)
    assert not teaches


def test_refuses_a_start_of_another_width(generator: Generator, tmp_path: Path) -> None:
    psp = Psp(Encoder(Shape(10, 7, WIDTHS, [1] * 4)), Decoder(7, [8] * 5), torch.zeros(10, 7))
    torch.save(checkpoint_of(psp, "reconstruct"), tmp_path / "other.pt")
    with pytest.raises(ValueError, match=r"\[10, 7\], the generator takes \[10, 6\]"):
        read_start(tmp_path / "other.pt", generator)


@torch.no_grad()
def test_further_units_change_nothing_yet() -> None:
    encoder = lived_in(Encoder(Shape(10, 6, WIDTHS, [1, 1, 2, 1])))
    deeper = deepened(encoder, [1, 2, 2, 3]).eval()
    deeper.notice_lean()
    images = torch.randn(2, 3, 256, 256)
    torch.testing.assert_close(deeper(images), encoder(images), atol=1e-5, rtol=1e-4)
    assert deeper.shape.units == [1, 2, 2, 3] and deeper.silent == 2
    with pytest.raises(ValueError, match="fewer"):
        deepened(encoder, [1, 1, 1, 1])


@torch.no_grad()
def test_a_sketch_encoder_sees_grey_as_its_start_did() -> None:
    encoder = lived_in(Encoder(Shape(10, 6, WIDTHS, [1, 1, 1, 1])))
    sketcher = for_sketches(encoder).eval()
    sketcher.make_lean()
    grey = torch.rand(2, 1, 256, 256)
    ours, theirs = sketcher.stem(grey), encoder.stem((2 * grey - 1).expand(-1, 3, -1, -1))
    inner = (..., slice(1, None), slice(1, None))
    torch.testing.assert_close(ours[inner], theirs[inner], atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_every_head_is_fitted_to_its_own_style() -> None:
    encoder = lived_in(Encoder(Shape(10, 6, WIDTHS, [1, 1, 1, 1])))
    images = torch.randn(32, 3, 256, 256) * torch.rand(32, 3, 1, 1)
    targets = 0.5 * encoder(images) + torch.randn(10, 6)
    for layer in encoder.last_layers():
        torch.nn.init.normal_(layer.weight)
    fit(encoder, images.split(8), targets, Team())
    torch.testing.assert_close(encoder(images), targets, atol=0.02, rtol=0.02)


@torch.no_grad()
def test_straightened_heads_are_hardly_bent() -> None:
    encoder = Encoder(Shape(10, 6, WIDTHS, [1, 1, 1, 1], hidden=[16, 12, 8]))
    encoder.make_lean()
    images = torch.rand(16, 3, 256, 256) * torch.rand(16, 3, 1, 1)
    straighten(encoder, images)
    for x in encoder.before_last(images):
        torch.testing.assert_close(x.mean(dim=0), torch.full(x.shape[1:], 2.0), atol=0.1, rtol=0)
        assert float((x < 0).float().mean()) < 0.1


@torch.no_grad()
def test_the_ablation_is_fitted_to_the_mean_style(generator: Generator) -> None:
    encoder = lived_in(Encoder(Shape(10, 6, WIDTHS, [1, 1, 1, 1])))
    psp = Psp(encoder, generator.decoder, torch.zeros(10, 6))
    single = adapted(psp, "w", None, 3).eval()
    assert isinstance(single, SingleStyleEncoder)
    images = torch.randn(16, 3, 256, 256) * torch.rand(16, 3, 1, 1)
    targets = single(images) * 0.5 + 0.25
    torch.nn.init.normal_(single.linear.weight)
    fit(single, images.split(4), targets, Team())
    assert single(images).shape == (16, 10, 6)
    torch.testing.assert_close(single(images), targets, atol=0.02, rtol=0.02)


@torch.no_grad()
def test_from_nothing_the_codes_vary_like_w(generator: Generator) -> None:
    encoder = from_nothing("gradual", generator, [1, 1, 1, 1], 1)
    codes = encoder(torch.rand(8, 1, 256, 256) * torch.rand(8, 1, 1, 1))
    w = generator.decoder.map(torch.randn(100, 6))
    ratio = float(codes.std(dim=0).mean() / w.std(dim=0).mean())
    assert codes.shape == (8, 10, 6) and 0.1 < ratio < 10
    assert np.isfinite(ratio)
