"""Faces drawn from the generator, reduced to what the measuring networks look at."""

import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.mobile_stylegan import N_STYLES, SIDE, D, Generator

PICTURE = 256


@torch.no_grad()
def draw_w(generator: Generator, count: int, seed: int, truncation: tuple[float, float]) -> Tensor:
    """w [count, 512] at truncations spread evenly between two bounds: variety and likely faces."""
    source = torch.Generator().manual_seed(seed)
    z = torch.randn(count, D, generator=source)
    low, high = truncation
    psi = low + (high - low) * torch.rand(count, 1, generator=source)
    mean = generator.mean
    return mean + psi.to(mean) * (generator.mapping(z.to(mean)) - mean)


@torch.no_grad()
def draw_pictures(generator: Generator, codes: Tensor, batch: int = 8) -> Tensor:
    """Codes [N, 23, 512] or w [N, 512] → pictures [N, 256, 256, 3] in 0..255 on the CPU: every
    pixel the mean of 4 × 4 of the generator's."""
    parts: list[Tensor] = []
    for part in codes.split(batch):
        rows = part if part.dim() == 3 else part[:, None].expand(-1, N_STYLES, -1)
        with torch.autocast("cuda", torch.bfloat16, enabled=generator.mean.is_cuda):
            image = generator.synthesis(rows.to(generator.mean)).float()
        small = F.avg_pool2d(image, SIDE // PICTURE).clamp(-1, 1)
        parts.append((small * 127.5 + 128).byte().permute(0, 2, 3, 1).cpu())
    return torch.cat(parts)
