import numpy as np
import pytest
import torch

from psp_training.pictures.sketch import blurred, lines, pencil, sketched


@pytest.mark.parametrize("shade", [-1.0, -0.3, 1.0])
def test_a_flat_picture_is_an_empty_sheet(shade: float) -> None:
    sheet = sketched(torch.full((6, 3, 256, 256), shade), np.random.default_rng(0))
    assert sheet.shape == (6, 1, 256, 256)
    torch.testing.assert_close(sheet, torch.ones_like(sheet), atol=1e-5, rtol=0)


@pytest.mark.parametrize("draw", [pencil, lines])
def test_an_edge_is_a_dark_line_on_white(draw) -> None:
    grey = torch.full((8, 1, 256, 256), 0.8)
    grey[..., 128:] = 0.3
    drawing = draw(grey, np.random.default_rng(0))
    assert float(drawing.min()) >= 0 and float(drawing.max()) <= 1
    assert float(drawing[..., :64].min()) > 0.99 and float(drawing[..., 192:].min()) > 0.99
    darkest = drawing[..., 120:136].amin(dim=(1, 2, 3))
    assert float(darkest.max()) < 0.75


def test_drawings_of_one_picture_differ_and_keep_to_the_range() -> None:
    images = torch.rand(1, 3, 64, 64).expand(5, -1, -1, -1) * 2 - 1
    drawings = sketched(images, np.random.default_rng(0))
    assert float(drawings.min()) >= 0 and float(drawings.max()) <= 1
    assert float((drawings[0] - drawings[1:]).abs().amax(dim=(1, 2, 3)).min()) > 0.01


def test_blur_is_a_gaussian() -> None:
    grey = torch.zeros(2, 1, 65, 65)
    grey[:, :, 32, 32] = 1
    out = blurred(grey, np.array([2.0, 4.0]))
    torch.testing.assert_close(out.sum(dim=(1, 2, 3)), torch.ones(2), atol=1e-3, rtol=0)
    place = torch.arange(65.0) - 32
    for picture, sigma in zip(out[:, 0], (2.0, 4.0), strict=True):
        variance = (picture.sum(dim=0) * place.square()).sum()
        assert float(variance) == pytest.approx(sigma**2, rel=0.01)
