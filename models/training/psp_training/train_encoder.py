"""Stage 3: one encoder per operation, the decoder and latent_avg frozen.

    python -m psp_training.train_encoder OPERATION DATA IDENTITY BASE.pt OUT.pt --minutes 10

Starts from the reconstruct encoder. Loss = distance to the latent that the reconstruct encoder
gives for the undamaged picture (for frontalize: turned to the camera) + the image losses of pSp.
"""

import argparse
import copy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .codes import batches, codes_of, yaw_direction
from .data import Portraits, augment, mirrored
from .frontal import fold, frontal_codes, turned
from .identity import load_identity
from .losses import face_weight, perceptual, pyramid_l1
from .operations import OPERATIONS
from .patch_discriminator import PatchDiscriminator
from .psp import Psp, checkpoint_of, load
from .schedule import Clock, follow, rate, set_rate

BATCH, JUDGED = 12, 4
LEARNING_RATE = 5e-4


class EncoderTrainer:
    def __init__(self, arguments: argparse.Namespace) -> None:
        torch.manual_seed(arguments.seed)
        self.rng = np.random.default_rng(arguments.seed)
        self.operation = OPERATIONS[arguments.operation]
        self.data = Portraits(arguments.data, favour=arguments.favour)
        self.identity = load_identity(arguments.identity)
        self.shares = self.turned_shares() if self.operation.frontal else self.data.shares
        self.base: Psp = load(arguments.base).requires_grad_(False)
        self.base.encoder.make_lean()
        self.base.encoder.to(memory_format=torch.channels_last)
        self.encoder = copy.deepcopy(self.base.encoder).train()
        self.encoder.requires_grad_(True).make_lean()
        self.direction, self.spread = self.measure(arguments.measure)
        self.average = copy.deepcopy(self.encoder).eval()
        trained = [p for p in self.encoder.parameters() if p.requires_grad]
        self.optimizer = torch.optim.Adam(trained, lr=LEARNING_RATE, betas=(0.9, 0.99))
        self.judge = self.load_judge(arguments.judge)
        decoder = self.base.decoder
        self.decode = torch.compile(decoder) if arguments.compile else decoder
        self.step = 0
        self.clock = Clock(arguments.minutes)

    @staticmethod
    def load_judge(path: Path | None) -> PatchDiscriminator | None:
        """The discriminator of stage 1, as a feature extractor."""
        if path is None:
            return None
        judge = PatchDiscriminator()
        judge.load_state_dict(torch.load(path, weights_only=True)["judge"])
        return judge.requires_grad_(False)

    def turned_shares(self) -> np.ndarray:
        """Turned heads are rare in the data: draw them oftener."""
        shares = self.data.shares * (1 + 10 * np.abs(self.data.yaw))
        return shares / shares.sum()

    @torch.no_grad()
    def measure(self, count: int) -> tuple[Tensor | None, Tensor]:
        """How codes change with yaw (frontalize only), and their variance; starts the encoder."""
        indices = self.draw(count)
        codes = codes_of(self.base, self.data, indices)
        spread = codes.var(dim=0).mean()
        seen, targets, direction = codes, codes, None
        if self.operation.frontal:
            yaw = torch.from_numpy(self.data.yaw[indices])
            direction = yaw_direction(codes, yaw)
            other = codes_of(self.base, self.data, indices, mirror=True)
            targets = turned(codes, other, yaw, direction)
        elif self.operation.weights["latent"] > 0:
            parts = batches(self.data, indices, mirror=False)
            damaged = (self.operation.prepare(images, self.rng)[0] for images in parts)
            seen = torch.cat([self.base.encode(images) for images in damaged])
        if targets is not seen:
            fold(self.encoder, seen - self.base.latent_avg, targets - self.base.latent_avg)
        return direction, spread

    def draw(self, count: int) -> np.ndarray:
        return np.sort(self.rng.choice(len(self.data), count, p=self.shares))

    def pictures(self) -> tuple[Tensor, Tensor]:
        """Augmented pictures and their yaw, which mirroring turns round."""
        indices = self.draw(BATCH)
        yaw = torch.from_numpy(self.data.yaw[indices])
        images, flipped = augment(self.data.batch(indices), self.rng)
        order = torch.from_numpy(self.rng.permutation(BATCH))
        return images[order], torch.where(flipped, -yaw, yaw)[order]

    def run_step(self) -> dict[str, float]:
        set_rate(self.optimizer, rate(self.step, self.clock.share, warmup=50, flat=0.3))
        images, yaw = self.pictures()
        inputs, counts = self.operation.prepare(images, self.rng)
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            if self.direction is None:
                wanted = self.base.encode(images).float()
            else:
                wanted = frontal_codes(self.base, images, yaw, self.direction).float()
                images, _ = mirrored(images, self.rng)
        with torch.autocast("cpu", torch.bfloat16):
            codes = self.encoder(inputs).float() + self.base.latent_avg
            faces = self.decode(codes).float()
        side = faces.shape[-1]
        targets = F.avg_pool2d(images, images.shape[-1] // side)
        weight = F.avg_pool2d(counts, counts.shape[-1] // side) * face_weight(side, 0.6, 1.3)
        terms = {"latent": ((codes - wanted) / self.spread.sqrt()).square().mean()}
        terms |= {"pixel": pyramid_l1(faces, targets, weight).mean()}
        with torch.autocast("cpu", torch.bfloat16):
            feature, identity = perceptual(self.identity, faces[:JUDGED], targets[:JUDGED])
            terms |= {"feature": feature.mean(), "identity": identity.mean()}
            if self.judge is not None and "match" in self.operation.weights:
                terms |= {"match": self.match(faces, targets)}
        loss = sum(self.operation.weights[name] * value for name, value in terms.items())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.encoder.parameters(), 2.0)
        self.optimizer.step()
        follow(self.average, self.encoder, self.step, decay=0.995)
        self.step += 1
        return {name: float(value.detach()) for name, value in terms.items()}

    def match(self, faces: Tensor, targets: Tensor) -> Tensor:
        with torch.no_grad():
            _, real = self.judge(targets)
        _, ours = self.judge(faces)
        pairs = zip(ours, real, strict=True)
        return sum((a.float() - b.float()).abs().mean() for a, b in pairs)

    def result(self) -> Psp:
        return Psp(self.average, self.base.decoder, self.base.latent_avg.clone())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("operation", choices=list(OPERATIONS))
    parser.add_argument("data", type=Path, help="folder written by prepare")
    parser.add_argument("identity", type=Path, help="folder with face_recognition_model.*")
    parser.add_argument("base", type=Path, help="the reconstruct checkpoint of stage 2")
    parser.add_argument("out", type=Path)
    parser.add_argument("--judge", type=Path, help="stage 1's autoencoder.pt")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--favour", type=float, default=8)
    parser.add_argument("--measure", type=int, default=1500, help="pictures to measure codes on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--report-every", type=int, default=50)
    arguments = parser.parse_args()
    trainer = EncoderTrainer(arguments)
    sums: dict[str, float] = {}
    while trainer.clock.share < 1 and trainer.step != arguments.steps:
        for name, value in trainer.run_step().items():
            sums[name] = sums.get(name, 0) + value / arguments.report_every
        if trainer.step % arguments.report_every == 0:
            figures = " ".join(f"{name} {value:.4f}" for name, value in sums.items())
            print(f"{trainer.step} {trainer.clock.spent_s:.0f}s {figures}", flush=True)
            sums = {}
    torch.save(checkpoint_of(trainer.result(), arguments.operation), arguments.out)


if __name__ == "__main__":
    main()
