"""Drawn faces by number, and what the generator knows while it draws them.

A number always means the same face: faces are counted through shards of 100, each drawn from its
own seed with truncations of 0.6 … 1.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.mobile_stylegan import LEVELS, N_STYLES, SIDE, D, Generator

SHARD, FIRST_SEED = 100, 1000
TRUNCATION = (0.6, 1.0)
PICTURE = 256
# The levels whose features tell parts apart, 32² … 256², and their channels.
FIRST_LEVEL, LAST_LEVEL = 2, 5
CHANNELS = (512, 512, 256, 128)


@torch.no_grad()
def faces_by_number(generator: Generator, numbers: Sequence[int]) -> Tensor:
    """w [N, 512]."""
    shards = sorted({number // SHARD for number in numbers})
    known = {shard: draw_shard(generator, shard) for shard in shards}
    return torch.stack([known[number // SHARD][number % SHARD] for number in numbers])


def draw_shard(generator: Generator, shard: int) -> Tensor:
    """w [100, 512] of the faces 100 · shard … 100 · shard + 99."""
    source = np.random.default_rng(FIRST_SEED + shard)
    z = torch.from_numpy(source.standard_normal((SHARD, D)).astype(np.float32))
    psi = torch.from_numpy(source.uniform(*TRUNCATION, (SHARD, 1)).astype(np.float32))
    return generator.mean + psi * (generator.mapping(z) - generator.mean)


@torch.no_grad()
def draw_with_features(generator: Generator, w: Tensor) -> tuple[Tensor, list[Tensor]]:
    """w [N, 512] → pictures [N, 256, 256, 3] in 0..255 and the features of four levels:
    [N, 512, 32, 32], [N, 512, 64, 64], [N, 256, 128, 128], [N, 128, 256, 256]."""
    codes = w[:, None].expand(-1, N_STYLES, -1)
    synthesis = generator.synthesis
    maps = feature_maps(generator, codes)
    x = synthesis.grow(maps[-1], codes, LAST_LEVEL + 1, LEVELS)
    image = F.avg_pool2d(synthesis.paint(x, codes), SIDE // PICTURE).clamp(-1, 1)
    return (image * 127.5 + 128).byte().permute(0, 2, 3, 1), maps


def feature_maps(generator: Generator, codes: Tensor) -> list[Tensor]:
    x = generator.synthesis.features(codes, FIRST_LEVEL)
    maps: list[Tensor] = []
    for level in range(FIRST_LEVEL, LAST_LEVEL + 1):
        x = generator.synthesis.grow(x, codes, level, level + 1)
        maps.append(x)
    return maps
