"""Train an encoder for one operation against a frozen generator (pSp, sections 3 and 4).

    python -m psp_training.train_encoder OPERATION DATA IDENTITY GENERATOR.pt OUT.pt --minutes 10

OUT.pt is a checkpoint in the official layout. A run that was cut off goes on from OUT.state.
"""

import argparse
import copy
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .closed_form import fit, settle
from .codes import batches, codes_of, yaw_direction
from .data import Portraits, augment, mirrored
from .encoder import AnyEncoder
from .encoder_loss import EncoderLoss, Wanted
from .frontal import frontal_codes, turned
from .generator import Generator, load_generator
from .identity import load_identity
from .operations import OPERATIONS
from .parallel import Team, device_of, run
from .psp import Psp, checkpoint_of
from .schedule import Clock, follow, rate, set_rate
from .start import ENCODERS, UNITS, adapted, from_nothing, read_start, repeated

BATCH, JUDGED = 12, 4  # of one process
# Adam's rates for convolutions and for equalised layers, from a trained encoder and from nothing.
STARTED, FRESH = (5e-4, 1.5e-3), (1.5e-3, 8e-3)
SETTLED = 10  # batches
CENTRED = 256  # pictures
SAVE_EVERY_S = 120


class EncoderTrainer:
    def __init__(self, team: Team, arguments: argparse.Namespace) -> None:
        self.team, self.arguments = team, arguments
        self.clock = Clock(arguments.minutes)
        self.device = device_of(team)
        torch.manual_seed(arguments.seed)
        self.operation = OPERATIONS[arguments.operation]
        self.data = Portraits(arguments.data, favour=arguments.favour)
        if self.operation.frontal:
            self.data.shares = turned_oftener(self.data)
        self.generator = load_generator(arguments.generator)
        self.identity = load_identity(arguments.identity)
        self.teacher, self.encoder = self.networks()
        self.state = arguments.out.with_suffix(".state")
        saved: dict = {}
        if self.state.exists():
            saved = torch.load(self.state, map_location="cpu", weights_only=True)
        # What is measured on the data once: the teacher's spread and direction of yaw, the mean
        # embedding.
        self.measured: dict[str, Tensor] = saved["measured"] if saved else self.begin()
        self.loss = self.to_device()
        self.average = copy.deepcopy(self.encoder).eval()
        self.optimizer = adam(self.encoder, FRESH if arguments.start is None else STARTED)
        self.step, self.share = 0, 0.0
        if saved:
            self.restore(saved)
        self.saved_at = time.monotonic()
        # Weights start equal in all processes, pictures must not; nor may they repeat on resuming.
        seed = arguments.seed + 1000 * team.rank + 10 * self.step
        torch.manual_seed(seed)
        self.rng = np.random.default_rng(seed)

    def networks(self) -> tuple[Psp | None, AnyEncoder]:
        """The start as a whole pSp, where it is of use beside the encoder that is made of it."""
        kind, start, units = (
            getattr(self.arguments, name) for name in ("encoder", "start", "units")
        )
        if start is None:
            made = from_nothing(kind, self.generator, units or UNITS, self.operation.inputs)
            return None, made
        psp, teaches = read_start(start, self.generator)
        encoder = adapted(psp, kind, units, self.operation.inputs)
        psp.encoder.to(memory_format=torch.channels_last)
        changed = type(encoder) is not type(psp.encoder)
        return psp if changed or (teaches and self.teachable) else None, encoder

    @property
    def teachable(self) -> bool:
        return self.operation.weights.latent > 0

    def begin(self) -> dict[str, Tensor]:
        """Bring the encoder as close to its targets as least squares can, and measure."""
        self.rng = np.random.default_rng(self.arguments.seed)
        self.encoder.to(memory_format=torch.channels_last).eval()
        mine, indices = self.own_part(self.arguments.measure)
        measured = {"centre": self.mean_embedding()}
        if self.teacher is None:
            return measured
        codes = self.team.gather(codes_of(self.teacher, self.data, mine))
        measured["spread"] = codes.var(dim=0).mean()
        targets = codes
        if self.operation.frontal:
            yaw = torch.from_numpy(self.data.yaw[indices])
            measured["direction"] = yaw_direction(codes, yaw)
            other = self.team.gather(codes_of(self.teacher, self.data, mine, mirror=True))
            targets = turned(codes, other, yaw, measured["direction"])
        if self.operation.inputs == 1:
            settle(self.encoder, self.inputs(mine[: SETTLED * BATCH]))
        fit(self.encoder, self.inputs(mine), targets - self.teacher.latent_avg, self.team)
        return measured

    def own_part(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Indices of pictures to measure on: this process's part, and those of all processes."""
        each = max(1, count // self.team.size)
        parts = [self.data.draw(each, self.rng) for _ in range(self.team.size)]
        return parts[self.team.rank], np.concatenate(parts)

    def inputs(self, indices: np.ndarray) -> Iterator[Tensor]:
        """The pictures as the operation's encoder sees them."""
        for images in batches(self.data, indices, mirror=False):
            yield self.operation.prepare(images, self.rng)[0]

    @torch.no_grad()
    def mean_embedding(self) -> Tensor:
        """Of faces at the generator's side, [128]."""
        mine, _ = self.own_part(CENTRED)
        parts = batches(self.data, mine, mirror=False)
        embeddings = [self.identity(self.at_side(images)) for images in parts]
        return self.team.gather(torch.cat(embeddings)).mean(dim=0)

    def at_side(self, images: Tensor) -> Tensor:
        """[N, C, 256, 256] → [N, C, S, S], S the generator's side."""
        side = 2 << (self.generator.decoder.n_styles // 2)
        return F.avg_pool2d(images, images.shape[-1] // side)

    def to_device(self) -> EncoderLoss:
        """Everything to the device, the encoder to be trained, all else frozen."""
        generator = self.generator
        decoder = generator.decoder.to(self.device).requires_grad_(False)
        judge = generator.discriminator.to(self.device).requires_grad_(False)
        self.generator = Generator(decoder, generator.latent_avg, judge)
        self.latent_avg = repeated(generator).to(self.device)
        self.encoder.to(self.device, memory_format=torch.channels_last).train()
        if self.teacher is not None and self.teachable and "spread" in self.measured:
            self.teacher.to(self.device)
        else:
            self.teacher = None
        self.measured = {name: value.to(self.device) for name, value in self.measured.items()}
        identity = self.identity.to(self.device)
        weights, centre = self.operation.weights, self.measured["centre"]
        return EncoderLoss(weights, identity, judge, centre, JUDGED)

    def restore(self, saved: dict) -> None:
        self.encoder.load_state_dict(saved["encoder"])
        self.average.load_state_dict(saved["average"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step = saved["step"]
        self.clock = Clock(self.arguments.minutes, saved["spent_s"])
        self.share = self.clock.share

    def save(self) -> None:
        parts = {"encoder": self.encoder, "average": self.average, "optimizer": self.optimizer}
        saved: dict = {name: part.state_dict() for name, part in parts.items()}
        saved |= {"measured": self.measured, "step": self.step, "spent_s": self.clock.spent_s}
        draft = self.state.with_suffix(".tmp")
        torch.save(saved, draft)
        draft.replace(self.state)
        self.saved_at = time.monotonic()

    def pictures(self) -> tuple[Tensor, Tensor]:
        """Augmented pictures and their yaw, which mirroring turns round."""
        indices = self.rng.permutation(self.data.draw(BATCH, self.rng))
        yaw = torch.from_numpy(self.data.yaw[indices]).to(self.device)
        images, flipped = augment(self.data.batch(indices).to(self.device), self.rng)
        return images, torch.where(flipped, -yaw, yaw)

    def half(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16)

    @torch.no_grad()
    def taught(self, images: Tensor, yaw: Tensor) -> Tensor | None:
        """The latents to aim at, [N, n_styles, D]."""
        if self.teacher is None:
            return None
        with self.half():
            if self.operation.frontal:
                codes = frontal_codes(self.teacher, images, yaw, self.measured["direction"])
            else:
                codes = self.teacher.encode(images)
        return codes.float()

    def run_step(self) -> dict[str, float]:
        set_rate(self.optimizer, rate(self.step, self.share, warmup=50, flat=0.3))
        images, yaw = self.pictures()
        inputs, counts = self.operation.prepare(images, self.rng)
        wanted = self.taught(images, yaw)
        if self.operation.frontal:
            # Source and target are mirrored independently (section 4.2).
            images, _ = mirrored(images, self.rng)
        targets, counts = self.at_side(images), self.at_side(counts)
        with self.half():
            offsets = self.encoder(inputs.contiguous(memory_format=torch.channels_last)).float()
            codes = offsets + self.latent_avg
            faces = self.generator.decoder(codes).float()
        spread = self.measured.get("spread")
        terms = self.loss.terms(faces, offsets, codes, Wanted(targets, counts, wanted, spread))
        self.optimizer.zero_grad(set_to_none=True)
        self.loss.total(terms).backward()
        self.share = self.team.average_gradients(self.encoder.parameters(), self.clock.share)
        nn.utils.clip_grad_norm_(self.encoder.parameters(), 2.0)
        self.optimizer.step()
        follow(self.average, self.encoder, self.step, decay=0.995)
        self.step += 1
        return {name: float(value.detach()) for name, value in terms.items()}

    def result(self) -> Psp:
        parts = (copy.deepcopy(part).cpu() for part in (self.average, self.generator.decoder))
        return Psp(*parts, self.latent_avg.cpu())


def turned_oftener(data: Portraits) -> np.ndarray:
    """Shares of the pictures for frontalization: turned heads are rare in the data."""
    shares = data.shares * (1 + 10 * np.abs(data.yaw))
    return shares / shares.sum()


def adam(encoder: AnyEncoder, rates: tuple[float, float]) -> torch.optim.Adam:
    groups: list[dict] = [{"params": [], "lr": rate} for rate in rates]
    for name, parameter in encoder.named_parameters():
        if parameter.requires_grad:
            groups[name.startswith("linear.") or ".linear." in name]["params"].append(parameter)
    return torch.optim.Adam(groups, betas=(0.9, 0.99))


def units_of(text: str) -> list[int]:
    units = [int(part) for part in text.split(",")]
    if len(units) != len(UNITS) or min(units) < 1:
        raise argparse.ArgumentTypeError(f"{text}: four numbers of units, each at least 1")
    return units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("operation", choices=list(OPERATIONS))
    parser.add_argument("data", type=Path, help="folder written by prepare")
    parser.add_argument("identity", type=Path, help="folder with face_recognition_model.*")
    parser.add_argument("generator", type=Path, help="the frozen generator")
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, help="a pSp checkpoint or stage 1's autoencoder.pt")
    parser.add_argument("--encoder", choices=list(ENCODERS), default="gradual")
    parser.add_argument("--units", type=units_of, help="of the four stages, such as 1,1,3,4")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--steps", type=int, default=None, help="stop earlier, after this many")
    parser.add_argument("--favour", type=float, default=8, help="how much oftener photos are drawn")
    parser.add_argument("--measure", type=int, default=1000, help="pictures to measure codes on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report-every", type=int, default=50)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    run(train, arguments, arguments.processes)


def train(team: Team, arguments: argparse.Namespace) -> None:
    trainer = EncoderTrainer(team, arguments)
    sums: dict[str, float] = {}
    while trainer.share < 1 and trainer.step != arguments.steps:
        for name, value in trainer.run_step().items():
            sums[name] = sums.get(name, 0) + value / arguments.report_every
        if not team.leads:
            continue
        if trainer.step % arguments.report_every == 0:
            figures = " ".join(f"{name} {value:.4f}" for name, value in sums.items())
            print(f"{trainer.step} {trainer.clock.spent_s:.0f}s {figures}", flush=True)
            sums = {}
        if time.monotonic() - trainer.saved_at > SAVE_EVERY_S:
            trainer.save()
    if team.leads:
        torch.save(checkpoint_of(trainer.result(), arguments.operation), arguments.out)
        trainer.state.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
