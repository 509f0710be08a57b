"""Train the generator: StyleGAN2 with adaptive discriminator augmentation (Karras et al. 2020).

    python -m psp_training.train_generator DATA OUT --side 64 --minutes 60

Non-saturating loss, lazy R1 and path-length regularisation, style mixing, an averaged generator.
OUT/state holds the run, which goes on from there when started again; OUT/generator.pt is the
result, OUT/log.jsonl its course, OUT/samples.jpg drawn faces.
"""

import argparse
from pathlib import Path

from .gan.trainer import GeneratorTrainer
from .measure_generator import Measures, measures_of
from .networks.identity import load_identity
from .running.course import Course
from .running.means import Means
from .running.parallel import Team, run
from .sizes import DECODER_WIDTHS

SAVE_EVERY = 10


def train(team: Team, arguments: argparse.Namespace) -> None:
    trainer = GeneratorTrainer(team, arguments)
    log = Log(arguments, trainer) if team.leads else None
    while trainer.share < 1 and trainer.step != arguments.steps:
        terms = trainer.run_step()
        if log is not None:
            log.add(terms)
    if log is not None:
        log.finish()


class Log:
    """What the leading process writes down on the way."""

    def __init__(self, arguments: argparse.Namespace, trainer: GeneratorTrainer) -> None:
        self.trainer, self.every = trainer, arguments.report_every
        self.course = Course(arguments.out / "log.jsonl")
        self.out: Path = arguments.out
        self.means = Means()
        self.measures: Measures | None = None
        if arguments.identity and arguments.val:
            self.measures = measures_of(
                arguments.val, load_identity(arguments.identity), arguments.side
            )

    def add(self, terms: dict[str, float]) -> None:
        self.means.add(terms)
        step = self.trainer.step
        if step % self.every == 0:
            self.write(self.means.take())
        if step % (SAVE_EVERY * self.every) == 0:
            self.finish()

    def finish(self) -> None:
        self.trainer.save()
        self.trainer.preview(self.out / "samples.jpg")
        if self.measures is not None:
            self.write(self.measures.of(self.trainer.average))

    def write(self, figures: dict[str, float]) -> None:
        self.course.write(self.trainer.pictures, self.trainer.clock, figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder written by prepare")
    parser.add_argument("out", type=Path)
    parser.add_argument("--side", type=int, choices=list(DECODER_WIDTHS), default=64)
    parser.add_argument("--start", type=Path, help="generator.pt of this or half the side, or pSp")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=None, help="stop earlier, after this many")
    parser.add_argument("--batch", type=int, default=16, help="of all processes together")
    parser.add_argument("--generator-rate", type=float, default=2e-3, help="learning rate")
    parser.add_argument("--judge-rate", type=float, default=2e-3)
    parser.add_argument("--flat", type=float, default=0.6, help="share of the time at full rate")
    parser.add_argument("--r1", type=float, default=None, help="default 0.0002 side² / batch")
    parser.add_argument("--judge-first", type=int, default=0, help="pictures before the generator")
    parser.add_argument("--no-augment", dest="augment", action="store_false")
    parser.add_argument("--favour", type=float, default=4, help="how much oftener photos are drawn")
    parser.add_argument(
        "--anchor", type=float, default=0, help="weight of anchor.py; needs --identity, pSp --start"
    )
    parser.add_argument("--identity", type=Path, help="with --val: measure at every save")
    parser.add_argument("--val", type=Path, help="held-out folder written by prepare")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report-every", type=int, default=100)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.anchor > 0 and not (arguments.start and arguments.identity):
        parser.error("--anchor needs --start with a pSp checkpoint, and --identity")
    arguments.out.mkdir(parents=True, exist_ok=True)
    run(train, arguments, arguments.processes)


if __name__ == "__main__":
    main()
