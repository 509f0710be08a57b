"""Before the first step: what is measured on the data once, and the encoder's closed-form fit."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..networks.encoder import AnyEncoder
from ..networks.identity import IdentityNet
from ..networks.layers import channels_last
from ..networks.psp import Psp
from ..pictures.data import Portraits
from ..running.parallel import Team
from .closed_form import fit, settle, straighten
from .codes import batches, codes_of, yaw_direction
from .frontal import turned
from .operations import Operation

# Pictures for straightening, for an encoder's statistics, and for the mean embedding.
STRAIGHTENED, SETTLED, CENTRED = 32, 128, 256


class Beginning:
    """Works on the CPU, every process on its share of `count` pictures; all get the same results
    (but for the normalisations' statistics, of which the first process's count)."""

    def __init__(
        self, team: Team, data: Portraits, operation: Operation, count: int, seed: int
    ) -> None:
        self.team, self.data, self.operation = team, data, operation
        self.rng = np.random.default_rng(seed)
        self.mine, self.indices = self.draw(count)

    def draw(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Indices of this process's pictures, and those of all processes."""
        each = max(1, count // self.team.size)
        parts = [self.data.draw(each, self.rng) for _ in range(self.team.size)]
        return parts[self.team.rank], np.concatenate(parts)

    @torch.no_grad()
    def mean_embedding(self, identity: IdentityNet, side: int) -> Tensor:
        """Of faces as small as the generator's, [128]."""
        mine, _ = self.draw(CENTRED)
        parts = batches(self.data, mine, mirror=False)
        embeddings = [identity(F.adaptive_avg_pool2d(images, side)) for images in parts]
        return self.team.gather(torch.cat(embeddings)).mean(dim=0)

    def targets(self, reference: Psp) -> tuple[Tensor, dict[str, Tensor]]:
        """The latents to aim at, [N, n_styles, D] as told by a reconstruct encoder, the variance
        of its codes and, for frontalize, how they change with yaw."""
        codes = self.team.gather(codes_of(reference, self.data, self.mine))
        measured = {"spread": codes.var(dim=0).mean()}
        if not self.operation.frontal:
            return codes, measured
        yaw = torch.from_numpy(self.data.yaw[self.indices])
        measured["direction"] = yaw_direction(codes, yaw)
        mirrored = self.team.gather(codes_of(reference, self.data, self.mine, mirror=True))
        return turned(codes, mirrored, yaw, measured["direction"]), measured

    def fit(self, encoder: AnyEncoder, reference: Psp, fresh: bool = False) -> dict[str, Tensor]:
        """Bring the encoder as close to the targets as least squares can; returns what else was
        measured. A `fresh` encoder has only random weights."""
        targets, measured = self.targets(reference)
        channels_last(encoder).eval()
        if fresh:
            straighten(encoder, self.data.batch(self.indices[:STRAIGHTENED]))
        if fresh or encoder.shape.inputs != reference.encoder.shape.inputs:
            settle(encoder, self.inputs(self.mine[:SETTLED]))
        fit(encoder, self.inputs(self.mine), targets - reference.latent_avg, self.team)
        return measured

    def inputs(self, indices: np.ndarray) -> Iterator[Tensor]:
        """The pictures as the operation's encoder sees them."""
        for images in batches(self.data, indices, mirror=False):
            yield self.operation.prepare(images, self.rng)[0]
