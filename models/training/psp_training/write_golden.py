"""What PyTorch answers for the starter's checkpoints, for the test of the converted packages.

    python -m psp_training.write_golden CHECKPOINTS OUT

Writes OUT/OPERATION-codes.npy, and of the reconstruct checkpoint OUT/w.npy and OUT/image.npy.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from .card.tasks import EVERY_OPERATION
from .networks.psp import load


def pattern(*shape: int) -> torch.Tensor:
    """Values in −1..1 that any language makes alike: ((7919 i) mod 2003) / 1001.5 − 1."""
    index = np.arange(np.prod(shape), dtype=np.int64)
    values = (index * 7919 % 2003) / 1001.5 - 1
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def encoder_input(channels: int) -> torch.Tensor:
    """The pattern as a picture in −1..1, or as a sketch (one channel) in 0..1."""
    image = pattern(1, channels, 256, 256)
    return (image + 1) / 2 if channels == 1 else image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for operation in EVERY_OPERATION:
        path = arguments.checkpoints / f"{operation}.pt"
        if not path.exists():
            print(f"left out: {operation} (no {path})")
            continue
        psp = load(path)
        with torch.no_grad():
            codes = psp.encode(encoder_input(psp.encoder.input_layer[0].in_channels))
            np.save(arguments.out / f"{operation}-codes.npy", codes.numpy())
            if operation == "reconstruct":
                w = psp.decoder.style(pattern(1, codes.shape[-1]))
                np.save(arguments.out / "w.npy", w.numpy())
                np.save(arguments.out / "image.npy", psp.decoder(codes).numpy())


if __name__ == "__main__":
    main()
