import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from psp_training.networks.backbone import Shape
from psp_training.networks.decoder import Decoder, ModulatedConv
from psp_training.networks.encoder import Encoder, convolved
from psp_training.networks.layers import fir_kernel
from psp_training.networks.psp import Psp, checkpoint_of, psp_of


def direct(layer: ModulatedConv, x: Tensor, latent: Tensor) -> Tensor:
    """StyleGAN2, equations 1 and 3, with a weight per sample and an explicit zero insertion."""
    results = []
    for sample, style in zip(x, layer.modulation(latent), strict=True):
        weight = layer.scale * layer.weight[0] * style[None, :, None, None]
        if layer.demodulate:
            norm = torch.rsqrt(weight.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8)
            weight = weight * norm
        if not layer.upsample:
            results.append(F.conv2d(sample[None], weight, padding=weight.shape[-1] // 2))
            continue
        spread = torch.zeros(1, len(sample), 2 * x.shape[2] - 1, 2 * x.shape[3] - 1)
        spread[0, :, ::2, ::2] = sample
        full = F.conv2d(spread, weight.flip(2, 3), padding=2)
        kernel = fir_kernel(4.0).expand(full.shape[1], 1, 4, 4)
        results.append(F.conv2d(full, kernel, padding=1, groups=full.shape[1]))
    return torch.cat(results)


@pytest.mark.parametrize("upsample", [False, True])
@pytest.mark.parametrize("demodulate", [False, True])
def test_modulated_convolution_is_the_direct_formula(upsample: bool, demodulate: bool) -> None:
    layer = ModulatedConv(5, 7, 3, 6, demodulate, upsample)
    x, latent = torch.randn(2, 5, 8, 8), torch.randn(2, 6)
    ours = layer(x, latent)
    assert ours.shape == (2, 7, 16, 16) if upsample else (2, 7, 8, 8)
    torch.testing.assert_close(ours, direct(layer, x, latent), atol=1e-5, rtol=1e-4)


def test_heads_convolved_together_equal_separate_heads() -> None:
    encoder = Encoder(Shape(10, 6, [8, 9, 10, 11], [1, 1, 1, 1], hidden=[5, 7, 9]))
    feature = torch.randn(2, 11, 32, 32)
    heads = list(encoder.styles[3:7])
    together = convolved(heads, feature)
    assert [x.shape for x in together] == [(2, 7)] * 4
    for head, x in zip(heads, together, strict=True):
        torch.testing.assert_close(head.linear(x), head(feature), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("units", "silent"), [([1, 1, 1, 1], 2), ([1, 2, 1, 1], 2), ([2, 1, 1, 1], 1)]
)
def test_lean_shortcuts_change_nothing_but_the_speed(units: list[int], silent: int) -> None:
    shape = Shape(10, 6, [8, 9, 10, 11], units)
    encoder = Encoder(shape).eval()
    encoder.make_lean()
    assert encoder.silent == silent
    image = torch.randn(1, 3, 256, 256)
    plain = Encoder(shape).eval()
    plain.load_state_dict(encoder.state_dict())
    assert plain.silent == 0
    torch.testing.assert_close(encoder(image), plain(image), atol=1e-5, rtol=1e-4)
    plain.notice_lean()
    assert plain.silent == silent and all(slope.pinned for slope in plain.slopes())


def test_an_encoder_that_gave_nothing_up_is_computed_in_full() -> None:
    encoder = Encoder(Shape(10, 6, [8, 9, 10, 11], [1, 1, 1, 1]))
    encoder.make_lean()
    torch.nn.init.ones_(encoder.body[0].res_layer[4].bias)
    torch.nn.init.constant_(encoder.slopes()[0].weight, 0.5)
    again = Encoder(encoder.shape)
    again.load_state_dict(encoder.state_dict())
    again.notice_lean()
    assert again.silent == 0 and not any(slope.pinned for slope in again.slopes())


def test_stages_of_one_width_are_refused() -> None:
    with pytest.raises(ValueError, match="must differ"):
        Encoder(Shape(10, 6, [8, 8, 10, 11], [1, 1, 1, 1]))


def test_checkpoint_round_trip_rebuilds_the_networks_from_shapes() -> None:
    encoder = Encoder(Shape(12, 6, [8, 9, 10, 11], [1, 2, 1, 2], hidden=[5, 6, 7]))
    psp = Psp(encoder, Decoder(6, [12, 11, 10, 9, 8, 7]), torch.randn(12, 6)).eval()
    again = psp_of(checkpoint_of(psp, "inpaint"))
    image = torch.randn(1, 3, 256, 256)
    assert again.encoder.shape.hidden == [5, 6, 7]
    assert again(image).shape == (1, 3, 128, 128)
    torch.testing.assert_close(again(image), psp(image))
