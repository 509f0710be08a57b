import numpy as np
import pytest
import torch
from torch.nn import functional as F

from psp_training.fit_mapping import sliced_wasserstein
from psp_training.losses import (
    face_weight,
    feature_distance,
    gradient_penalty,
    inner_crop,
    latent_spread,
    perceptual,
    pyramid_l1,
)
from psp_training.networks.identity import IdentityNet, load_identity
from psp_training.networks.patch_discriminator import PatchDiscriminator


def test_inner_crop_is_the_official_one() -> None:
    rows = torch.arange(256.0)[None, None, :, None].expand(1, 3, 256, 256)
    columns = torch.arange(256.0).expand(1, 3, 256, 256)
    assert inner_crop(rows)[0, 0, :, 0].tolist() == list(range(35, 223))
    assert inner_crop(columns)[0, 0, 0].tolist() == list(range(32, 220))


def test_face_weight_has_mean_one_and_lies_on_the_inner_crop() -> None:
    weight = face_weight(128, outside=0.5, inside=2.0)
    assert float(weight.mean()) == pytest.approx(1.0)
    assert float(weight[0, 0, 64, 64] / weight[0, 0, 0, 0]) == pytest.approx(4.0)


def test_pyramid_of_a_constant_difference_is_that_difference() -> None:
    images = torch.zeros(2, 3, 32, 32)
    weight = face_weight(32, 1.0, 1.0)
    torch.testing.assert_close(pyramid_l1(images + 0.25, images, weight), torch.full((2,), 0.25))


def test_equal_pictures_cost_nothing(identity_net: IdentityNet) -> None:
    images = torch.rand(2, 3, 128, 128) * 2 - 1
    feature, identity = perceptual(identity_net, images, images)
    assert float(feature.abs().max()) < 1e-6
    assert float(identity.abs().max()) < 1e-6


def test_feature_distance_ignores_length() -> None:
    maps = [torch.randn(2, 8, 4, 4)]
    assert float(feature_distance(maps, [maps[0] * 3]).max()) < 1e-6


def test_identity_weights_are_dequantised_and_batch_size_does_not_matter(identity_folder) -> None:
    net = load_identity(identity_folder)
    faces = torch.rand(3, 3, 256, 256) * 2 - 1
    together = net(faces)
    assert together.shape == (3, 128)
    torch.testing.assert_close(together[1:2], net(faces[1:2]), atol=1e-4, rtol=1e-3)
    bias = net.blocks["32_1"].conv1.bias
    assert bool(torch.isfinite(bias).all())


def test_spread_of_a_single_w_is_zero() -> None:
    w = torch.randn(2, 1, 6)
    assert float(latent_spread(w.expand(2, 12, 6)).max()) < 1e-9
    assert float(latent_spread(torch.randn(2, 12, 6)).min()) > 0.1


def test_gradient_penalty_matches_finite_differences() -> None:
    judge = PatchDiscriminator((4, 4)).double()
    image = torch.rand(1, 3, 16, 16, dtype=torch.float64)
    step = 1e-6
    total = 0.0
    with torch.no_grad():
        for index in np.ndindex(3, 16, 16):
            moved = image.clone()
            moved[(0, *index)] += step
            total += float((judge(moved)[0].mean() - judge(image)[0].mean()) / step) ** 2
    assert float(gradient_penalty(judge, image).detach()) == pytest.approx(total, rel=1e-3)


def test_sliced_wasserstein_orders_distributions() -> None:
    near, far, base = torch.randn(512, 6), torch.randn(512, 6) + 3, torch.randn(512, 6)
    assert float(sliced_wasserstein(base, near)) < 0.1 < float(sliced_wasserstein(base, far))
    assert float(F.mse_loss(base, base)) == 0
