"""The generator's training program, on synthetic pictures and narrow networks."""

import json
import math
import sys
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from psp_training import train_generator
from psp_training.gan import trainer
from psp_training.gan.adaptive import Strength, disturbed, moved, recoloured
from psp_training.generator_card import curve, nearest
from psp_training.losses import path_lengths
from psp_training.measure_generator import Features, Measures, covered, draw, frechet
from psp_training.networks.backbone import Shape
from psp_training.networks.decoder import Decoder
from psp_training.networks.discriminator import Discriminator, batch_spread
from psp_training.networks.encoder import Encoder
from psp_training.networks.generator import Generator, grow, load_generator
from psp_training.networks.identity import IdentityNet
from psp_training.networks.psp import Psp, checkpoint_of
from psp_training.pictures.data import Portraits
from psp_training.running.pieces import load_pieces, save_pieces


def test_pieces_join_to_what_was_saved(tmp_path: Path) -> None:
    state = {"weights": torch.arange(5000.0), "step": 3}
    save_pieces(tmp_path, state, piece_bytes=4096)
    assert all(piece.stat().st_size <= 4096 for piece in tmp_path.glob("*.bin"))
    save_pieces(tmp_path, {**state, "step": 4}, piece_bytes=4096)
    loaded = load_pieces(tmp_path)
    assert loaded is not None and loaded["step"] == 4
    assert torch.equal(loaded["weights"], state["weights"])
    listed = json.loads((tmp_path / "state.json").read_text())["pieces"]
    assert len(listed) == len(list(tmp_path.glob("*.bin")))


def test_a_damaged_piece_is_refused_by_name(tmp_path: Path) -> None:
    assert load_pieces(tmp_path) is None
    save_pieces(tmp_path, {"weights": torch.zeros(100)})
    (piece,) = tmp_path.glob("*.bin")
    piece.write_bytes(piece.read_bytes()[:-1])
    with pytest.raises(ValueError, match=piece.name):
        load_pieces(tmp_path)


def test_path_lengths_are_the_norm_of_the_jacobian() -> None:
    """A linear 'generator' image = A·w: E |Aᵀy|² = |A|² over the side's square."""
    torch.manual_seed(1)
    matrix = torch.randn(3 * 4 * 4, 6)
    latents = torch.randn(4000, 1, 6, requires_grad=True)
    images = (latents[:, 0] @ matrix.T).view(-1, 3, 4, 4)
    measured = path_lengths(images, latents).square().mean()
    assert float(measured.detach()) == pytest.approx(float(matrix.square().sum() / 16), rel=0.03)


def test_the_batch_spread_is_that_of_each_group() -> None:
    x = torch.zeros(8, 2, 4, 4)
    # Groups are strided: pictures 0, 2, 4, 6 and 1, 3, 5, 7.
    x[0::2] = torch.tensor([1.0, 3.0, 1.0, 3.0])[:, None, None, None]
    spread = batch_spread(x)
    assert spread.shape == (8, 1, 4, 4)
    assert spread[0::2].mean().item() == pytest.approx(1.0, abs=1e-3)
    assert spread[1::2].abs().max().item() < 1e-3


def test_disturbing_does_what_its_probability_says() -> None:
    images = torch.rand(64, 3, 16, 16) * 2 - 1
    assert disturbed(images, 0) is images
    changed = (disturbed(images, 0.2) - images).abs().amax(dim=(1, 2, 3)) > 1e-3
    assert 20 < int(changed.sum()) < 64
    assert moved(images, 1.0).shape == images.shape
    grey = torch.full((8, 3, 4, 4), 0.3)
    # Whatever happens to the colours, grey stays grey.
    assert recoloured(grey, 1.0).std(dim=1).max().item() < 1e-5


def test_disturbances_are_differentiable() -> None:
    images = torch.rand(4, 3, 16, 16).requires_grad_(True)
    disturbed(images, 1.0).sum().backward()
    assert images.grad is not None and bool(torch.isfinite(images.grad).all())


def test_the_strength_follows_the_sign_and_stays_within_bounds() -> None:
    strength = Strength()
    strength.adjust(sign_mean=0.2, pictures=1000)
    assert strength.p == 0
    strength.adjust(sign_mean=0.9, pictures=1000)
    assert strength.p == pytest.approx(0.002)
    for _ in range(600):
        strength.adjust(sign_mean=1.0, pictures=1000)
    assert strength.p == 1


def test_growing_keeps_the_picture() -> None:
    small, large = Decoder(16, [16, 16, 16, 16, 16]), Decoder(16, [16, 16, 16, 16, 16, 16])
    grow(small.state_dict(), large)
    w = torch.randn(2, 1, 16)
    with torch.no_grad():
        before = small(w.expand(-1, small.n_styles, -1))
        after = large(w.expand(-1, large.n_styles, -1))
    inner = F.avg_pool2d(after, 2)[:, :, 2:-2, 2:-2] - before[:, :, 2:-2, 2:-2]
    assert after.shape[-1] == 128
    assert inner.abs().mean().item() < 0.1 * before.std().item()


def test_frechet_of_gaussians_is_the_closed_form() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(20000, 3), torch.randn(20000, 3) * 2 + 1
    # |μ|² = 3, Σ (1 − 2)² = 3, trace of the second = 12.
    assert frechet(a, b) == pytest.approx(6 / 12, rel=0.05)
    assert frechet(a, a) == pytest.approx(0, abs=1e-9)


def test_precision_counts_points_within_reach() -> None:
    manifold = torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0]])
    points = torch.tensor([[0.5], [100.0]])
    assert covered(points, manifold, k=1) == 0.5


def test_measures_know_a_collapsed_generator(identity_net: IdentityNet) -> None:
    torch.manual_seed(0)
    real = Features(torch.randn(300, 8), torch.randn(300, 8))
    good = Measures(identity_net, real, 64).compare(
        Features(torch.randn(300, 8), torch.randn(300, 8))
    )
    one = torch.randn(1, 8) + 0.01 * torch.randn(300, 8)
    poor = Measures(identity_net, real, 64).compare(Features(one, one))
    assert good["frechet_identity"] < 0.2 < poor["frechet_identity"]
    assert poor["diversity"] < 0.05 < 0.8 < good["diversity"]
    assert poor["recall"] < 0.1 < 0.6 < good["recall"]


def test_truncation_to_nothing_is_one_face() -> None:
    faces = draw(Decoder(16, [16, 16, 16]), 4, psi=0.0)
    assert (faces - faces[:1]).abs().max().item() < 1e-4


def test_the_nearest_picture_is_found_even_mirrored(
    portraits: Path, identity_net: IdentityNet
) -> None:
    data = Portraits(portraits)
    faces = F.avg_pool2d(data.batch(torch.tensor([3, 7]).numpy()), 4).flip(3)
    by_pixels, by_face = nearest(faces, data, identity_net, size=5)
    torch.testing.assert_close(by_pixels, faces)
    assert by_face.shape == faces.shape


def test_the_curve_draws_every_measure() -> None:
    point = {"frechet_identity": 0.5, "frechet_texture": 2.0, "recall": 0.25}
    svg = curve([{"pictures": 0, **point}, {"pictures": 100}, {"pictures": 8000, **point}])
    assert svg.count("<polyline") == 3
    assert "8 000 pictures" in svg and ">2.00<" in svg
    losses = curve([{"pictures": 50, "pixel": 0.2, "feature": 2}, {"pictures": 100, "pixel": 0.1}])
    assert losses.count("<polyline") == 1 and ">0.20<" in losses
    assert "nan" not in svg


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    widths = {64: [16] * 5, 128: [16] * 6}
    monkeypatch.setattr(trainer, "DECODER_WIDTHS", widths)
    monkeypatch.setattr(trainer, "STYLE", {64: 16, 128: 16})


def test_train_resume_and_grow(
    monkeypatch: pytest.MonkeyPatch, narrow: None, portraits: Path, tmp_path: Path
) -> None:
    def call(out: Path, *options: object) -> list[dict]:
        common = ("--batch", 4, "--minutes", 60, "--report-every", 1)
        program = ["program", portraits, out, *common, *options]
        monkeypatch.setattr(sys, "argv", list(map(str, program)))
        train_generator.main()
        return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]

    out = tmp_path / "run"
    call(out, "--steps", 2)
    lines = call(out, "--steps", 3)
    assert [line["pictures"] for line in lines] == [4, 8, 12]
    assert all(math.isfinite(value) for line in lines for value in line.values())
    assert {"judge", "fool", "sign", "p"} <= set(lines[-1])
    assert {"r1", "path"} <= set(lines[0])
    trained = load_generator(out / "generator.pt")
    assert trained.latent_avg.shape == (16,)
    assert (out / "samples.jpg").stat().st_size > 0

    larger = tmp_path / "larger"
    call(larger, "--steps", 1, "--side", 128, "--start", out / "generator.pt")
    grown = load_generator(larger / "generator.pt")
    assert grown.decoder.n_styles == trained.decoder.n_styles + 2


def test_a_waiting_generator_does_not_move(
    monkeypatch: pytest.MonkeyPatch, narrow: None, portraits: Path, tmp_path: Path
) -> None:
    start = tmp_path / "start.pt"
    decoder = Decoder(16, [16] * 5)
    Generator(decoder, torch.zeros(16), Discriminator([16] * 5)).save(start)
    options = ("--batch", 4, "--steps", 2, "--judge-first", 100, "--start", start)
    program = ["program", portraits, tmp_path, "--report-every", 1, *options]
    monkeypatch.setattr(sys, "argv", list(map(str, program)))
    train_generator.main()
    result = load_generator(tmp_path / "generator.pt").decoder.state_dict()
    for key, value in decoder.state_dict().items():
        torch.testing.assert_close(result[key], value, msg=key)
    # Its time runs out all the same: one step beyond, not on to the hundredth picture.
    without_steps = [option for option in program if option not in ("--steps", 2)]
    monkeypatch.setattr(sys, "argv", [*map(str, without_steps), "--minutes", "0.0001"])
    train_generator.main()
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["pictures"] == 12


def test_an_anchored_generator_is_held_to_pictures(
    monkeypatch: pytest.MonkeyPatch,
    narrow: None,
    portraits: Path,
    identity_folder: Path,
    tmp_path: Path,
) -> None:
    decoder = Decoder(16, [16] * 5)
    encoder = Encoder(Shape(decoder.n_styles, 16, [16, 17, 18, 19], [1, 1, 1, 1]))
    start = tmp_path / "start.pt"
    psp = Psp(encoder, decoder, torch.zeros(decoder.n_styles, 16))
    torch.save(checkpoint_of(psp, "reconstruct"), start)
    options = ("--batch", 4, "--steps", 2, "--report-every", 1, "--start", start)
    options += ("--anchor", 5, "--identity", identity_folder)
    program = ["program", portraits, tmp_path, *options]
    monkeypatch.setattr(sys, "argv", list(map(str, program)))
    train_generator.main()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert all(line["anchor"] > 0 for line in lines)
    monkeypatch.setattr(sys, "argv", [*map(str, program[:3]), "--anchor", "5"])
    with pytest.raises(SystemExit):
        train_generator.main()
