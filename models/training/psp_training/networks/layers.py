"""Equalised layers of StyleGAN (Karras et al. 2018, section 4.1) in rosinality's key layout."""

import math
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Network = TypeVar("Network", bound=nn.Module)

LEAKY_SLOPE = 0.2
LEAKY_GAIN = math.sqrt(2)


def channels_last(network: Network) -> Network:
    """The memory layout in which convolutions are fastest. (Module.to refuses the decoder's weights
    of five dimensions.)"""
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network


def fused_leaky_relu(x: Tensor, bias: Tensor) -> Tensor:
    """sqrt(2) · leakyReLU(x + bias, 0.2); bias runs along dimension 1."""
    shape = (1, -1) + (1,) * (x.ndim - 2)
    return F.leaky_relu(x + bias.view(shape), LEAKY_SLOPE) * LEAKY_GAIN


class EqualLinear(nn.Module):
    """y = x·(W·lr_mul/√fan_in)ᵀ + b·lr_mul, optionally followed by the fused leaky ReLU."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        bias_start: float = 0.0,
        lr_mul: float = 1.0,
        activated: bool = False,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr_mul)
        self.bias = nn.Parameter(torch.full((outputs,), float(bias_start)))
        self.scale = lr_mul / math.sqrt(inputs)
        self.lr_mul = lr_mul
        self.activated = activated

    def forward(self, x: Tensor) -> Tensor:
        if self.activated:
            return fused_leaky_relu(F.linear(x, self.weight * self.scale), self.bias * self.lr_mul)
        return F.linear(x, self.weight * self.scale, self.bias * self.lr_mul)


class EqualConv(nn.Module):
    """Convolution with weights scaled by 1/√fan_in and no bias; same padding at stride 1."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.scale = 1 / math.sqrt(inputs * kernel * kernel)
        self.stride = stride
        self.padding = kernel // 2 if stride == 1 else 0

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight * self.scale, None, self.stride, self.padding)


class PixelNorm(nn.Module):
    """x / sqrt(mean(x²) + 1e-8) along dimension 1."""

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + 1e-8)


class ActivationBias(nn.Module):
    """The bias of a fused leaky ReLU; a module of its own because the key layout names it so."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        return fused_leaky_relu(x, self.bias)


def fir_kernel(gain: float = 1.0) -> Tensor:
    """The separable [1, 3, 3, 1] low-pass filter of StyleGAN2, [4, 4], summing to `gain`."""
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
    kernel = torch.outer(taps, taps)
    return kernel / kernel.sum() * gain
