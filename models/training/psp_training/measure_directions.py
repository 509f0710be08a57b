"""Measures every slider of the packed starter on held-out faces, and prints the card's table:

    python -m psp_training.measure_directions WHEEL NODE_MODULES ../starter/shared

Faces are drawn by the decoder that ships, from the seeds that `find_directions` keeps for the check.
"""

import argparse
from pathlib import Path

import onnxruntime
import torch
from torch import Tensor
from torch.nn import functional as F

from .directions.attributes import Attributes, Reading, measure
from .directions.check import Figures, check
from .directions.drawing import PICTURE, draw_w
from .directions.files import read_directions
from .directions.find import Direction, Faces, Ground
from .find_directions import SEEDS, rows
from .learn_direction import read_start
from .networks.mobile_stylegan import N_STYLES, SIDE, read_wheel


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "node_modules", "shared"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--faces", type=int, default=1000, help="to tell how far faces differ")
    parser.add_argument("--checked", type=int, default=200, help="held out, for the figures")
    options = parser.parse_args()
    (decoder,) = options.shared.glob("decoder-*.onnx")
    (directions,) = options.shared.glob("directions-*.safetensors")
    generator = read_wheel(options.wheel)
    mean, deviation = generator.mean, generator.deviation
    packages = options.node_modules / "@vladmandic"
    attributes = Attributes(packages / "human" / "models", packages / "face-api" / "model").eval()
    session = onnxruntime.InferenceSession(decoder, providers=["CPUExecutionProvider"])

    def look(codes: Tensor) -> Reading:
        return measure(attributes, draw_shipped(session, codes * deviation + mean))

    def standard(count: int, seed: str, truncation: tuple[float, float]) -> Tensor:
        return rows((draw_w(generator, count, SEEDS[seed], truncation) - mean) / deviation)

    drawn = standard(options.faces, "find", (0.6, 1.0))
    ground = Ground.of(drawn[:, 0], look(drawn))
    codes = standard(options.checked, "check", (0.6, 0.8))
    held_out = Faces(codes, look(codes))
    for name in read_directions(directions, N_STYLES):
        direction = read_start(directions, name, deviation)
        print(table_row(direction, check(look, direction, held_out, ground)), flush=True)


def draw_shipped(session: onnxruntime.InferenceSession, codes: Tensor) -> Tensor:
    """Codes [N, n_styles, D] → pictures as `draw_pictures` gives them."""
    pictures: list[Tensor] = []
    for code in codes.split(1):
        (image,) = session.run(["image"], {"latents": code.numpy()})
        small = F.avg_pool2d(torch.from_numpy(image), SIDE // PICTURE).clamp(-1, 1)
        pictures.append((small * 127.5 + 128).byte().permute(0, 2, 3, 1))
    return torch.cat(pictures)


def table_row(direction: Direction, figures: Figures) -> str:
    """What a slider above 0 moves: measures that run against it are told as it goes."""
    target, wanted = direction.target, figures.wanted
    moved = f"{target.sign * wanted.change:.2f} {wanted.unit} ({target.sign * wanted.deviations:.2f})"
    drags = ", ".join(
        f"{move.attribute.replace('_', ' ')} {move.change:+.2f} {move.unit}" for move in figures.drags
    )
    cells = [
        f"{target.label} (`{target.name}`)",
        f"±{figures.value:g}: {moved}",
        drags or "–",
        f"{figures.likeness:.2f}",
        f"{figures.found:.3g}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
