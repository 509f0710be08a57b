"""Data parallelism by processes of one thread each.

On a busy machine this beats two threads in one process: threads meet after every layer and wait
for whichever was scheduled away, processes meet once a step.
"""

import os
import socket
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, distributed, multiprocessing, nn


class Team:
    """The processes of one run; every method is trivial when there is only one."""

    def __init__(self, rank: int = 0, size: int = 1) -> None:
        self.rank, self.size = rank, size

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def average_gradients(self, parameters: Iterable[nn.Parameter], number: float) -> float:
        """Average all gradients, and one number along with them, which is returned."""
        if self.size == 1:
            return number
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([g.flatten() for g in gradients] + [torch.tensor([number])])
        distributed.all_reduce(flat)
        flat /= self.size
        parts = flat[:-1].split([g.numel() for g in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))
        return float(flat[-1])

    def gather(self, part: Tensor) -> Tensor:
        """All processes' parts in one, along dimension 0; their shapes are equal."""
        if self.size == 1:
            return part
        parts = [torch.empty_like(part) for _ in range(self.size)]
        distributed.all_gather(parts, part.contiguous())
        return torch.cat(parts)

    def collect(self, part: Any) -> list[Any]:
        """What every process has, of any type, in the order of the processes."""
        if self.size == 1:
            return [part]
        parts: list[Any] = [None] * self.size
        distributed.all_gather_object(parts, part)
        return parts


def device_of(team: Team) -> torch.device:
    """The accelerator, when there is one and the run is a single process; else the CPU."""
    return torch.device("cuda" if team.size == 1 and torch.cuda.is_available() else "cpu")


def run(work: Callable[[Team, Any], None], arguments: Any, size: int) -> None:
    """Call work(team, arguments) in `size` processes, or right here when it is one."""
    if size == 1:
        work(Team(), arguments)
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    multiprocessing.spawn(_member, (work, arguments, size, port), nprocs=size)


def _member(rank: int, work: Callable, arguments: Any, size: int, port: int) -> None:
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", rank=rank, world_size=size)
    work(Team(rank, size), arguments)
    distributed.destroy_process_group()
