"""The StyleGAN2 generator (Karras et al. 2020) in rosinality's key layout.

A modulated convolution is the layer y_j = d_j · Σ_i (w_ji · s_i) ∗ x_i with
d_j = (Σ_ik w_jik² s_i² + 1e-8)^-1/2 (section 2.2). Here the style scales the input and d the
output, so that the weight stays constant over the batch: the same result, and it batches.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import ActivationBias, EqualLinear, PixelNorm, fir_kernel

MAPPING_LAYERS = 8
MAPPING_LR_MUL = 0.01


class Fir(nn.Module):
    """Holds a FIR kernel as a buffer, under the name that the key layout expects."""

    kernel: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernel", fir_kernel(gain=4.0))

    def blur(self, x: Tensor) -> Tensor:
        """Depthwise filter, [N, C, H+1, W+1] → [N, C, H, W]."""
        channels = x.shape[1]
        weight = self.kernel.to(x.dtype).expand(channels, 1, 4, 4)
        return F.conv2d(x, weight, padding=1, groups=channels)

    def upsample(self, x: Tensor) -> Tensor:
        """Twofold upsampling, [N, C, H, W] → [N, C, 2H, 2W]."""
        channels = x.shape[1]
        weight = self.kernel.to(x.dtype).expand(channels, 1, 4, 4)
        return F.conv_transpose2d(x, weight, stride=2, padding=1, groups=channels)


class ModulatedConv(nn.Module):
    def __init__(
        self, inputs: int, outputs: int, kernel: int, style: int, demodulate: bool, upsample: bool
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1, outputs, inputs, kernel, kernel))
        self.modulation = EqualLinear(style, inputs, bias_start=1.0)
        self.scale = 1 / math.sqrt(inputs * kernel * kernel)
        self.demodulate = demodulate
        if upsample:
            self.blur = Fir()
        self.upsample = upsample

    def forward(self, x: Tensor, latent: Tensor) -> Tensor:
        """x [N, C, H, W], latent [N, D] → [N, O, H, W], or twice the size when upsampling."""
        style = self.modulation(latent)
        weight = self.weight[0] * self.scale
        x = x * style[:, :, None, None]
        if self.upsample:
            x = F.conv_transpose2d(x, weight.transpose(0, 1), stride=2)
            x = self.blur.blur(x)
        else:
            x = F.conv2d(x, weight, padding=weight.shape[-1] // 2)
        if self.demodulate:
            energy = style.square() @ weight.square().sum(dim=(2, 3)).T
            x = x * torch.rsqrt(energy + 1e-8)[:, :, None, None]
        return x


class NoiseStrength(nn.Module):
    """Adds one noise map to every channel, scaled by a learned number."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        return x + self.weight * noise


class StyledConv(nn.Module):
    def __init__(self, inputs: int, outputs: int, style: int, upsample: bool) -> None:
        super().__init__()
        self.conv = ModulatedConv(inputs, outputs, 3, style, demodulate=True, upsample=upsample)
        self.noise = NoiseStrength()
        self.activate = ActivationBias(outputs)

    def forward(self, x: Tensor, latent: Tensor, noise: Tensor) -> Tensor:
        return self.activate(self.noise(self.conv(x, latent), noise))


class ToRgb(nn.Module):
    def __init__(self, inputs: int, style: int, upsample: bool) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, 3, 1, 1))
        if upsample:
            self.upsample = Fir()
        self.conv = ModulatedConv(inputs, 3, 1, style, demodulate=False, upsample=False)

    def forward(self, x: Tensor, latent: Tensor, skip: Tensor | None) -> Tensor:
        rgb = self.conv(x, latent) + self.bias
        return rgb if skip is None else rgb + self.upsample.upsample(skip)


class ConstantInput(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.input = nn.Parameter(torch.randn(1, channels, 4, 4))


class Decoder(nn.Module):
    """Latents [N, n_styles, D] → image [N, 3, S, S] in about [−1, 1], with the stored noise.

    `widths[i]` is the number of channels at resolution 4·2^i.
    """

    def __init__(self, style: int, widths: list[int]) -> None:
        super().__init__()
        self.n_styles = 2 * len(widths)
        layers = [EqualLinear(style, style, 0, MAPPING_LR_MUL, True) for _ in range(MAPPING_LAYERS)]
        self.style = nn.Sequential(PixelNorm(), *layers)
        self.input = ConstantInput(widths[0])
        self.conv1 = StyledConv(widths[0], widths[0], style, upsample=False)
        self.to_rgb1 = ToRgb(widths[0], style, upsample=False)
        self.convs = nn.ModuleList()
        self.to_rgbs = nn.ModuleList()
        self.noises = nn.Module()
        self.noises.register_buffer("noise_0", torch.randn(1, 1, 4, 4))
        for level, (before, width) in enumerate(zip(widths, widths[1:], strict=False), start=1):
            self.convs.append(StyledConv(before, width, style, upsample=True))
            self.convs.append(StyledConv(width, width, style, upsample=False))
            self.to_rgbs.append(ToRgb(width, style, upsample=True))
            side = 4 << level
            for index in (2 * level - 1, 2 * level):
                self.noises.register_buffer(f"noise_{index}", torch.randn(1, 1, side, side))

    @property
    def side(self) -> int:
        """Of the pictures, in pixels."""
        return 2 << (self.n_styles // 2)

    def map(self, z: Tensor) -> Tensor:
        """z [N, D] ~ N(0, 1) → w [N, D]."""
        return self.style(z)

    def fresh_noise(self, count: int) -> list[Tensor]:
        """Noise maps as in training: drawn anew for every picture, [N, 1, H, W] per layer."""
        stored = self.noises.buffers()
        return [torch.randn(count, *map_.shape[1:], device=map_.device) for map_ in stored]

    def forward(self, latents: Tensor, noise: list[Tensor] | None = None) -> Tensor:
        """`noise` takes the place of the stored maps, which make the picture repeatable."""
        noise = noise or list(self.noises.buffers())
        x = self.input.input.expand(len(latents), -1, -1, -1)
        x = self.conv1(x, latents[:, 0], noise[0])
        skip = self.to_rgb1(x, latents[:, 1], None)
        for level, to_rgb in enumerate(self.to_rgbs):
            index = 2 * level + 1
            x = self.convs[2 * level](x, latents[:, index], noise[index])
            x = self.convs[2 * level + 1](x, latents[:, index + 1], noise[index + 1])
            skip = to_rgb(x, latents[:, index + 2], skip)
        return skip
