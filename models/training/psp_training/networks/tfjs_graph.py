"""A TensorFlow.js graph model as a frozen PyTorch network: read node by node, NHWC turned to NCHW.

The networks of @vladmandic/human (MIT; FaceMesh Apache-2.0) are made of a dozen plain operators.
"""

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .identity import read_weights

ELEMENTWISE: dict[str, Callable[..., Tensor]] = {
    "Add": torch.add,
    "AddV2": torch.add,
    "Identity": lambda x: x,
    "Maximum": torch.maximum,
    "Minimum": torch.minimum,
    "Mul": torch.mul,
    "Relu": F.relu,
    "Sigmoid": torch.sigmoid,
    "Softmax": lambda x: x.softmax(dim=-1),
    "Prelu": lambda x, slope: torch.where(x < 0, x * slope, x),
}


class TfjsGraph(nn.Module):
    """image [N, C, S, S] in what range the network asks for → the named outputs."""

    def __init__(self, path: Path, outputs: Sequence[str]) -> None:
        super().__init__()
        model = json.loads(path.read_text())
        nodes = {node["name"]: node for node in model["modelTopology"]["node"]}
        weights = read_weights(path.parent, model["weightsManifest"])
        self.outputs = list(outputs)
        self.nodes: list[dict] = []
        self.places: dict[str, str] = {}
        seen: set[str] = set()

        def visit(name: str) -> None:
            if name in seen:
                return
            seen.add(name)
            node = nodes[name]
            for source in node.get("input", []):
                visit(source)
            if node["op"] == "Const":
                self.places[name] = f"weight{len(self.places)}"
                self.register_buffer(self.places[name], weights[name])
            else:
                self.nodes.append(node)

        for name in outputs:
            visit(name)
        self.requires_grad_(False)

    def forward(self, image: Tensor) -> list[Tensor]:
        values: dict[str, Tensor] = {}
        for node in self.nodes:
            if node["op"] == "Placeholder":
                values[node["name"]] = image
                continue
            inputs = [
                getattr(self, self.places[name]) if name in self.places else values[name]
                for name in node["input"]
            ]
            values[node["name"]] = run_node(node, inputs)
        return [values[name] for name in self.outputs]


def run_node(node: dict, inputs: list[Tensor]) -> Tensor:
    x, *rest = inputs
    match node["op"]:
        case "Conv2D" | "_FusedConv2D" | "DepthwiseConv2dNative":
            return convolve(node, x, *rest)
        case "_FusedMatMul":
            product = torch.addmm(rest[1], x, rest[0])
            return F.relu(product) if "Relu" in texts(node, "fused_ops") else product
        case "MaxPool":
            kernel = wholes(node, "ksize")[1]
            stride = wholes(node, "strides")[1]
            return F.max_pool2d(padded(node, x, kernel, stride, float("-inf")), kernel, stride)
        case "Mean":
            return x.mean(dim=(2, 3))
        case "Pad":
            top, left, channel = (rest[0].long()[axis].tolist() for axis in (1, 2, 3))
            return F.pad(x, [*left, *top, *channel])
        case "Reshape":
            # Only the batch is free: a target [1, a, b] or [-1, a, b] keeps the pictures apart.
            return x.permute(0, 2, 3, 1).reshape(len(x), -1, int(rest[0].flatten()[-1]))
        case op if op in ELEMENTWISE:
            return ELEMENTWISE[op](x, *(per_channel(x, value) for value in rest))
        case op:
            raise ValueError(f"{node['name']}: the operator {op} is not known here")


def convolve(node: dict, x: Tensor, kernel: Tensor, *rest: Tensor) -> Tensor:
    stride = wholes(node, "strides")[1]
    x = padded(node, x, kernel.shape[0], stride, 0)
    if node["op"] == "DepthwiseConv2dNative":
        return F.conv2d(x, kernel.permute(2, 3, 0, 1), stride=stride, groups=kernel.shape[2])
    weight = kernel.permute(3, 2, 0, 1)
    fused = texts(node, "fused_ops")
    x = F.conv2d(x, weight, rest[0] if "BiasAdd" in fused else None, stride)
    if "Relu" in fused:
        return F.relu(x)
    return ELEMENTWISE["Prelu"](x, per_channel(x, rest[1])) if "Prelu" in fused else x


def padded(node: dict, x: Tensor, kernel: int, stride: int, value: float) -> Tensor:
    """TensorFlow's SAME: as much as the stride needs, the odd pixel at the end."""
    if base64.b64decode(node["attr"]["padding"]["s"]) != b"SAME":
        return x
    pads: list[int] = []
    for side in (x.shape[3], x.shape[2]):
        total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def per_channel(x: Tensor, value: Tensor) -> Tensor:
    """A weight of one number a channel, laid out for NCHW; pictures stay as they are."""
    return (
        value.flatten()[:, None, None]
        if x.dim() == 4 and 1 < value.numel() == x.shape[1]
        else value
    )


def wholes(node: dict, name: str) -> list[int]:
    return [int(value) for value in node["attr"][name]["list"]["i"]]


def texts(node: dict, name: str) -> list[str]:
    stored = node["attr"].get(name, {}).get("list", {}).get("s", [])
    return [base64.b64decode(value).decode() for value in stored]
