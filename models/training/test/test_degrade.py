import numpy as np
import pytest
import torch

from psp_training.pictures.degrade import cosine_basis, holes, jpeg, shrunk, with_hole


@pytest.fixture
def pictures() -> torch.Tensor:
    """Smooth colours with some texture, [2, 3, 64, 64]."""
    ramp = torch.linspace(-0.6, 0.6, 64)
    smooth = torch.stack([ramp[:, None] + 0 * ramp, 0 * ramp[:, None] + ramp, ramp * ramp[:, None]])
    return (smooth + 0.05 * torch.randn(2, 3, 64, 64)).clamp(-1, 1)


def test_the_cosine_basis_is_orthonormal() -> None:
    basis = cosine_basis()
    torch.testing.assert_close(basis @ basis.T, torch.eye(8), atol=1e-6, rtol=0)


def test_jpeg_loses_more_the_lower_the_quality(pictures: torch.Tensor) -> None:
    errors = [
        (jpeg(pictures, np.full(2, quality)) - pictures).square().mean().item()
        for quality in (100, 75, 30, 10)
    ]
    assert errors == sorted(errors)
    # Whole steps of coefficients: about a twelfth of a level squared at quality 100.
    assert errors[0] < (1 / 127.5) ** 2


def test_each_picture_of_a_batch_has_its_own_quality(pictures: torch.Tensor) -> None:
    both = jpeg(pictures, np.array([90, 20]))
    torch.testing.assert_close(both[:1], jpeg(pictures[:1], np.array([90])), atol=1e-5, rtol=0)
    torch.testing.assert_close(both[1:], jpeg(pictures[1:], np.array([20])), atol=1e-5, rtol=0)


def test_shrinking_keeps_what_is_broad_and_holes_are_grey(pictures: torch.Tensor) -> None:
    small = shrunk(pictures, 8)
    torch.testing.assert_close(small.mean(dim=(2, 3)), pictures.mean(dim=(2, 3)), atol=0.02, rtol=0)
    mask = holes(2, 64, np.random.default_rng(0))
    assert 0.01 < mask.mean().item() < 0.9
    holed = with_hole(pictures, mask)
    assert holed[mask.expand_as(holed) > 0.5].abs().max().item() == 0
    torch.testing.assert_close(
        holed[mask.expand_as(holed) < 0.5], pictures[mask.expand_as(holed) < 0.5]
    )
