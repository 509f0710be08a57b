"""Training by the clock: on a shared CPU the hour is fixed, the number of steps is not."""

import math
import time

import torch
from torch import nn


class Clock:
    """Counts active training time over interruptions. `share` runs from 0 to 1."""

    def __init__(self, minutes: float, spent_s: float = 0.0) -> None:
        self.limit_s = minutes * 60
        self.before_s = spent_s
        self.start = time.monotonic()

    @property
    def spent_s(self) -> float:
        return self.before_s + time.monotonic() - self.start

    @property
    def share(self) -> float:
        return min(1.0, self.spent_s / self.limit_s)


def rate(step: int, share: float, warmup: int = 100, flat: float = 0.5) -> float:
    """Learning-rate factor: linear warm-up by steps, flat, then a cosine down to 2 % by time."""
    if share > flat:
        fall = (share - flat) / (1 - flat)
        return 0.02 + 0.49 * (1 + math.cos(math.pi * fall))
    return min(1.0, (step + 1) / warmup)


def set_rate(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group.setdefault("full_lr", group["lr"])
        group["lr"] = group["full_lr"] * factor


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, step: int, decay: float = 0.998) -> None:
    """Move `average` (weights and buffers) towards `model`; quickly in the first steps."""
    keep = min(decay, (1 + step) / (10 + step))
    pairs = zip(average.state_dict().values(), model.state_dict().values(), strict=True)
    for ours, theirs in pairs:
        if ours.dtype.is_floating_point:
            ours.lerp_(theirs, 1 - keep)
        else:
            ours.copy_(theirs)
