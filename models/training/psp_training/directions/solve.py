"""Which steps in W move one measure and leave the others: by statistics, then by what is seen.

1. A ridge probe B reads every measure off w. The likeliest step that moves one and no other by the
   probes is  d_k = Σ Bᵀ (B Σ Bᵀ)⁻¹ e_k,  with Σ the covariance of w.
2. Each d_k is tried in each group of styles alone on drawn faces: effects E [candidate, measure].
3. For a slider, coefficients c minimise  |diag(weight) (Eᵀ c − e_k)|² + cᵀ diag(price) c:  what is
   wanted against what is dragged along, and against what it costs of the person. Of all sets of
   groups the one with the smallest sum is taken.
"""

from collections.abc import Sequence
from itertools import combinations

import torch
from torch import Tensor

from ..networks.mobile_stylegan import COARSE, FINE, MIDDLE

# Styles [from, to) by the side of what they steer.
GROUPS = (COARSE, MIDDLE, FINE)
RIDGE = 0.02
PRICE_OF_NORM = 0.004
PRICE_OF_LIKENESS = 0.15
PRICE_OF_A_GROUP = 0.01


def fit_probes(w: Tensor, values: Tensor) -> Tensor:
    """Standardised w [N, D] and measures [N, K] → B [K, D]."""
    n, d = w.shape
    gram = w.T @ w / n + RIDGE * torch.eye(d)
    return torch.linalg.solve(gram, w.T @ values / n).T


def conditioned(w: Tensor, probes: Tensor) -> Tensor:
    """Steps [K, D]: step k moves measure k by 1 and the others by 0, if the probes are right."""
    spread = probes @ (w.T @ w / len(w))
    joint = spread @ probes.T
    return torch.linalg.solve(
        joint + 1e-3 * joint.diagonal().mean() * torch.eye(len(joint)), spread
    )


def in_groups(steps: Tensor, n_styles: int) -> Tensor:
    """Steps [K, D] → candidates [K · groups, n_styles, D], each in one group of styles."""
    masks = torch.zeros(len(GROUPS), n_styles, 1)
    for mask, (start, end) in zip(masks, GROUPS, strict=True):
        mask[start:end] = 1
    return (steps[:, None, None] * masks).flatten(0, 1)


def solve(
    effects: Tensor, losses: Tensor, norms: Tensor, groups: Tensor, wanted: int, weights: Tensor
) -> tuple[Tensor, tuple[int, ...], float]:
    """Coefficients [C], groups and remaining sum for one measure.

    effects [C, K] per step, losses [C] of likeness per squared step, norms [C] squared, groups [C].
    """
    best: tuple[Tensor, tuple[int, ...], float] | None = None
    goal = torch.zeros(effects.shape[1])
    goal[wanted] = weights[wanted]
    price = PRICE_OF_LIKENESS * losses.clamp(min=0) + PRICE_OF_NORM * norms
    for chosen in subsets(sorted(set(groups.tolist()))):
        free = torch.isin(groups, torch.tensor(chosen))
        moved = (effects[free] * weights).T
        system = moved.T @ moved + price[free].diag()
        c = torch.linalg.solve(system, moved.T @ goal)
        cost = ((moved @ c - goal) ** 2).sum() + (price[free] * c**2).sum()
        total = float(cost) + PRICE_OF_A_GROUP * len(chosen)
        if best is None or total < best[2]:
            coefficients = torch.zeros(len(effects))
            coefficients[free] = c
            best = coefficients, chosen, total
    assert best is not None
    return best


def subsets(values: Sequence[int]) -> list[tuple[int, ...]]:
    return [some for size in range(1, len(values) + 1) for some in combinations(values, size)]
