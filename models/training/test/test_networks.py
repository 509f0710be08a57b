import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from psp_training.networks.decoder import Decoder, ModulatedConv
from psp_training.networks.encoder import Encoder, grouped_heads
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


def test_grouped_heads_equal_separate_heads() -> None:
    encoder = Encoder(10, 6, [8, 9, 10, 11], [1, 1, 1, 1])
    feature = torch.randn(2, 11, 32, 32)
    heads = list(encoder.styles[3:7])
    together = torch.stack(grouped_heads(heads, feature))
    apart = torch.stack([head(feature) for head in heads])
    torch.testing.assert_close(together, apart, atol=1e-5, rtol=1e-4)


def test_lean_shortcuts_change_nothing_but_the_speed() -> None:
    encoder = Encoder(10, 6, [8, 9, 10, 11], [1, 2, 1, 1]).eval()
    encoder.make_lean()
    image = torch.randn(1, 3, 256, 256)
    lean = encoder(image)
    plain = Encoder(10, 6, [8, 9, 10, 11], [1, 2, 1, 1]).eval()
    plain.load_state_dict(encoder.state_dict())
    torch.testing.assert_close(lean, plain(image), atol=1e-5, rtol=1e-4)


def test_stages_of_one_width_are_refused() -> None:
    with pytest.raises(ValueError, match="must differ"):
        Encoder(10, 6, [8, 8, 10, 11], [1, 1, 1, 1])


def test_checkpoint_round_trip_rebuilds_the_networks_from_shapes() -> None:
    encoder = Encoder(12, 6, [8, 9, 10, 11], [1, 2, 1, 2])
    psp = Psp(encoder, Decoder(6, [12, 11, 10, 9, 8, 7]), torch.randn(12, 6)).eval()
    again = psp_of(checkpoint_of(psp, "inpaint"))
    image = torch.randn(1, 3, 256, 256)
    assert again(image).shape == (1, 3, 128, 128)
    torch.testing.assert_close(again(image), psp(image))
