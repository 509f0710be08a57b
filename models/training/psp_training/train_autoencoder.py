"""Stage 1: train encoder and decoder together, from nothing, as an autoencoder.

    python -m psp_training.train_autoencoder DATA IDENTITY OUT --minutes 40

Loss = pyramid L1 + features and identity (on a part of the batch) + a patch discriminator with
feature matching. Some pictures pass through one w for all styles, all codes get a little noise
and their norm is held: so that single, mixed and drawn latents decode to faces too.
"""

import argparse
import copy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .encoders.beginning import Beginning
from .encoders.codes import recentre
from .encoders.operations import OPERATIONS
from .losses import (
    discriminator_loss,
    face_weight,
    generator_loss,
    gradient_penalty,
    latent_spread,
    perceptual,
    pyramid_l1,
)
from .networks.decoder import Decoder
from .networks.encoder import Encoder
from .networks.identity import IdentityNet, load_identity
from .networks.layers import channels_last
from .networks.patch_discriminator import PatchDiscriminator
from .networks.psp import Psp, load
from .pictures.data import Portraits, augment
from .pictures.degrade import holes, photographed, shrunk_at_random, with_hole
from .pictures.preview import save_grid
from .running.course import Course
from .running.means import Means
from .running.parallel import Team, run
from .running.precision import half
from .running.schedule import Clock, follow, rate, set_rate
from .sizes import DECODER_WIDTHS, STYLE, encoder_shape

CPU = torch.device("cpu")
SIDE = 64
BATCH, JUDGED, MIXED = 8, 3, 2  # of one process
SINGLE_W_SHARE = 0.2
CODE_NOISE = 0.02
# Shares of the time: until when a started decoder waits for the new encoder, and then pixels alone
# (layout is learned fastest so) before the dearer losses.
WAITS_UNTIL, FEATURES_FROM, ADVERSARY_FROM = 0.02, 0.5, 0.8
# Adam's rates for convolutions and for equalised layers, from nothing and with a started decoder.
FRESH, STARTED = (1.5e-3, 8e-3), (7.5e-4, 4e-3)
# Pictures that a new encoder is fitted to a start's latents on.
FITTED = 1500
WEIGHTS = {"pixel": 1.0, "feature": 0.2, "identity": 0.3, "match": 0.4, "fool": 0.03}
WEIGHTS |= {"norm": 0.0002, "spread": 0.01}
R1_EVERY, R1_GAMMA = 16, 0.5


class Autoencoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.decoder = Decoder(STYLE[SIDE], DECODER_WIDTHS[SIDE])
        self.encoder = Encoder(encoder_shape(self.decoder.n_styles, STYLE[SIDE]))
        self.encoder.make_lean()
        channels_last(self)


def degraded(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Inputs of stage 1: mostly photographs, some shrunk, some with a hole."""
    images = photographed(images, rng)
    kind = rng.random()
    if kind < 0.25:
        part = slice(0, len(images) // 4)
        images[part] = shrunk_at_random(images[part], rng)
        part = slice(len(images) // 4, len(images) // 2)
        images[part] = with_hole(images[part], holes(len(images[part]), images.shape[-1], rng))
    return images


def own_latents(codes: Tensor, rng: np.random.Generator) -> Tensor:
    """The batch's codes, noisy, and some of them reduced to one w for all styles."""
    chosen = torch.from_numpy(rng.random(len(codes)) < SINGLE_W_SHARE)[:, None, None]
    own = torch.where(chosen, single_w(codes), codes)
    return own + CODE_NOISE * torch.randn_like(own)


def further_latents(codes: Tensor, rng: np.random.Generator) -> Tensor:
    """MIXED latents that belong to no picture: crossed ones, and single w's between two."""
    single = single_w(codes)
    half = MIXED // 2
    cut = int(rng.integers(2, codes.shape[1] - 2))
    crossed = torch.cat([codes[:half, :cut], single[half : 2 * half, cut:]], dim=1)
    share = torch.from_numpy(rng.random((half, 1, 1))).float()
    between = single[-half:] * share + single[-2 * half : -half] * (1 - share)
    return torch.cat([crossed, between])


def single_w(codes: Tensor) -> Tensor:
    """The mean of a code's styles, in all styles' places; [N, n_styles, D]."""
    return codes.mean(dim=1, keepdim=True).expand_as(codes)


def split_parameters(model: Autoencoder) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """(equalised, plain): equalised weights are of size one and need the larger rate.

    The mapping network is left out; stage 2 trains it.
    """
    equalised = [p for n, p in model.decoder.named_parameters() if not n.startswith("style.")]
    plain: list[nn.Parameter] = []
    for name, parameter in model.encoder.named_parameters():
        if parameter.requires_grad:
            (equalised if ".linear." in name else plain).append(parameter)
    return equalised, plain


class Trainer:
    def __init__(self, team: Team, arguments: argparse.Namespace) -> None:
        self.team, self.arguments = team, arguments
        torch.manual_seed(arguments.seed)
        self.data = Portraits(arguments.data, favour=arguments.favour)
        self.identity: IdentityNet = load_identity(arguments.identity)
        self.model = Autoencoder()
        self.state = arguments.out / "autoencoder.pt"
        self.waits_until = 0.0
        if arguments.start is not None:
            self.waits_until = WAITS_UNTIL
            if not self.state.exists():
                self.start_from(load(arguments.start))
        self.average = copy.deepcopy(self.model).eval()
        self.judge = PatchDiscriminator()
        equalised, plain = split_parameters(self.model)
        rates = FRESH if arguments.start is None else STARTED
        groups = [
            {"params": part, "lr": rate}
            for part, rate in zip((plain, equalised), rates, strict=True)
        ]
        self.optimizer = torch.optim.Adam(groups, betas=(0.9, 0.99), eps=1e-8)
        self.judge_optimizer = torch.optim.Adam(self.judge.parameters(), lr=1e-3, betas=(0.5, 0.99))
        self.step, self.spent_s, self.images, self.share = 0, 0.0, 0, 0.0
        if self.state.exists():
            self.restore()
        self.clock = Clock(arguments.minutes, self.spent_s)
        # Weights start equal in all processes, pictures must not; nor may they repeat on resuming.
        seed = arguments.seed + 1000 * team.rank + 10 * self.step
        torch.manual_seed(seed)
        self.rng = np.random.default_rng(seed)

    def start_from(self, psp: Psp) -> None:
        """Its decoder, and a new encoder that is fitted to the latents of its own."""
        psp.encoder.notice_lean()
        self.model.decoder.load_state_dict(psp.decoder.state_dict())
        seed = self.arguments.seed
        begun = Beginning(self.team, self.data, OPERATIONS["reconstruct"], FITTED, seed)
        begun.fit(self.model.encoder, psp, fresh=True)
        recentre(self.model.encoder, -psp.latent_avg)
        self.model.train()

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {
            "model": self.model,
            "average": self.average,
            "judge": self.judge,
            "optimizer": self.optimizer,
            "judge_optimizer": self.judge_optimizer,
        }

    def restore(self) -> None:
        saved = torch.load(self.state, weights_only=True)
        for name, part in self.parts().items():
            part.load_state_dict(saved[name])
        self.step, self.spent_s, self.images = saved["step"], saved["spent_s"], saved["images"]

    def save(self) -> None:
        saved = {name: part.state_dict() for name, part in self.parts().items()}
        saved |= {"step": self.step, "spent_s": self.clock.spent_s, "images": self.images}
        draft = self.state.with_suffix(".tmp")
        torch.save(saved, draft)
        draft.replace(self.state)

    def run_step(self) -> dict[str, float]:
        factor = rate(self.step, self.share)
        set_rate(self.optimizer, factor)
        set_rate(self.judge_optimizer, factor)
        pictures, _ = augment(self.data.batch(self.data.draw(BATCH, self.rng)), self.rng)
        pictures = pictures[torch.from_numpy(self.rng.permutation(BATCH))]
        targets = F.avg_pool2d(pictures, pictures.shape[-1] // SIDE)
        inputs = degraded(pictures, self.rng).contiguous(memory_format=torch.channels_last)
        self.model.decoder.requires_grad_(self.share >= self.waits_until)
        with half(CPU):
            codes = self.model.encoder(inputs).float()
            latents = own_latents(codes, self.rng)
            if self.share > ADVERSARY_FROM:
                latents = torch.cat([latents, further_latents(codes, self.rng)])
            images = self.model.decoder(latents).float()
        own = images[:BATCH]
        terms = {"pixel": pyramid_l1(own, targets, face_weight(SIDE, 0.6, 1.3)).mean()}
        terms |= {"norm": codes.square().mean(), "spread": latent_spread(codes).mean()}
        if self.share > FEATURES_FROM:
            with half(CPU):
                feature, identity = perceptual(self.identity, own[-JUDGED:], targets[-JUDGED:])
            terms |= {"feature": feature.mean(), "identity": identity.mean()}
        if self.share > ADVERSARY_FROM:
            terms |= self.adversary(images, targets)
        loss = sum(WEIGHTS[name] * value for name, value in terms.items())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.share = self.team.average_gradients(self.model.parameters(), self.clock.share)
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        follow(self.average, self.model, self.step)
        self.step += 1
        self.images += BATCH * self.team.size
        return {name: float(value.detach()) for name, value in terms.items()}

    def adversary(self, images: Tensor, targets: Tensor) -> dict[str, Tensor]:
        """Train the discriminator once; the generator's two terms against it."""
        with half(CPU):
            real, _ = self.judge(targets)
            fake, _ = self.judge(images.detach())
        loss = discriminator_loss(real.float(), fake.float())
        if self.step % R1_EVERY == 0:
            loss = loss + R1_EVERY * R1_GAMMA * gradient_penalty(self.judge, targets[:JUDGED])
        self.judge_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.team.average_gradients(self.judge.parameters(), 0.0)
        self.judge_optimizer.step()
        self.judge.requires_grad_(False)
        with half(CPU):
            fake, maps = self.judge(images)
            with torch.no_grad():
                _, real_maps = self.judge(targets)
        self.judge.requires_grad_(True)
        pairs = zip(maps, real_maps, strict=True)
        match = sum((ours[:BATCH].float() - theirs.float()).abs().mean() for ours, theirs in pairs)
        return {"fool": generator_loss(fake.float()), "match": match}

    @torch.no_grad()
    def preview(self, path: Path) -> None:
        picks = np.linspace(0, len(self.data) - 1, 12).astype(int)
        picks[6:] = np.arange(len(self.data) - 6, len(self.data))
        pictures = self.data.batch(picks)
        codes = self.average.encoder(pictures)
        single = single_w(codes)
        between = (single + single.roll(1, 0)) / 2
        save_grid(path, [pictures, *map(self.average.decoder, (codes, single, between))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder written by prepare")
    parser.add_argument("identity", type=Path, help="folder with face_recognition_model.*")
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--steps", type=int, default=None, help="stop earlier, after this many")
    parser.add_argument("--favour", type=float, default=8, help="how much oftener photos are drawn")
    parser.add_argument("--start", type=Path, help="a pSp checkpoint: its decoder goes on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report-every", type=int, default=50)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    run(train, arguments, arguments.processes)


def train(team: Team, arguments: argparse.Namespace) -> None:
    trainer = Trainer(team, arguments)
    means, course = Means(), Course(arguments.out / "log.jsonl")
    while trainer.share < 1 and trainer.step != arguments.steps:
        means.add(trainer.run_step())
        if not team.leads:
            continue
        if trainer.step % arguments.report_every == 0:
            course.write(trainer.images, trainer.clock, means.take())
        if trainer.step % (4 * arguments.report_every) == 0:
            trainer.save()
            trainer.preview(arguments.out / "preview.jpg")
    if team.leads:
        trainer.save()
        trainer.preview(arguments.out / "preview.jpg")


if __name__ == "__main__":
    main()
