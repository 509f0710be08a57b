"""A step or two of encoder training, on synthetic pictures and a random generator."""

import sys
from argparse import Namespace
from pathlib import Path

import pytest
import torch

from psp_training import sizes, train_encoder
from psp_training.encoders import beginning
from psp_training.encoders.operations import OPERATIONS
from psp_training.networks.backbone import Shape
from psp_training.networks.decoder import Decoder
from psp_training.networks.discriminator import Discriminator
from psp_training.networks.encoder import Encoder, SingleStyleEncoder
from psp_training.networks.generator import Generator, load_generator
from psp_training.networks.psp import Psp, checkpoint_of, load
from psp_training.running.parallel import Team

# Not below 16 channels: PyTorch 2.13's bfloat16 convolutions corrupt memory there when the tensors
# are channels-last.
WIDTHS = [16, 24, 28, 32]


@pytest.fixture
def setting(
    monkeypatch: pytest.MonkeyPatch, portraits: Path, identity_folder: Path, tmp_path: Path
) -> Namespace:
    """Arguments for two pictures a step, a generator file and a reconstruct checkpoint."""
    monkeypatch.setattr(train_encoder, "BATCH", 2)
    monkeypatch.setattr(train_encoder, "JUDGED", 1)
    monkeypatch.setattr(sizes, "ENCODER_UNITS", [1, 1, 1, 1])
    monkeypatch.setattr(beginning, "CENTRED", 2)
    generator = Generator(Decoder(16, [16] * 5), torch.randn(16), Discriminator([16] * 5))
    generator.save(tmp_path / "generator.pt")
    encoder = Encoder(Shape(10, 16, WIDTHS, [1, 1, 1, 1]))
    encoder.make_lean()
    psp = Psp(encoder, generator.decoder, torch.randn(10, 16))
    torch.save(checkpoint_of(psp, "reconstruct"), tmp_path / "start.pt")
    paths = {"data": portraits, "identity": identity_folder, "out": tmp_path / "out.pt"}
    paths |= {"generator": tmp_path / "generator.pt", "start": tmp_path / "start.pt"}
    options = {"encoder": "gradual", "units": None, "minutes": 10.0, "favour": 2, "measure": 6}
    return Namespace(operation="reconstruct", seed=1, steps=1, report_every=1, **paths, **options)


def trained(setting: Namespace, **changes: object) -> Psp:
    train_encoder.train(Team(), Namespace(**(vars(setting) | changes)))
    return load(setting.out)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_writes_a_checkpoint_with_the_frozen_generator(
    operation: str, setting: Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    psp = trained(setting, operation=operation)
    generator = load_generator(setting.generator)
    for key, value in generator.decoder.state_dict().items():
        assert torch.equal(psp.decoder.state_dict()[key], value), key
    assert torch.equal(psp.latent_avg, generator.latent_avg.expand(10, 16))
    image = psp(torch.zeros(1, OPERATIONS[operation].inputs, 256, 256))
    assert image.shape == (1, 3, 64, 64) and bool(torch.isfinite(image).all())
    assert ("latent" in capsys.readouterr().out) == (operation != "reconstruct")
    assert not setting.out.with_suffix(".state").exists()


def test_without_a_start_only_the_image_losses_count(
    setting: Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    psp = trained(setting, operation="sketch-to-face", start=None)
    assert psp.encoder.shape.inputs == 1 and "latent" not in capsys.readouterr().out


def test_the_ablation_and_further_units(setting: Namespace) -> None:
    psp = trained(setting, encoder="w", units=[1, 1, 1, 2])
    assert isinstance(psp.encoder, SingleStyleEncoder) and psp.encoder.shape.units == [1, 1, 1, 2]
    opts = torch.load(setting.out, weights_only=True)["opts"]
    assert opts["encoder_type"] == "BackboneEncoderUsingLastLayerIntoW" and opts["learn_in_w"]


def test_goes_on_where_it_was_cut_off(setting: Namespace) -> None:
    setting.operation = "frontalize"
    first = train_encoder.EncoderTrainer(Team(), setting)
    first.run_step()
    first.save()
    again = train_encoder.EncoderTrainer(Team(), setting)
    assert again.step == 1 and again.clock.before_s > 0
    assert torch.equal(again.measured["direction"], first.measured["direction"])
    for part in ("encoder", "average"):
        theirs = getattr(first, part).state_dict()
        for key, value in getattr(again, part).state_dict().items():
            assert torch.equal(value, theirs[key]), (part, key)
    again.run_step()
    assert len(again.optimizer.state) == len(first.optimizer.state) > 0


def test_the_command_line(
    monkeypatch: pytest.MonkeyPatch, setting: Namespace, tmp_path: Path
) -> None:
    given: list[Namespace] = []
    monkeypatch.setattr(train_encoder, "run", lambda _, arguments, size: given.append(arguments))
    line = "program inpaint data identity generator.pt out.pt --units 1,2,3,4 --processes 2"
    monkeypatch.setattr(sys, "argv", line.split())
    train_encoder.main()
    assert given[0].units == [1, 2, 3, 4] and given[0].out == Path("out.pt")
    monkeypatch.setattr(sys, "argv", [*line.split()[:6], "--units", "1,2"])
    with pytest.raises(SystemExit):
        train_encoder.main()
