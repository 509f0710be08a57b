"""Gradient steps by the clock, and the average of the weights that they pass through."""

import copy
import json
import math
import time
from pathlib import Path
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

BETAS, CLIP = (0.9, 0.99), 1.0
# Share of the time in which the rate rises, and averaged weights keep of one step.
WARM, KEEP = 0.03, 0.998


Network = TypeVar("Network", bound=nn.Module)


class Descent(Generic[Network]):
    """AdamW whose rate rises, then falls as a cosine over `seconds`; `average` is the network to
    measure and to keep."""

    def __init__(self, network: Network, rates: list[dict], seconds: float) -> None:
        self.network, self.seconds = network, seconds
        self.optimizer = torch.optim.AdamW(rates, betas=BETAS, weight_decay=1e-4)
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.average = copy.deepcopy(network).eval().requires_grad_(False)
        self.start, self.steps = time.monotonic(), 0

    @property
    def share(self) -> float:
        """How much of the time is over, 0 … 1."""
        return min(1.0, (time.monotonic() - self.start) / self.seconds)

    def step(self, loss: Tensor) -> None:
        share = self.share
        factor = min(1.0, share / WARM + 1e-2) * (0.5 + 0.5 * math.cos(math.pi * share))
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self.optimizer.step()
        self.steps += 1
        keep = min(KEEP, 1 - 1 / (1 + self.steps / 10))
        with torch.no_grad():
            for mean, value in zip(
                self.average.state_dict().values(), self.network.state_dict().values(), strict=True
            ):
                if mean.is_floating_point():
                    mean.lerp_(value, 1 - keep)


class Report:
    """Means of the terms since the last line, printed and written as JSON lines."""

    def __init__(self, path: Path, name: str, every: float) -> None:
        """A line is due `every` so many seconds."""
        self.path, self.name, self.every = path, name, every
        self.start = self.last = time.monotonic()
        self.sums: dict[str, Tensor] = {}
        self.count = 0

    def add(self, terms: dict[str, Tensor]) -> None:
        for key, value in terms.items():
            self.sums[key] = self.sums.get(key, 0) + value.detach().float()
        self.count += 1

    def due(self) -> bool:
        return time.monotonic() - self.last >= self.every

    def write(self, **facts: float) -> None:
        means = {key: round(float(value) / self.count, 4) for key, value in self.sums.items()}
        self.last = time.monotonic()
        line = {"stage": self.name, "seconds": round(self.last - self.start)}
        line |= {key: round(value, 4) for key, value in facts.items()} | means
        print(json.dumps(line), flush=True)
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")
        self.sums, self.count = {}, 0
