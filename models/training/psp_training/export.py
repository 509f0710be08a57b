"""The product's ONNX graphs of the generator and its encoders.

    python -m psp_training.export WHEEL WEIGHTS OUT --identity package/model \
        [--golden test/fixtures/starter]

writes mapping.onnx and decoder.onnx from the published wheel, photograph.onnx and sketch.onnx from the
encoders of the same names in WEIGHTS, and fit.onnx with head.pt. `npm run models:starter -- OUT`
makes the packages of them. What the encoders answer to a made-up picture goes to the folder of
golden answers, for the product's tests.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from .fit.export_fit import export_fit
from .networks.identity import load_identity
from .networks.mobile_stylegan import N_STYLES, D, Generator, read_wheel
from .networks.picture_head import PictureHead
from .networks.pyramid_encoder import PyramidEncoder
from .networks.quick_synthesis import QuickSynthesis
from .onnx_file import write_onnx

ENCODERS = ("photograph", "sketch")
# Side of the encoders' pictures.
SIDE = 256


def export_generator(generator: Generator, out: Path) -> None:
    z, codes = torch.zeros(1, D), torch.zeros(1, N_STYLES, D)
    write_onnx(generator.mapping, [z], out / "mapping.onnx", ["z"], ["w"])
    synthesis = QuickSynthesis(generator.synthesis)
    write_onnx(synthesis, [codes], out / "decoder.onnx", ["latents"], ["image"])


def load_encoder(path: Path) -> PyramidEncoder:
    """An encoder of any number of channels and width of heads, as its tensors tell them."""
    state = torch.load(path, weights_only=True)
    channels = state["backbone._conv_stem.weight"].shape[1]
    encoder = PyramidEncoder(channels, width=state["heads.0.places"].shape[1])
    encoder.load_state_dict(state)
    return encoder.eval()


def export_encoder(encoder: PyramidEncoder, path: Path) -> None:
    image = torch.zeros(1, encoder.channels, SIDE, SIDE)
    write_onnx(encoder, [image], path, ["image"], ["latents"])


@torch.no_grad()
def write_golden(encoder: PyramidEncoder, path: Path) -> None:
    """Codes [23, 512] of a picture that every language makes alike, values in [−1, 1)."""
    places = np.arange(encoder.channels * SIDE * SIDE)
    image = ((places * 7919) % 2003 / 1001.5 - 1).astype(np.float32)
    codes = encoder(torch.from_numpy(image).view(1, encoder.channels, SIDE, SIDE))
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, codes[0].numpy())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("wheel", "weights", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--identity", type=Path, required=True)
    parser.add_argument("--golden", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    generator = read_wheel(given.wheel)
    export_generator(generator, given.out)
    head = PictureHead()
    head.load_state_dict(torch.load(given.weights / "head.pt", weights_only=True))
    export_fit(generator, head.eval(), load_identity(given.identity), given.out / "fit.onnx")
    for name in ENCODERS:
        encoder = load_encoder(given.weights / f"{name}.pt")
        if given.golden is not None:
            write_golden(encoder, given.golden / f"{name}-codes.npy")
        export_encoder(encoder, given.out / f"{name}.onnx")


if __name__ == "__main__":
    main()
