"""Reads what a network in OpenVINO's intermediate representation (version 10) is made of."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

TYPES = {"f32": np.float32, "f16": np.float16, "i64": np.int64, "i32": np.int32}


class Representation:
    """Layers by id, in the file's order, and how they are joined."""

    def __init__(self, xml: Path) -> None:
        root = ElementTree.parse(xml).getroot()
        layers = {layer.attrib["id"]: layer for layer in root.iter("layer")}
        self.kinds = {key: layer.attrib["type"] for key, layer in layers.items()}
        self.ids = {layer.attrib["name"]: key for key, layer in layers.items()}
        # Producers of each layer by port, and its consumers.
        self.inputs: dict[str, dict[int, str]] = {key: {} for key in layers}
        self.consumers: dict[str, list[str]] = {key: [] for key in layers}
        for edge in root.iter("edge"):
            source, target = edge.attrib["from-layer"], edge.attrib["to-layer"]
            self.inputs[target][int(edge.attrib["to-port"])] = source
            self.consumers[source].append(target)
        weights = xml.with_suffix(".bin").read_bytes()
        self.constants = {
            key: read_constant(next(layer.iter("data")).attrib, weights)
            for key, layer in layers.items()
            if self.kinds[key] == "Const"
        }

    def of_kind(self, *kinds: str) -> list[str]:
        return [key for key, kind in self.kinds.items() if kind in kinds]

    def named(self, name: str) -> Tensor:
        return self.constants[self.ids[name]]

    def constant_input(self, layer: str) -> Tensor:
        """The one input of `layer` that is stored. Raises StopIteration where none is."""
        return next(
            self.constants[source]
            for source in self.inputs[layer].values()
            if source in self.constants
        )

    def next_of_kind(self, layer: str, kind: str) -> str:
        """The first consumer of that kind. Raises StopIteration where there is none."""
        return next(key for key in self.consumers[layer] if self.kinds[key] == kind)


def read_constant(data: dict[str, str], weights: bytes) -> Tensor:
    shape = [int(side) for side in data["shape"].split(",") if side.strip()]
    kind = np.dtype(TYPES[data["element_type"]])
    start, size = int(data["offset"]), int(data["size"])
    values = np.frombuffer(weights, kind, size // kind.itemsize, start)
    return torch.from_numpy(values.reshape(shape).copy())
