"""What each operation is measured on: the inputs made of true pictures, the same in every run."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..encoders.operations import OPERATIONS
from ..pictures.degrade import hole, shrunk, with_hole


@dataclass(frozen=True)
class Task:
    """One way of putting an operation to the test; `name` is its key in figures.json."""

    name: str
    operation: str
    factor: int = 1


TASKS = (
    Task("reconstruct", "reconstruct"),
    Task("frontalize", "frontalize"),
    Task("super-resolve-4", "super-resolve", 4),
    Task("super-resolve-8", "super-resolve", 8),
    Task("super-resolve-16", "super-resolve", 16),
    Task("inpaint", "inpaint"),
    Task("sketch-to-face", "sketch-to-face"),
)
EVERY_OPERATION = tuple(dict.fromkeys(task.operation for task in TASKS))
# One task per operation: what the card's pictures show.
SHOWN = tuple(task for task in TASKS if task.factor in (1, 8))


def inputs_of(task: Task, images: Tensor, indices: np.ndarray) -> tuple[Tensor, Tensor | None]:
    """The encoder's input for true pictures [N, 3, 256, 256] in [−1, 1], and the holes
    [N, 1, 256, 256] where there are any, 1 inside.

    What is random is drawn from the pictures' places in their set.
    """
    if task.operation == "super-resolve":
        return shrunk(images, task.factor), None
    if task.operation == "inpaint":
        drawn = [hole(images.shape[-1], np.random.default_rng(int(i))) for i in indices]
        masks = torch.from_numpy(np.stack(drawn).astype(np.float32) / 255)[:, None]
        return with_hole(images, masks), masks
    if task.operation == "sketch-to-face":
        parts = zip(images.split(1), indices, strict=True)
        prepare = OPERATIONS[task.operation].prepare
        return torch.cat([prepare(x, np.random.default_rng(int(i)))[0] for x, i in parts]), None
    return images, None
