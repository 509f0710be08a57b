"""The product's network for the parts of a face.

python -m psp_training.parts.export_parts OUT/parts.pt ../faces/parts.onnx
"""

import argparse
from pathlib import Path

import torch

from ..onnx_file import write_onnx
from .parts_network import SIDE, PartShares, PartsNet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("weights", "graph"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    network = load_parts_net(given.weights)
    write_onnx(
        PartShares(network), [torch.zeros(1, 3, SIDE, SIDE)], given.graph, ["image"], ["parts"]
    )


def load_parts_net(path: Path) -> PartsNet:
    network = PartsNet()
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


if __name__ == "__main__":
    main()
