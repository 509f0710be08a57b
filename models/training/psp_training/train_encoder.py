"""Train an encoder for one operation against a frozen generator (pSp, sections 3 and 4).

    python -m psp_training.train_encoder OPERATION DATA IDENTITY GENERATOR.pt OUT.pt --minutes 10

OUT.pt is a checkpoint in the official layout. A run that was cut off goes on from OUT.state.
"""

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .encoders.beginning import Beginning
from .encoders.encoder_loss import EncoderLoss, Wanted
from .encoders.frontal import frontal_codes
from .encoders.operations import OPERATIONS
from .encoders.start import ENCODERS, adapted, from_nothing, read_start, repeated
from .networks.encoder import AnyEncoder
from .networks.generator import Generator, load_generator
from .networks.identity import load_identity
from .networks.layers import channels_last
from .networks.psp import Psp, checkpoint_of
from .pictures.data import Portraits, augment, mirrored
from .running.means import Means
from .running.parallel import Team, device_of, run
from .running.precision import half
from .running.schedule import Clock, follow, rate, set_rate
from .sizes import ENCODER_UNITS

BATCH, JUDGED = 12, 4  # of one process
# Adam's rates for convolutions and for equalised layers, from a trained encoder and from nothing.
STARTED, FRESH = (5e-4, 1.5e-3), (1.5e-3, 8e-3)
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
        # The start as a whole pSp, and whether its codes are targets throughout.
        self.reference: Psp | None = None
        self.taught = False
        self.encoder = self.new_encoder()
        self.state = arguments.out.with_suffix(".state")
        saved: dict = {}
        if self.state.exists():
            saved = torch.load(self.state, map_location="cpu", weights_only=True)
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

    def new_encoder(self) -> AnyEncoder:
        kind, units, inputs = self.arguments.encoder, self.arguments.units, self.operation.inputs
        if self.arguments.start is None:
            return from_nothing(kind, self.generator, units, inputs)
        self.reference, teaches = read_start(self.arguments.start, self.generator)
        self.taught = teaches and self.operation.weights.latent > 0
        encoder = adapted(self.reference, kind, units, inputs)
        channels_last(self.reference.encoder)
        return encoder

    def begin(self) -> dict[str, Tensor]:
        """What is measured on the data once; starts the encoder where a start tells its targets.

        The ablation's new last layer is always fitted to the start's own codes.
        """
        arguments = self.arguments
        parts = (self.team, self.data, self.operation, arguments.measure, arguments.seed)
        beginning = Beginning(*parts)
        measured = {"centre": beginning.mean_embedding(self.identity, self.side)}
        if self.reference is not None:
            converted = type(self.encoder) is not type(self.reference.encoder)
            if converted or self.taught:
                measured |= beginning.fit(self.encoder, self.reference)
        return measured

    @property
    def side(self) -> int:
        """Of the generator's pictures."""
        return self.generator.decoder.side

    def at_side(self, images: Tensor) -> Tensor:
        """[N, C, 256, 256] → [N, C, S, S], S the generator's side."""
        return F.avg_pool2d(images, images.shape[-1] // self.side)

    def to_device(self) -> EncoderLoss:
        """Everything to the device, the encoder to be trained, all else frozen."""
        generator = self.generator
        decoder, judge = (
            channels_last(network.to(self.device).requires_grad_(False))
            for network in (generator.decoder, generator.discriminator)
        )
        self.generator = Generator(decoder, generator.latent_avg, judge)
        self.latent_avg = repeated(generator).to(self.device)
        channels_last(self.encoder.to(self.device)).train()
        if self.reference is not None:
            self.reference.to(self.device)
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

    @torch.no_grad()
    def wanted_codes(self, images: Tensor, yaw: Tensor) -> Tensor | None:
        """The latents to aim at, [N, n_styles, D]."""
        if not self.taught:
            return None
        with half(self.device):
            if self.operation.frontal:
                codes = frontal_codes(self.reference, images, yaw, self.measured["direction"])
            else:
                codes = self.reference.encode(images)
        return codes.float()

    def run_step(self) -> dict[str, float]:
        set_rate(self.optimizer, rate(self.step, self.share, warmup=50, flat=0.3))
        images, yaw = self.pictures()
        inputs, counts = self.operation.prepare(images, self.rng)
        wanted = self.wanted_codes(images, yaw)
        if self.operation.frontal:
            # Source and target are mirrored independently (section 4.2).
            images, _ = mirrored(images, self.rng)
        targets, counts = self.at_side(images), self.at_side(counts)
        with half(self.device):
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
    if len(units) != len(ENCODER_UNITS) or min(units) < 1:
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
    means = Means()
    while trainer.share < 1 and trainer.step != arguments.steps:
        means.add(trainer.run_step())
        if not team.leads:
            continue
        if trainer.step % arguments.report_every == 0:
            print(f"{trainer.step} {trainer.clock.spent_s:.0f}s {means.line()}", flush=True)
        if time.monotonic() - trainer.saved_at > SAVE_EVERY_S:
            trainer.save()
    if team.leads:
        torch.save(checkpoint_of(trainer.result(), arguments.operation), arguments.out)
        trainer.state.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
