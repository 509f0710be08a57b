"""Layers held in lists and dictionaries, as a type checker should see them: what was put in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, cast

from torch import nn

Layer = TypeVar("Layer", bound=nn.Module)


def stack(layers: Iterable[Layer]) -> Sequence[Layer]:
    return cast("Sequence[Layer]", nn.ModuleList(layers))


def named(layers: Mapping[str, Layer]) -> Mapping[str, Layer]:
    return cast("Mapping[str, Layer]", nn.ModuleDict(dict(layers)))
