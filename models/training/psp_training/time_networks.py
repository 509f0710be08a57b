"""How long PyTorch takes for the product's networks, with the weights that their files hold.

    python -m psp_training.time_networks --encoder encoder.onnx --decoder decoder.onnx \
        --fit fit.onnx --identity package/model [--threads 2]

prints milliseconds as JSON: `encoder` and `decoder` of one face, and `fit`, a step of a fit with
autograd's gradient. `npm run bench -- torch` puts them beside ONNX Runtime's.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from .fit.by_autograd import by_autograd
from .fit.export_fit import example_inputs
from .fit.fit_graph import FitGraph
from .networks.identity import load_identity
from .networks.mobile_stylegan import N_STYLES, D, Generator
from .networks.picture_head import PictureHead
from .networks.pyramid_encoder import PyramidEncoder
from .networks.quick_synthesis import QuickSynthesis

RUNS = 9
WARM = 2
SIDE = 256


Network = TypeVar("Network", bound=nn.Module)


def stored_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a file by their names in the network that it was made of (`write_onnx`)."""
    graph = onnx.load(path).graph
    stored = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
        for tensor in graph.initializer
    }
    packed = [name.removesuffix("/levels") for name in stored if name.endswith("/levels")]
    for name in packed:
        levels, step, least = (stored.pop(f"{name}/{part}") for part in ("levels", "step", "least"))
        stored[name] = levels * step + least
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
    # A convolution that took the normalisation behind it in has lost its weights' names, not its own.
    for node in graph.node:
        if node.op_type == "Conv" and node.input[1].startswith("onnx::"):
            for name, value in zip(("weight", "bias"), node.input[1:], strict=True):
                stored[f"{module_of(node.name)}.{name}"] = stored[value]
    return stored


def module_of(node: str) -> str:
    """/heads.0/trunk/trunk.0/trunk.0.1/Conv → heads.0.trunk.0.1: lists repeat their own name."""
    parts: list[str] = []
    for part in node.split("/")[1:-1]:
        if parts and part.startswith(f"{parts[-1]}."):
            parts.pop()
        parts.append(part)
    return ".".join(parts)


@torch.no_grad()
def load_stored(module: Network, weights: dict[str, Tensor]) -> Network:
    """Gives every weight what is stored of it; what is not stored, the network does not use."""
    own = module.state_dict()
    for name in own.keys() & weights.keys():
        own[name].copy_(weights[name])
    norms = [part for part in module.modules() if isinstance(part, nn.BatchNorm2d)]
    biases = [weights[name] for name in weights if name.endswith(".bias") and name not in own]
    # Normalisations follow their convolutions; what they did is in those, but for what they add.
    for norm, bias in zip(norms, biases, strict=True):
        norm.get_buffer("running_mean").zero_()
        norm.get_buffer("running_var").fill_(1 - norm.eps)
        norm.weight.fill_(1)
        norm.bias.copy_(bias)
    return module.eval()


def fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(WARM + RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * min(times[WARM:])


def load_encoder(path: Path) -> PyramidEncoder:
    weights = stored_weights(path)
    channels = weights["backbone._conv_stem.weight"].shape[1]
    return load_stored(PyramidEncoder(channels, width=weights["heads.0.places"].shape[1]), weights)


def load_decoder(path: Path) -> nn.Module:
    return load_stored(QuickSynthesis(Generator().synthesis), stored_weights(path))


def load_fit(path: Path, identity: Path) -> FitGraph:
    graph = FitGraph(Generator(), PictureHead(), load_identity(identity))
    load_stored(graph, stored_weights(path))
    return graph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("encoder", "decoder", "fit", "identity"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    encoder, decoder = load_encoder(given.encoder), load_decoder(given.decoder)
    fit = load_fit(given.fit, given.identity)
    image = torch.rand(1, encoder.channels, SIDE, SIDE) * 2 - 1
    codes, question = torch.randn(1, N_STYLES, D) * 0.3, example_inputs()
    with torch.inference_mode():
        times = {"encoder": fastest(lambda: encoder(image)), "decoder": fastest(lambda: decoder(codes))}
    times["fit"] = fastest(lambda: by_autograd(fit, question))
    print(json.dumps({"torch": torch.__version__, **times}))


if __name__ == "__main__":
    main()
