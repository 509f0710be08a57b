"""MobileStyleGAN at 1024² (Belousov 2021, arXiv 2104.04767): mapping and synthesis, frozen.

A student of StyleGAN2 whose convolutions are separable and whose layers grow by the inverse Haar
wavelet. Demodulation is inside the stored weights, noise is a stored constant, so that a picture
follows from its codes alone. Weights: the Python package random-face 2021.7.21.1 (Apache-2.0).
"""

import hashlib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .openvino_ir import Representation
from .stack import stack

WHEEL_SHA256 = "e5d10e2be7df63f06123855ec591ca35dcb1d059eba47ddcb175d7d26b4019b5"

D = 512
LEVELS = 7
N_STYLES = 3 * LEVELS + 2
SIDE = 1024
SLOPE = 0.2
MAP_GAIN = 2**0.5
# Channels after `conv2` of each level (8² … 512²).
WIDTHS = (512, 512, 512, 512, 256, 128, 64)
# Styles [from, to) by the side of what they steer: 4² and 8², 16² and 32², 64² and more.
COARSE, MIDDLE, FINE = (0, 4), (4, 10), (10, N_STYLES)
# What each style modulates: conv1, then up, conv1, conv2 of every level, then to_img.
STYLE_CHANNELS = [512]
for before, width in zip((512, *WIDTHS), WIDTHS, strict=False):
    STYLE_CHANNELS += [before, before // 4, width]
STYLE_CHANNELS += [WIDTHS[-1]]
# ½ of (low, vertical, horizontal, both) on the four pixels of a block, row by row.
HAAR = ((1, 1, 1, 1), (1, 1, -1, -1), (1, -1, 1, -1), (1, -1, -1, 1))


def haar_kernel(channels: int) -> Tensor:
    """Weights of a grouped transposed convolution, one group a channel: [4·C, 1, 2, 2]."""
    return (torch.tensor(HAAR).float() / 2).view(4, 1, 2, 2).repeat(channels, 1, 1, 1)


def haar_order(channels: int) -> Tensor:
    """Places of the bands channel by channel (low, vertical, horizontal, both), in the stored
    order: first all low bands, then three bands a channel."""
    low = torch.arange(channels)
    high = channels + 3 * low
    return torch.stack([low, high, high + 1, high + 2], dim=1).flatten()


def wavelet_up(x: Tensor, kernel: Tensor, order: Tensor) -> Tensor:
    """Inverse Haar transform [N, 4·C, S, S] → [N, C, 2·S, 2·S], channels as stored."""
    if x.is_cuda:  # cuDNN is slow at transposed convolutions in groups.
        return wavelet_sums(x)
    return F.conv_transpose2d(x[:, order], kernel, stride=2, groups=x.shape[1] // 4)


def wavelet_sums(x: Tensor) -> Tensor:
    """The same by additions."""
    count, bands, height, width = x.shape
    low, high = x[:, : bands // 4], x[:, bands // 4 :].view(count, -1, 3, height, width)
    vertical, horizontal, both = high.unbind(2)
    above, below = low + vertical, low - vertical
    same, other = horizontal + both, horizontal - both
    pixels = torch.stack([above + same, above - same, below + other, below - other], dim=2) / 2
    return F.pixel_shuffle(pixels.flatten(1, 2), 2)


class Mapping(nn.Module):
    """z [N, 512] → w [N, 512]: eight layers after a normalisation to unit mean square."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = stack(nn.Linear(D, D) for _ in range(8))
        self.requires_grad_(False)

    def forward(self, z: Tensor) -> Tensor:
        x = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + 1e-8)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE) * MAP_GAIN
        return x


class Affine(nn.Linear):
    """One row of the codes → the gains of the channels before a layer, [N, C, 1, 1]."""

    def forward(self, w: Tensor) -> Tensor:
        return super().forward(w)[:, :, None, None]


class Separable(nn.Module):
    """Channels scaled by the style, depthwise 3×3, then 1×1, noise and bias, LeakyReLU."""

    def __init__(self, inputs: int, width: int, side: int) -> None:
        super().__init__()
        self.depthwise = nn.Parameter(torch.zeros(inputs, 1, 3, 3))
        self.pointwise = nn.Parameter(torch.zeros(width, inputs, 1, 1))
        # Stored noise and bias of the layer in one, [1, C, S, S] or [1, 1, S, S] and [C].
        self.noise = nn.Parameter(torch.zeros(1, 1, side, side))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        x = F.conv2d(x * style, self.depthwise, padding=1, groups=x.shape[1])
        return F.leaky_relu(F.conv2d(x, self.pointwise, self.bias) + self.noise, SLOPE)


class Level(nn.Module):
    """Twice the side: inverse wavelet, then two separable convolutions."""

    haar: Tensor
    order: Tensor

    def __init__(self, inputs: int, width: int, side: int) -> None:
        super().__init__()
        channels = inputs // 4
        self.conv1 = Separable(channels, width, side)
        self.conv2 = Separable(width, width, side)
        self.register_buffer("haar", haar_kernel(channels), persistent=False)
        self.register_buffer("order", haar_order(channels), persistent=False)

    def forward(self, x: Tensor, up: Tensor, first: Tensor, second: Tensor) -> Tensor:
        x = wavelet_up(x * up, self.haar, self.order)
        return self.conv2(self.conv1(x, first), second)


class Synthesis(nn.Module):
    """Codes [N, 23, 512] → RGB [N, 3, 1024, 1024] in about [−1, 1]."""

    haar: Tensor
    order: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.start = nn.Parameter(torch.zeros(1, D, 4, 4))
        self.first = nn.Parameter(torch.zeros(D, D, 3, 3))
        self.first_noise = nn.Parameter(torch.zeros(1, 1, 4, 4))
        self.first_bias = nn.Parameter(torch.zeros(D))
        self.styles = stack(Affine(D, channels) for channels in STYLE_CHANNELS)
        inputs = (D, *WIDTHS)
        self.levels = stack(Level(inputs[k], WIDTHS[k], 8 * 2**k) for k in range(LEVELS))
        self.to_rgb = nn.Parameter(torch.zeros(12, WIDTHS[-1], 1, 1))
        self.rgb_bias = nn.Parameter(torch.zeros(12))
        self.register_buffer("haar", haar_kernel(3), persistent=False)
        self.register_buffer("order", haar_order(3), persistent=False)
        self.requires_grad_(False)

    def features(self, codes: Tensor, levels: int = LEVELS) -> Tensor:
        """What the first `levels` levels make: 5 of them give [N, 256, 128, 128]."""
        x = F.conv2d(self.start * self.gain(codes, 0), self.first, self.first_bias, padding=1)
        return self.grow(F.leaky_relu(x + self.first_noise, SLOPE), codes, 0, levels)

    def grow(self, x: Tensor, codes: Tensor, start: int, end: int) -> Tensor:
        """Features of `start` levels → of `end` levels."""
        for k in range(start, end):
            x = self.levels[k](x, *(self.gain(codes, 1 + 3 * k + i) for i in range(3)))
        return x

    def paint(self, features: Tensor, codes: Tensor) -> Tensor:
        """Features of all levels → the picture."""
        x = F.conv2d(features * self.gain(codes, -1), self.to_rgb, self.rgb_bias)
        return wavelet_up(x, self.haar, self.order)

    def gain(self, codes: Tensor, style: int) -> Tensor:
        return self.styles[style](codes[:, style])

    def forward(self, codes: Tensor) -> Tensor:
        return self.paint(self.features(codes), codes)


class Generator(nn.Module):
    """Both networks and the statistics of W that codes are measured in."""

    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.mapping = Mapping()
        self.synthesis = Synthesis()
        # Of w over N(0, 1) of z, [512] each.
        self.register_buffer("mean", torch.zeros(D))
        self.register_buffer("deviation", torch.ones(D))


def read_wheel(wheel: Path) -> Generator:
    """The generator in the published wheel. Raises ValueError where it is another file."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise ValueError(
            f"{wheel} has SHA-256 {digest}, not {WHEEL_SHA256}. "
            "Get it by: pip download --no-deps random-face==2021.7.21.1"
        )
    generator = Generator()
    with TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith("random_face/data/")]
        archive.extractall(folder, names)
        data = Path(folder) / "random_face" / "data"
        fill_mapping(generator.mapping, Representation(data / "MappingNetwork.xml"))
        fill_synthesis(generator.synthesis, Representation(data / "SynthesisNetwork.xml"))
    measure_w(generator)
    return generator.eval()


@torch.no_grad()
def measure_w(generator: Generator, count: int = 20_000, seed: int = 0) -> None:
    z = torch.randn(count, D, generator=torch.Generator().manual_seed(seed))
    w = generator.mapping(z)
    generator.mean.copy_(w.mean(dim=0))
    generator.deviation.copy_(w.std(dim=0))


@torch.no_grad()
def fill_mapping(mapping: Mapping, ir: Representation) -> None:
    for layer, product in zip(mapping.layers, ir.of_kind("MatMul"), strict=True):
        layer.weight.copy_(ir.constant_input(product))
        reshape = next(
            source
            for source in ir.inputs[ir.next_of_kind(product, "Add")].values()
            if ir.kinds[source] == "Reshape"
        )
        layer.bias.copy_(ir.constant_input(reshape))


@torch.no_grad()
def fill_synthesis(synthesis: Synthesis, ir: Representation) -> None:
    names = ["m.conv1.conv"]
    for k in range(LEVELS):
        names += [f"m.layers.{k}.up", f"m.layers.{k}.conv1.conv", f"m.layers.{k}.conv2.conv"]
    names += ["m.layers.6.to_img.conv"]
    for style, name in zip(synthesis.styles, names, strict=True):
        fill_affine(style, ir, f"{name}.modulation")

    synthesis.start.copy_(ir.named("m.input.input"))
    convolutions = ir.of_kind("Convolution", "GroupConvolution")
    first, *separable, _ = convolutions
    synthesis.first.copy_(ir.constant_input(first))
    fill_after(ir, first, synthesis.first_noise, synthesis.first_bias)
    layers = [conv for level in synthesis.levels for conv in (level.conv1, level.conv2)]
    for layer, depthwise, pointwise in zip(layers, separable[::2], separable[1::2], strict=True):
        layer.depthwise.copy_(ir.constant_input(depthwise).view_as(layer.depthwise))
        layer.pointwise.copy_(ir.constant_input(pointwise))
        fill_after(ir, pointwise, layer.noise, layer.bias)
    synthesis.to_rgb.copy_(ir.named("m.layers.6.to_img.conv.weight"))
    synthesis.rgb_bias.copy_(ir.named("m.layers.6.to_img.bias").flatten())


def fill_affine(style: Affine, ir: Representation, name: str) -> None:
    """The stored constant that the gains are multiplied by goes into the weights."""
    product = ir.next_of_kind(ir.ids[f"{name}.weight"], "MatMul")
    reshape = ir.next_of_kind(ir.next_of_kind(product, "Add"), "Reshape")
    scale = [
        ir.constants[source].flatten()
        for layer in ir.consumers[reshape]
        if ir.kinds[layer] == "Multiply"
        for source in ir.inputs[layer].values()
        if source in ir.constants
    ]
    gain = scale[0] if scale else torch.ones(1)
    style.weight.copy_(ir.named(f"{name}.weight") * gain)
    style.bias.copy_(ir.named(f"{name}.bias").flatten() * gain)


def fill_after(ir: Representation, layer: str, noise: Tensor, bias: Tensor) -> None:
    """Noise, then bias: the two additions that follow a convolution."""
    noise_add = ir.next_of_kind(layer, "Add")
    noise.copy_(ir.constant_input(noise_add))
    bias.copy_(ir.constant_input(ir.next_of_kind(noise_add, "Add")).flatten())
