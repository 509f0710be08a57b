"""The type that networks compute in where rounding does no harm."""

import time
from functools import cache

import torch
from torch.nn import functional as F


def half(device: torch.device) -> torch.autocast:
    """bfloat16 for what follows, where that is faster than float32."""
    return torch.autocast(device.type, torch.bfloat16, enabled=half_is_faster(device.type))


@cache
def half_is_faster(device: str) -> bool:
    """True for accelerators. A processor without instructions for bfloat16 imitates them at a tenth
    of the speed, so there a convolution of each type is timed."""
    if device != "cpu":
        return True
    return seconds_of(torch.bfloat16) < seconds_of(torch.float32)


def seconds_of(dtype: torch.dtype, runs: int = 3) -> float:
    """The fastest of a few convolutions, [4, 32, 32, 32] by 32 kernels of 3 × 3."""
    x, weight = torch.randn(4, 32, 32, 32, dtype=dtype), torch.randn(32, 32, 3, 3, dtype=dtype)
    times: list[float] = []
    for _ in range(runs + 1):  # The first one prepares.
        start = time.perf_counter()
        F.conv2d(x, weight, padding=1)
        times.append(time.perf_counter() - start)
    return min(times[1:])
