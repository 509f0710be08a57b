"""Finds a generator's sliders: `python -m psp_training.find_directions WHEEL NODE_MODULES OUT`.

WHEEL is the generator's file, NODE_MODULES the folder that holds @vladmandic/human and
@vladmandic/face-api (the measuring networks), OUT gets directions.safetensors and strips.
On an accelerator a minute or two; on two CPU cores hours, or less with fewer faces.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from .directions.attributes import NAMES, Attributes, Reading, measure
from .directions.check import Figures, check
from .directions.drawing import draw_pictures, draw_w
from .directions.files import write_directions
from .directions.find import Direction, Faces, Ground, Look, find, probe_fit, scale_to_range
from .networks.mobile_stylegan import N_STYLES, Generator, read_wheel

# Seeds of faces to find on, to calibrate with, and never seen before the check.
SEEDS = {"find": 0, "calibrate": 1, "check": 2}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("node_modules", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--faces", type=int, default=6000, help="to read measures off w")
    parser.add_argument("--tried", type=int, default=48, help="to try candidates and ranges on")
    parser.add_argument("--checked", type=int, default=200, help="held out, for the figures")
    parser.add_argument("--batch", type=int, default=16)
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    generator = read_wheel(options.wheel).to(device)
    packages = options.node_modules / "@vladmandic"
    attributes = Attributes(packages / "human" / "models", packages / "face-api" / "model")
    options.out.mkdir(parents=True, exist_ok=True)
    run(generator, attributes.eval().to(device), options)


def run(generator: Generator, attributes: Attributes, options: argparse.Namespace) -> None:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", flush=True)

    mean, deviation = generator.mean.cpu(), generator.deviation.cpu()

    def look(codes: Tensor) -> Reading:
        pictures = draw_pictures(generator, codes * deviation + mean, options.batch)
        return measure(attributes, pictures, options.batch)

    def standard(count: int, seed: str, truncation: tuple[float, float]) -> Tensor:
        return (draw_w(generator, count, SEEDS[seed], truncation).cpu() - mean) / deviation

    w = standard(options.faces, "find", (0.6, 1.0))
    ground = Ground.of(w, look(rows(w)))
    say(f"{len(ground.w)} faces measured")
    fits = probe_fit(ground, len(ground.w) // 8)
    say("probes: " + ", ".join(f"{n} {float(r):.2f}" for n, r in zip(NAMES, fits, strict=True)))
    base, held_out = (
        Faces(codes, look(codes))
        for codes in (
            rows(standard(options.tried, "calibrate", (0.6, 0.8))),
            rows(standard(options.checked, "check", (0.6, 0.8))),
        )
    )
    found = find_and_check(look, ground, base, held_out, say)
    shipped = [(direction, figures) for direction, figures in found if figures.clean]
    about = {"foundOn": len(ground.w), "triedOn": options.tried}
    write_directions(options.out / "directions.safetensors", shipped, deviation, about)
    for direction, _ in found:
        draw_strip(generator, direction, held_out.codes[:6], options.out)
    say("written")


def find_and_check(
    look: Look, ground: Ground, base: Faces, held_out: Faces, say: Callable[[str], None]
) -> list[tuple[Direction, Figures]]:
    found: list[tuple[Direction, Figures]] = []
    for raw in find(look, ground, base.codes, say):
        direction = scale_to_range(look, raw, base, ground)
        figures = check(look, direction, held_out, ground)
        found.append((direction, figures))
        say(line_of(direction, figures))
    return found


def line_of(direction: Direction, figures: Figures) -> str:
    drags = ", ".join(f"{move.attribute} {move.deviations:+.2f}" for move in figures.drags[:6])
    wanted = figures.wanted
    return (
        f"{'ships' if figures.clean else 'stays'} {direction.target.name:10} "
        f"{direction.low:g}..{direction.high:g}  at ±{figures.value:g}: {wanted.change:+.1f} "
        f"{wanted.unit} ({wanted.deviations:+.2f}), likeness {figures.likeness}, "
        f"found {figures.found}; drags {drags or 'nothing'}"
    )


def rows(w: Tensor) -> Tensor:
    return w[:, None].repeat(1, N_STYLES, 1)


def draw_strip(generator: Generator, direction: Direction, faces: Tensor, out: Path) -> None:
    """Five values of six faces, one face a row."""
    mean, deviation = generator.mean.cpu(), generator.deviation.cpu()
    values = torch.linspace(direction.low, direction.high, 5)
    codes = faces[:, None] + values[None, :, None, None] * direction.vector
    pictures = draw_pictures(generator, codes.flatten(0, 1) * deviation + mean)
    grid = pictures.view(len(faces), 5, 256, 256, 3).permute(0, 2, 1, 3, 4)
    Image.fromarray(grid.reshape(len(faces) * 256, 5 * 256, 3).numpy()).save(
        out / f"{direction.target.name}.webp", quality=85
    )


if __name__ == "__main__":
    main()
