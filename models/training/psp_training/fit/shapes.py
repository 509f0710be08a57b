"""Shapes as plain numbers: while a graph is exported, `Tensor.shape` would add operators to it."""

from torch import Tensor


def shape_of(x: Tensor) -> list[int]:
    return [int(size) for size in x.shape]
