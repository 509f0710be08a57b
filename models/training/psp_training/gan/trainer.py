"""One step of StyleGAN2 after the other, and what is kept of them (Karras et al. 2020)."""

import argparse
import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..losses import discriminator_loss, generator_loss, gradient_penalty, path_lengths
from ..measure_generator import draw
from ..networks.decoder import Decoder
from ..networks.discriminator import Discriminator
from ..networks.generator import Generator, decoder_like, generator_of, grow, mean_w
from ..networks.identity import load_identity
from ..networks.layers import channels_last
from ..networks.psp import psp_of
from ..pictures.data import Portraits, mirrored
from ..pictures.preview import save_grid
from ..running.parallel import Team, device_of
from ..running.pieces import load_pieces, save_pieces
from ..running.precision import half
from ..running.schedule import Clock, follow, rate, set_rate
from ..sizes import DECODER_WIDTHS, STYLE
from .adaptive import Strength, disturbed
from .anchor import Anchor

R1_EVERY, PATH_EVERY, ADJUST_EVERY = 16, 8, 4
PATH_WEIGHT, PATH_SHRINK, PATH_DECAY = 2.0, 2, 0.01
MIXING = 0.9
# Half-life of the averaged generator: a share of the pictures so far up to a limit, which holds
# from the beginning for a generator that is already one.
AVERAGE_SHARE, AVERAGE_PICTURES = 0.05, 5_000


class GeneratorTrainer:
    def __init__(self, team: Team, arguments: argparse.Namespace) -> None:
        self.team, self.arguments = team, arguments
        self.device = device_of(team)
        torch.manual_seed(arguments.seed)
        self.data = Portraits(arguments.data, favour=arguments.favour)
        self.side: int = arguments.side
        self.batch: int = arguments.batch // team.size
        start: dict[str, Any] | None = None
        if arguments.start is not None:
            start = torch.load(arguments.start, map_location="cpu", weights_only=True)
        self.decoder, self.discriminator = self.networks(start)
        self.average = copy.deepcopy(self.decoder).eval().requires_grad_(False)
        rates = arguments.generator_rate, arguments.judge_rate
        self.optimizer = adam(self.decoder, rates[0], PATH_EVERY)
        self.judge_optimizer = adam(self.discriminator, rates[1], R1_EVERY)
        self.strength = Strength()
        self.anchor: Anchor | None = None
        if arguments.anchor > 0:
            identity = load_identity(arguments.identity)
            self.anchor = Anchor(psp_of(start), identity, self.device)
        self.r1 = arguments.r1 or 0.0002 * self.side**2 / arguments.batch
        self.mean_length, self.step, self.pictures, self.share = 0.0, 0, 0, 0.0
        spent_s = self.restore()
        self.clock = Clock(arguments.minutes, spent_s)
        # Weights start equal in all processes, pictures must not; nor may they repeat on resuming.
        seed = arguments.seed + 1000 * team.rank + 10 * self.step
        torch.manual_seed(seed)
        self.rng = np.random.default_rng(seed)

    def networks(self, start: dict[str, Any] | None) -> tuple[Decoder, Discriminator]:
        """From nothing, or from the file of a generator (of this side or half of it) or of a pSp,
        whose decoder it takes."""
        discriminator = Discriminator(DECODER_WIDTHS[self.side])
        decoder = Decoder(STYLE[self.side], DECODER_WIDTHS[self.side])
        if start is not None:
            if "g_ema" in start:
                begun = generator_of(start)
                state, judge = begun.decoder.state_dict(), begun.discriminator.state_dict()
                own = discriminator.state_dict()
                shared = {k: v for k, v in judge.items() if k in own and v.shape == own[k].shape}
                discriminator.load_state_dict(shared, strict=False)
            else:
                state = psp_of(start).decoder.state_dict()
            if decoder_like(state).n_styles == decoder.n_styles:
                decoder.load_state_dict(state)
            else:
                grow(state, decoder)
        for network in (decoder, discriminator):
            channels_last(network.to(self.device))
        return decoder, discriminator

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {
            "decoder": self.decoder,
            "average": self.average,
            "discriminator": self.discriminator,
            "optimizer": self.optimizer,
            "judge_optimizer": self.judge_optimizer,
        }

    def restore(self) -> float:
        """Go on from the saved state; returns the seconds that it took."""
        saved = load_pieces(self.arguments.out / "state")
        if saved is None:
            return 0.0
        for name, part in self.parts().items():
            part.load_state_dict(saved[name])
        self.step, self.pictures = saved["step"], saved["pictures"]
        self.mean_length, self.strength.p = saved["mean_length"], saved["p"]
        return saved["spent_s"]

    def save(self) -> None:
        state: dict[str, Any] = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"step": self.step, "pictures": self.pictures, "spent_s": self.clock.spent_s}
        state |= {"mean_length": self.mean_length, "p": self.strength.p}
        save_pieces(self.arguments.out / "state", state)
        self.result().save(self.arguments.out / "generator.pt")

    def result(self) -> Generator:
        decoder = copy.deepcopy(self.average).cpu()
        judge = copy.deepcopy(self.discriminator).cpu()
        return Generator(decoder, mean_w(decoder), judge)

    def pictures_drawn(self) -> Tensor:
        """[N, 3, 256, 256], mirrored by chance: a face's mirror image is a face."""
        indices = self.rng.permutation(self.data.draw(self.batch, self.rng))
        images, _ = mirrored(self.data.batch(indices, self.device), self.rng)
        return images.contiguous(memory_format=torch.channels_last)

    def latents(self, count: int) -> Tensor:
        """Drawn latents [N, n_styles, D]; most change from one w to another on the way."""
        style, n_styles = self.decoder.style[1].weight.shape[0], self.decoder.n_styles
        first, second = self.decoder.map(torch.randn(2 * count, style, device=self.device)).chunk(2)
        cuts = torch.from_numpy(self.rng.integers(1, n_styles, count)).to(self.device)
        mixed = torch.from_numpy(self.rng.random(count) < MIXING).to(self.device)
        cuts = torch.where(mixed, cuts, n_styles)
        late = torch.arange(n_styles, device=self.device)[None] >= cuts[:, None]
        return torch.where(late[..., None], second[:, None], first[:, None])

    def fakes(self, kept: Tensor | None) -> Tensor:
        """[N, 3, side, side]: first those of the anchored latents `kept`, the rest drawn."""
        latents = self.latents(self.batch - (0 if kept is None else len(kept)))
        if kept is not None:
            latents = torch.cat([kept, latents])
        with half(self.device):
            return self.decoder(latents, self.decoder.fresh_noise(self.batch)).float()

    def scores(self, images: Tensor) -> Tensor:
        with half(self.device):
            return self.discriminator(disturbed(images, self.strength.p))[0].float()

    def run_step(self) -> dict[str, float]:
        factor = rate(self.step, self.share, warmup=50, flat=self.arguments.flat)
        set_rate(self.optimizer, factor)
        set_rate(self.judge_optimizer, factor)
        pictures = self.pictures_drawn()
        kept = None if self.anchor is None else self.anchor.latents(pictures)
        real = F.avg_pool2d(pictures, pictures.shape[-1] // self.side)
        terms = self.train_discriminator(real, kept)
        # A generator that can already draw faces waits until its new judge can tell.
        if self.pictures >= self.arguments.judge_first:
            terms |= self.train_generator(real, kept)
        else:
            self.share = self.team.average_gradients((), self.clock.share)
        half_life = max(1, self.pictures) * AVERAGE_SHARE
        if self.arguments.start is not None or half_life > AVERAGE_PICTURES:
            half_life = AVERAGE_PICTURES
        decay = 0.5 ** (self.batch * self.team.size / half_life)
        follow(self.average, self.decoder, self.step, decay)
        self.step += 1
        self.pictures += self.batch * self.team.size
        return terms

    def train_discriminator(self, real: Tensor, kept: Tensor | None) -> dict[str, float]:
        with torch.no_grad():
            fake = self.fakes(kept)
        real_scores, fake_scores = self.scores(real), self.scores(fake)
        loss = discriminator_loss(real_scores, fake_scores)
        terms = {"judge": float(loss.detach())}
        if self.step % R1_EVERY == 0:
            seen = disturbed(real, self.strength.p)
            penalty = gradient_penalty(self.discriminator, seen)
            loss = loss + R1_EVERY * self.r1 / 2 * penalty
            terms["r1"] = float(penalty.detach())
        self.judge_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        sign = float(real_scores.detach().sign().mean())
        sign = self.team.average_gradients(self.discriminator.parameters(), sign)
        self.judge_optimizer.step()
        if self.step % ADJUST_EVERY == 0 and self.arguments.augment:
            self.strength.adjust(sign, ADJUST_EVERY * self.batch * self.team.size)
        return {**terms, "sign": sign, "p": self.strength.p}

    def train_generator(self, real: Tensor, kept: Tensor | None) -> dict[str, float]:
        self.discriminator.requires_grad_(False)
        images = self.fakes(kept)
        loss = generator_loss(self.scores(images))
        terms = {"fool": float(loss.detach())}
        if self.anchor is not None:
            held = self.anchor.loss(images[: len(kept)], real[: len(kept)])
            terms["anchor"] = float(held.detach())
            loss = loss + self.arguments.anchor * held
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.step % PATH_EVERY == 0:
            terms |= self.regularise_paths()
        self.discriminator.requires_grad_(True)
        self.share = self.team.average_gradients(self.decoder.parameters(), self.clock.share)
        self.optimizer.step()
        return terms

    def regularise_paths(self) -> dict[str, float]:
        """Adds the gradient of the path-length penalty, in full precision and on fewer pictures."""
        count = max(1, self.batch // PATH_SHRINK)
        latents = self.latents(count)
        lengths = path_lengths(self.decoder(latents, self.decoder.fresh_noise(count)), latents)
        now = float(lengths.mean().detach())
        self.mean_length += (now - self.mean_length) * (PATH_DECAY if self.mean_length else 1.0)
        penalty = (lengths - self.mean_length).square().mean()
        (PATH_EVERY * PATH_WEIGHT * penalty).backward()
        return {"path": float(penalty.detach()), "length": now}

    def preview(self, path: Path, columns: int = 8, rows: int = 4) -> None:
        save_grid(path, list(draw(self.average, rows * columns).cpu().split(columns)))


def adam(network: nn.Module, learning_rate: float, lazy_every: int) -> torch.optim.Adam:
    """Adam for a loss that is regularised every k-th step only: the rate and the momentum as if
    it were so in every step (Karras et al. 2020, section 3.1)."""
    lazy = lazy_every / (lazy_every + 1)
    betas = (0.0, 0.99**lazy)
    return torch.optim.Adam(network.parameters(), lr=learning_rate * lazy, betas=betas, eps=1e-8)
