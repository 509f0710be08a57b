"""What PyTorch answers for the starter's checkpoints, for the test of the converted packages.

python -m psp_training.write_golden CHECKPOINTS OUT
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from .operations import OPERATIONS
from .psp import load


def pattern(*shape: int) -> torch.Tensor:
    """Values in −1..1 that any language makes alike: ((7919 i) mod 2003) / 1001.5 − 1."""
    index = np.arange(np.prod(shape), dtype=np.int64)
    values = (index * 7919 % 2003) / 1001.5 - 1
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for operation in OPERATIONS:
        psp = load(arguments.checkpoints / f"{operation}.pt")
        with torch.no_grad():
            codes = psp.encode(pattern(1, 3, 256, 256))
            np.save(arguments.out / f"{operation}-codes.npy", codes.numpy())
            if operation == "reconstruct":
                w = psp.decoder.style(pattern(1, codes.shape[-1]))
                np.save(arguments.out / "w.npy", w.numpy())
                np.save(arguments.out / "image.npy", psp.decoder(codes).numpy())


if __name__ == "__main__":
    main()
