"""Write the fit graph as ONNX, weights as small as they need to be.

Those of the identity network (which come from 8 bits) and of the head's gains take 8 bits, all others
16. Transposed weights are made when the graph is loaded, so that none is stored twice.
"""

from copy import deepcopy
from pathlib import Path

import torch
from torch import Tensor

from ..networks.identity import CROP_LEFT, CROP_SIDE, CROP_TOP, IdentityNet
from ..networks.identity import SIDE as VIEW_SIDE
from ..networks.mobile_stylegan import N_STYLES, D, Generator
from ..networks.picture_head import SIDE, PictureHead
from ..onnx_file import round_weights, write_onnx
from .fit_graph import INPUTS, OUTPUTS, SCALES, FitGraph


def bits_of(name: str) -> int:
    return 8 if name.startswith(("identity.blocks", "head.gains")) else 16


def stored_graph(generator: Generator, head: PictureHead, identity: IdentityNet) -> FitGraph:
    """The graph with the weights that a file of it holds."""
    graph = FitGraph(deepcopy(generator), deepcopy(head), deepcopy(identity)).eval()
    round_weights(graph, bits_of)
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
    # The graph takes one face of one size. Folding would store what is transposed a second time.
    write_onnx(
        graph,
        example_inputs(),
        path,
        INPUTS,
        OUTPUTS,
        bits=bits_of,
        free_batch=False,
        fold=False,
    )
    return graph
