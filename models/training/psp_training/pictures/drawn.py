"""Pictures without limit: drawn by the generator, with the codes that they were drawn from."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..networks.mobile_stylegan import N_STYLES, D, Generator

SIDE = 256
# Truncation ψ, shares of pictures with two people's styles and with every style shaken.
TRUNCATION = (0.5, 1.0)
MIXED, SHAKEN = 0.4, 0.3
SHAKE = 0.4


def draw_codes(generator: Generator, count: int) -> Tensor:
    """Codes [count, 23, 512] around one w, of two people, or off the path that the mapping knows,
    as codes of photographs are. Random numbers are the device's own."""
    device = generator.mean.device
    psi = torch.empty(2, count, 1, device=device).uniform_(*TRUNCATION)
    w = generator.mapping(torch.randn(2 * count, D, device=device)).view(2, count, D)
    first, second = generator.mean + psi * (w - generator.mean)
    codes = first[:, None].repeat(1, N_STYLES, 1)
    crossover = torch.randint(3, N_STYLES - 4, (count, 1), device=device)
    crossover[torch.rand(count, device=device) > MIXED] = N_STYLES
    later = torch.arange(N_STYLES, device=device) >= crossover
    codes = torch.where(later[..., None], second[:, None], codes)
    strength = torch.rand(count, 1, 1, device=device) * SHAKE
    strength[torch.rand(count, device=device) > SHAKEN] = 0
    return codes + strength * generator.deviation * torch.randn_like(codes)


# Codes [N, 23, 512] → pictures [N, 3, 256, 256] in [−1, 1].
Draw = Callable[[Tensor], Tensor]


class Pool:
    """The latest `capacity` drawings and their codes, kept on the device: drawing is dear, and an
    encoder may see a picture again, differently spoilt."""

    def __init__(self, generator: Generator, draw: Draw, capacity: int) -> None:
        device = generator.mean.device
        self.generator, self.draw = generator, draw
        self.pictures = torch.empty(capacity, 3, SIDE, SIDE, dtype=torch.uint8, device=device)
        self.codes = torch.empty(capacity, N_STYLES, D, dtype=torch.float16, device=device)
        self.drawn = 0

    @torch.no_grad()
    def add(self, count: int) -> None:
        codes = draw_codes(self.generator, count)
        pictures = self.draw(codes)
        place = torch.arange(self.drawn, self.drawn + count, device=codes.device)
        place %= len(self.pictures)
        self.pictures[place] = ((pictures + 1) * 127.5).round().to(torch.uint8)
        self.codes[place] = codes.half()
        self.drawn += count

    def take(self, count: int) -> tuple[Tensor, Tensor]:
        """Pictures [count, 3, 256, 256] in [−1, 1] and codes [count, 23, 512], at random."""
        known = min(self.drawn, len(self.pictures))
        place = torch.randint(0, known, (count,), device=self.codes.device)
        return self.pictures[place].float() / 127.5 - 1, self.codes[place].float()
