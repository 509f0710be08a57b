"""The identity network: face-api's face recognition model (MIT) as frozen PyTorch layers.

A ResNet of dlib's design: 150² input, 128 numbers out; distances below 0.6 mean the same person.
It serves as the identity loss and, through its inner feature maps, as the perceptual loss.
Weights: the npm package @vladmandic/face-api, model/face_recognition_model.*
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .stack import named

SIDE = 150
MEAN_RGB = (122.782, 117.001, 104.298)
# The official inner crop, rows 35..223 and columns 32..220 of 256 (pSp, section 4.1).
CROP_TOP, CROP_LEFT, CROP_SIDE = 35 / 256, 32 / 256, 188 / 256
BLOCKS = ["32_1", "32_2", "32_3", "64_down", "64_1", "64_2", "64_3", "128_down", "128_1", "128_2"]
BLOCKS += ["256_down", "256_1", "256_2", "256_down_out"]
PERCEPTUAL = ("32_3", "64_3", "128_2")


def read_tfjs(folder: Path, name: str) -> dict[str, Tensor]:
    """Tensors of a tfjs weights manifest."""
    return read_weights(folder, json.loads((folder / f"{name}-weights_manifest.json").read_text()))


def read_weights(folder: Path, manifest: Sequence[dict]) -> dict[str, Tensor]:
    """Tensors of a tfjs manifest as float32: float16 widened, uint8 quantisation undone."""
    (group,) = manifest
    data = b"".join((folder / path).read_bytes() for path in group["paths"])
    tensors: dict[str, Tensor] = {}
    offset = 0
    for entry in group["weights"]:
        quantized = entry.get("quantization", {})
        dtype = np.dtype(quantized.get("dtype", entry["dtype"]))
        size = int(np.prod(entry["shape"]))
        values = np.frombuffer(data, dtype, size, offset).astype(np.float32)
        if "scale" in quantized:
            values = values * np.float32(quantized["scale"]) + np.float32(quantized["min"])
        tensors[entry["name"]] = torch.from_numpy(values.reshape(entry["shape"]).copy())
        offset += size * dtype.itemsize
    return tensors


class ScaledConv(nn.Module):
    """Convolution, bias and the frozen batch normalisation after it, folded into one."""

    weight: Tensor
    bias: Tensor

    def __init__(self, tensors: dict[str, Tensor], name: str, stride: int, padding: int) -> None:
        super().__init__()
        gain = tensors[f"{name}/scale/weights"]
        weight = tensors[f"{name}/conv/filters"].permute(3, 2, 0, 1) * gain[:, None, None, None]
        bias = tensors[f"{name}/conv/bias"] * gain + tensors[f"{name}/scale/biases"]
        self.register_buffer("weight", weight.contiguous())
        self.register_buffer("bias", bias)
        self.stride, self.padding = stride, padding

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding)


class Residual(nn.Module):
    def __init__(self, tensors: dict[str, Tensor], name: str) -> None:
        super().__init__()
        self.down = "down" in name
        stride, padding = (2, 0) if self.down else (1, 1)
        self.conv1 = ScaledConv(tensors, f"conv{name}/conv1", stride, padding)
        self.conv2 = ScaledConv(tensors, f"conv{name}/conv2", 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv2(F.relu(self.conv1(x)))
        if self.down:
            x = F.avg_pool2d(x, 2, 2)
            out = F.pad(out, (0, x.shape[3] - out.shape[3], 0, x.shape[2] - out.shape[2]))
            x = F.pad(x, (0, 0, 0, 0, 0, out.shape[1] - x.shape[1]))
        return F.relu(out + x)


class IdentityNet(nn.Module):
    """Aligned faces [N, 3, S, S] in [−1, 1] → embeddings [N, 128] and inner feature maps."""

    projection: Tensor
    mean: Tensor

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        self.stem = ScaledConv(tensors, "conv32_down", 2, 0)
        self.blocks = named({name: Residual(tensors, name) for name in BLOCKS})
        self.register_buffer("projection", tensors["fc"])
        self.register_buffer("mean", torch.tensor(MEAN_RGB).view(1, 3, 1, 1))
        self.requires_grad_(False)

    def features(self, faces: Tensor) -> tuple[Tensor, list[Tensor]]:
        side = faces.shape[-1]
        top, left, crop = (round(part * side) for part in (CROP_TOP, CROP_LEFT, CROP_SIDE))
        x = faces[:, :, top : top + crop, left : left + crop]
        return self.see(F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", align_corners=False))

    def see(self, views: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Crops [N, 3, 150, 150] in [−1, 1] → embeddings [N, 128] and inner feature maps."""
        x = ((views + 1) * 127.5 - self.mean) / 255
        x = F.max_pool2d(F.relu(self.stem(x)), 3, 2)
        maps: list[Tensor] = []
        for name, block in self.blocks.items():
            x = block(x)
            if name in PERCEPTUAL:
                maps.append(x)
        return x.mean(dim=(2, 3)).float() @ self.projection, maps

    def forward(self, faces: Tensor) -> Tensor:
        return self.features(faces)[0]


def load_identity(folder: Path) -> IdentityNet:
    return IdentityNet(read_tfjs(folder, "face_recognition_model")).eval()
