"""Learns a slider anew with the person in the loss:

    python -m psp_training.learn_direction WHEEL NODE_MODULES WEIGHTS/head.pt DIRECTIONS --minutes 20

DIRECTIONS, a directions.safetensors of `find_directions`, is where it starts and what it writes to. Faces
are drawn at 256² by the head, with gradients; the range is found and the figures are taken on the
generator's own pictures, as `find_directions` takes them.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from .directions.attributes import NAMES, Attributes, Reading, join, measure
from .directions.check import check
from .directions.drawing import draw_pictures, draw_w
from .directions.files import read_directions, replace_direction
from .directions.find import Direction, Faces, Ground, Look, scale_to_range, try_steps
from .directions.learn import Draw, learn
from .directions.targets import TARGETS
from .find_directions import SEEDS, draw_strip, line_of, rows
from .networks.mobile_stylegan import N_STYLES, Generator, read_wheel
from .networks.picture_head import LEVELS, PictureHead

# Faces measured at a time.
BATCH = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "node_modules", "head", "directions"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--slider", default="head", choices=[target.name for target in TARGETS])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--faces", type=int, default=256, help="to learn on")
    parser.add_argument("--tried", type=int, default=24, help="to find the range on")
    parser.add_argument("--checked", type=int, default=200, help="held out, for the figures")
    parser.add_argument("--batch", type=int, default=4)
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    generator = read_wheel(options.wheel).to(device)
    packages = options.node_modules / "@vladmandic"
    attributes = Attributes(packages / "human" / "models", packages / "face-api" / "model")
    head = PictureHead().eval().requires_grad_(False)
    head.load_state_dict(torch.load(options.head, weights_only=True))
    run(generator, head.to(device), attributes.eval().to(device), options)


def run(
    generator: Generator, head: PictureHead, attributes: Attributes, options: argparse.Namespace
) -> None:
    mean, deviation = generator.mean, generator.deviation
    draw = drawn_by(generator, head)

    def look(codes: Tensor) -> Reading:
        return measure(attributes, draw_pictures(generator, codes.to(mean) * deviation + mean))

    def standard(count: int, seed: str, truncation: tuple[float, float]) -> Tensor:
        return rows((draw_w(generator, count, SEEDS[seed], truncation) - mean) / deviation)

    faces = read_drawn(draw, attributes, standard(options.faces, "find", (0.6, 1.0)))
    ground = Ground.of(faces.codes[:, 0].cpu(), faces.reading)
    start = read_start(options.directions, options.slider, deviation)
    log = options.directions.with_name("log.jsonl")
    learned = learn(draw, attributes, start, faces, ground, options.minutes, options.batch, log)
    base, held_out = (
        Faces(codes.cpu(), look(codes))
        for codes in (
            standard(options.tried, "calibrate", (0.6, 0.8)),
            standard(options.checked, "check", (0.6, 0.8)),
        )
    )
    scaled = scale_to_range(look, per_deviation(look, learned, base, ground), base, ground)
    figures = check(look, scaled, held_out, ground)
    print(line_of(scaled, figures), flush=True)
    replace_direction(options.directions, scaled, figures, deviation.cpu())
    draw_strip(generator, scaled, held_out.codes[:6], options.directions.parent)


def drawn_by(generator: Generator, head: PictureHead) -> Draw:
    def draw(codes: Tensor) -> Tensor:
        w = codes.to(generator.mean) * generator.deviation + generator.mean
        return (head(generator.synthesis.features(w, LEVELS), w) / 2 + 0.5).clamp(0, 1)

    return draw


@torch.no_grad()
def read_drawn(draw: Draw, attributes: Attributes, codes: Tensor) -> Faces:
    """Of those in which the mesh sees a face."""
    reading = join([attributes(draw(part)) for part in codes.split(BATCH)])
    good = reading.flag > 0.9
    seen = Reading(reading.values[good], reading.flag[good], reading.embedding[good])
    return Faces(codes[good.to(codes.device)], seen)


def read_start(path: Path, slider: str, deviation: Tensor) -> Direction:
    vector, entry = read_directions(path, N_STYLES)[slider]
    (target,) = (target for target in TARGETS if target.name == slider)
    ranges = tuple((start, end) for start, end in entry["styles"])
    return Direction(target, vector / deviation.cpu(), entry["min"], entry["max"], ranges)


def per_deviation(look: Look, direction: Direction, base: Faces, ground: Ground) -> Direction:
    """One step moves the measure as far as faces differ: what `scale_to_range` asks for."""
    half = (direction.high - direction.low) / 4
    moved = try_steps(look, base.codes, direction.vector[None], ground, half).moved[0]
    wanted = moved[NAMES.index(direction.target.attribute)]
    return replace(direction, vector=direction.vector / wanted.abs())


if __name__ == "__main__":
    main()
