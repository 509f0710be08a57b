"""The generator beside its published answers; MOBILE_STYLEGAN_WHEEL names the wheel."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from psp_training.networks.mobile_stylegan import (
    LEVELS,
    SIDE,
    Synthesis,
    haar_kernel,
    haar_order,
    read_wheel,
    wavelet_sums,
    wavelet_up,
)

GOLDEN = Path(__file__).resolve().parents[3] / "test" / "fixtures" / "mobile-stylegan"
WHEEL = os.environ.get("MOBILE_STYLEGAN_WHEEL")


def test_both_ways_of_the_wavelet_agree() -> None:
    bands = torch.randn(2, 20, 4, 6)
    up = wavelet_up(bands, haar_kernel(5), haar_order(5))
    torch.testing.assert_close(up, wavelet_sums(bands), atol=1e-6, rtol=0)


def test_a_flat_low_band_is_half_as_bright_on_four_times_the_pixels() -> None:
    bands = torch.zeros(1, 4, 2, 2)
    bands[:, 0] = 1
    torch.testing.assert_close(wavelet_sums(bands), torch.full((1, 1, 4, 4), 0.5))


def test_features_may_be_grown_in_parts() -> None:
    synthesis = Synthesis()
    for parameter in synthesis.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    codes = torch.randn(1, 23, 512)
    part = synthesis.grow(synthesis.features(codes, 2), codes, 2, 4)
    torch.testing.assert_close(part, synthesis.features(codes, 4))
    assert synthesis(codes).shape == (1, 3, SIDE, SIDE)
    assert len(synthesis.levels) == LEVELS


@pytest.mark.skipif(WHEEL is None, reason="MOBILE_STYLEGAN_WHEEL names no wheel")
@torch.no_grad()
def test_answers_are_those_of_the_published_networks() -> None:
    generator = read_wheel(Path(str(WHEEL)))
    z, w, means, crop = (
        torch.from_numpy(np.load(GOLDEN / f"{name}.npy")) for name in ("z", "w", "means64", "crop")
    )
    torch.testing.assert_close(generator.mapping(z), w, atol=1e-3, rtol=0)
    picture = generator.synthesis(w[:, None].expand(-1, 23, -1))
    torch.testing.assert_close(F.avg_pool2d(picture, 16), means, atol=1e-3, rtol=0)
    torch.testing.assert_close(picture[:, :, 448:576, 448:576], crop, atol=1e-3, rtol=0)


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "random_face.whl"
    wheel.write_bytes(b"another")
    with pytest.raises(ValueError, match="pip download"):
        read_wheel(wheel)
