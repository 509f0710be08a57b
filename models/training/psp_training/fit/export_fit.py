"""Write the fit graph as ONNX, weights as small as they need to be.

Large weights are stored as float16, those of the identity network (which come from 8 bits) and of
the head's gains as uint8 with a scale and a least value per output; ONNX Runtime widens them once,
when it loads the graph. Transposed weights are made there too, so that none is stored twice.
"""

import warnings
from copy import deepcopy
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from ..networks.identity import CROP_LEFT, CROP_SIDE, CROP_TOP, IdentityNet
from ..networks.identity import SIDE as VIEW_SIDE
from ..networks.mobile_stylegan import N_STYLES, D, Generator
from ..networks.picture_head import SIDE, PictureHead
from .fit_graph import INPUTS, OUTPUTS, SCALES, FitGraph

OPSET = 18
# What is smaller stays float32.
MIN_PACKED = 2048
COARSE = ("identity.blocks", "head.gains")


def is_coarse(name: str) -> bool:
    return name.startswith(COARSE)


def levels_of(weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """A weight [out, …] as whole levels 0…255, the step and the least value of every output."""
    rows = weight.flatten(1)
    least, most = rows.amin(dim=1), rows.amax(dim=1)
    step = ((most - least) / 255).clamp_min(1e-12)
    shape = (-1, *[1] * (weight.dim() - 1))
    least, step = least.view(shape), step.view(shape)
    return ((weight - least) / step).round().clamp(0, 255), step, least


@torch.no_grad()
def round_weights(module: nn.Module) -> None:
    """Every weight becomes what its stored form is read back as."""
    for name, weight in [*module.named_parameters(), *module.named_buffers()]:
        if not weight.is_floating_point() or weight.numel() < MIN_PACKED:
            continue
        if is_coarse(name):
            levels, step, least = levels_of(weight)
            weight.copy_(levels * step + least)
        else:
            weight.copy_(weight.half())


def stored_graph(generator: Generator, head: PictureHead, identity: IdentityNet) -> FitGraph:
    """The graph with the weights that a file of it holds."""
    graph = FitGraph(*(deepcopy(part) for part in (generator, head, identity))).eval()
    round_weights(graph)
    return graph


def crop_matrix(start: float, length: float, side: int = SIDE, to: int = VIEW_SIDE) -> Tensor:
    """Bilinear sampling [to, side] of `length` of a picture's side from `start` on, both as shares."""
    at = ((torch.arange(to) + 0.5) / to * length + start) * side - 0.5
    apart = (at[:, None] - torch.arange(side)[None]).abs()
    return (1 - apart).clamp_min(0)


def example_inputs() -> tuple[Tensor, ...]:
    picture = torch.zeros(1, 3, SIDE, SIDE)
    rows, columns = (crop_matrix(start, CROP_SIDE) for start in (CROP_TOP, CROP_LEFT))
    scales = torch.full((SCALES,), 1 / SCALES)
    codes = torch.zeros(1, N_STYLES, D)
    known = picture[:, :1] + 1
    return codes, picture, known, picture, picture, rows, columns, scales, torch.ones(3)


def export_fit(
    generator: Generator, head: PictureHead, identity: IdentityNet, path: Path
) -> FitGraph:
    """Writes `path` and returns the graph whose answers it gives."""
    graph = stored_graph(generator, head, identity)
    with warnings.catch_warnings():
        # Shapes become constants on purpose: the graph takes one face of one size.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            graph,
            example_inputs(),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            opset_version=OPSET,
            dynamo=False,
            # Folding would store what is transposed a second time.
            do_constant_folding=False,
        )
    model = onnx.load(path)
    pack(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return graph


def pack(graph: onnx.GraphProto) -> None:
    """Replaces large constants by small ones and the nodes that widen them."""
    kept: list[TensorProto] = []
    nodes: list[onnx.NodeProto] = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < MIN_PACKED:
            kept.append(tensor)
        elif is_coarse(tensor.name):
            parts = [part.numpy() for part in levels_of(torch.from_numpy(values.copy()))]
            parts[0] = parts[0].astype(np.uint8)
            names = [f"{tensor.name}/{part}" for part in ("levels", "step", "least")]
            kept += [numpy_helper.from_array(*pair) for pair in zip(parts, names, strict=True)]
            nodes += widening(names, tensor.name)
        else:
            name = f"{tensor.name}/half"
            kept.append(numpy_helper.from_array(values.astype(np.float16), name))
            nodes.append(helper.make_node("Cast", [name], [tensor.name], to=TensorProto.FLOAT))
    after = list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend([*nodes, *after])


def widening(names: list[str], result: str) -> list[onnx.NodeProto]:
    levels, step, least = names
    cast, scaled = f"{levels}/float", f"{levels}/scaled"
    return [
        helper.make_node("Cast", [levels], [cast], to=TensorProto.FLOAT),
        helper.make_node("Mul", [cast, step], [scaled]),
        helper.make_node("Add", [scaled, least], [result]),
    ]
