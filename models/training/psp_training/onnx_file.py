"""Networks as ONNX files whose weights take 16 bits, or 8 where that is enough.

Large weights are stored as whole levels with a step and a least value per output: at 16 bits some ten
times closer than float16 in the same space. ONNX Runtime widens them once, when it loads the file, so
that all arithmetic is float32.
"""

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

OPSET = 18
# What is smaller stays float32.
MIN_PACKED = 2048

# How many bits a weight of that name is stored in: 8 or 16.
Bits = Callable[[str], int]


def sixteen(_: str) -> int:
    return 16


def levels_of(weight: Tensor, bits: int) -> tuple[Tensor, Tensor, Tensor]:
    """A weight [out, …] as whole levels 0 … 2^bits − 1, the step and the least value of every output."""
    rows = weight.flatten(1)
    least, most = rows.amin(dim=1), rows.amax(dim=1)
    top = 2**bits - 1
    step = ((most - least) / top).clamp_min(1e-12)
    shape = (-1, *[1] * (weight.dim() - 1))
    least, step = least.view(shape), step.view(shape)
    return ((weight - least) / step).round().clamp(0, top), step, least


def is_packed(weight: Tensor) -> bool:
    return weight.is_floating_point() and weight.numel() >= MIN_PACKED and weight.dim() > 1


@torch.no_grad()
def round_weights(module: nn.Module, bits: Bits = sixteen) -> None:
    """Every weight becomes what its stored form is read back as."""
    for name, weight in [*module.named_parameters(), *module.named_buffers()]:
        if is_packed(weight):
            levels, step, least = levels_of(weight, bits(name))
            weight.copy_(levels * step + least)


def write_onnx(
    module: nn.Module,
    examples: Sequence[Tensor],
    path: Path,
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    bits: Bits = sixteen,
    free_batch: bool = True,
    fold: bool = True,
) -> None:
    """Writes `path`. With `free_batch` the first axis of every input and output is free.

    `fold` computes what follows from constants alone before they are stored; without it no weight is
    stored again as what is made of it.
    """
    names = [*inputs, *outputs]
    with warnings.catch_warnings():
        # Sizes become constants on purpose: only the batch is free.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            tuple(examples),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {0: "N"} for name in names} if free_batch else None,
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=fold,
        )
    model = onnx.load(path)
    pack(model.graph, bits)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def pack(graph: onnx.GraphProto, bits: Bits) -> None:
    """Replaces large constants by small ones and the nodes that widen them."""
    kept: list[TensorProto] = []
    nodes: list[onnx.NodeProto] = []
    for tensor in graph.initializer:
        weight = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        if not is_packed(weight):
            kept.append(tensor)
            continue
        width = bits(tensor.name)
        levels, step, least = (part.numpy() for part in levels_of(weight, width))
        parts = {"levels": levels.astype(np.uint8 if width == 8 else np.uint16)}
        parts |= {"step": step, "least": least}
        names = {part: f"{tensor.name}/{part}" for part in parts}
        kept += [numpy_helper.from_array(parts[part], name) for part, name in names.items()]
        nodes += widening(names, tensor.name)
    after = list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend([*nodes, *after])


def widening(names: dict[str, str], result: str) -> list[onnx.NodeProto]:
    cast, scaled = f"{result}/float", f"{result}/scaled"
    return [
        helper.make_node("Cast", [names["levels"]], [cast], to=TensorProto.FLOAT),
        helper.make_node("Mul", [cast, names["step"]], [scaled]),
        helper.make_node("Add", [scaled, names["least"]], [result]),
    ]
