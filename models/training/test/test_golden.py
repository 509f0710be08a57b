"""Our networks against the official code's answers (test/fixtures/psp, see its README)."""

import numpy as np
import pytest
import torch
from torch import Tensor

from psp_training.networks.psp import checkpoint_of, load

from .conftest import FIXTURES

TOLERANCE = 1e-4


# tiny-w was given tiny-encode's picture.
INPUTS = {"tiny-encode": "tiny-encode", "tiny-sketch": "tiny-sketch", "tiny-w": "tiny-encode"}


def answer(folder: str, name: str) -> Tensor:
    return torch.from_numpy(np.load(FIXTURES / folder / f"{name}.npy"))


def close(ours: Tensor, theirs: Tensor) -> bool:
    return float((ours - theirs).abs().max()) < TOLERANCE


@pytest.mark.parametrize("folder", INPUTS)
@torch.no_grad()
def test_reproduces_the_official_answers(folder: str) -> None:
    psp = load(FIXTURES / folder / "checkpoint.pt")
    codes = psp.encode(answer(INPUTS[folder], "input"))
    w = psp.decoder.map(answer(folder, "z"))
    mixed = codes.clone()
    mask = answer(folder, "mask").long()
    mixed[:, mask] = 0.5 * w[:, None] + 0.5 * codes[:, mask]
    assert close(codes, answer(folder, "codes"))
    assert close(psp.decoder(codes), answer(folder, "image"))
    assert close(w, answer(folder, "w"))
    assert close(psp.decoder(mixed), answer(folder, "mixed"))


@pytest.mark.parametrize(
    "folder, operation",
    [("tiny-encode", "reconstruct"), ("tiny-sketch", "sketch-to-face"), ("tiny-w", "reconstruct")],
)
def test_writes_the_official_key_layout(folder: str, operation: str) -> None:
    path = FIXTURES / folder / "checkpoint.pt"
    official = torch.load(path, weights_only=True)
    ours = checkpoint_of(load(path), operation)
    assert ours.keys() == official.keys()
    assert ours["state_dict"].keys() == official["state_dict"].keys()
    for key, value in official["state_dict"].items():
        assert torch.equal(ours["state_dict"][key], value), key
    assert torch.equal(ours["latent_avg"], official["latent_avg"])
    for option in (
        "dataset_type",
        "encoder_type",
        "input_nc",
        "label_nc",
        "output_size",
        "learn_in_w",
    ):
        assert ours["opts"][option] == official["opts"][option]
