"""Synthetic data, so that every stage runs in seconds without portraits or downloads."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from psp_training.networks.identity import BLOCKS, IdentityNet

FIXTURES = Path(__file__).resolve().parents[3] / "test" / "fixtures" / "psp"


@pytest.fixture(autouse=True)
def _repeatable() -> None:
    torch.manual_seed(0)


@pytest.fixture
def portraits(tmp_path: Path) -> Path:
    """A folder as prepare.py writes it: 12 pictures of a coloured disc on a ground."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:256, 0:256]
    disc = (rows - 128) ** 2 + (columns - 128) ** 2 < 80**2
    images = np.empty((12, 256, 256, 3), np.uint8)
    for image in images:
        ground, face = rng.integers(0, 255, (2, 3))
        image[:] = np.where(disc[..., None], face, ground)
    folder = tmp_path / "portraits"
    folder.mkdir()
    np.save(folder / "images.npy", images)
    meta = [{"archive": "train-0", "yaw": float(yaw)} for yaw in rng.normal(0, 0.3, len(images))]
    (folder / "meta.json").write_text(json.dumps(meta))
    return folder


def identity_shapes() -> dict[str, list[int]]:
    shapes: dict[str, list[int]] = {"fc": [256, 128]}

    def convolution(name: str, kernel: int, inputs: int, outputs: int) -> None:
        shapes[f"{name}/conv/filters"] = [kernel, kernel, inputs, outputs]
        for key in ("conv/bias", "scale/weights", "scale/biases"):
            shapes[f"{name}/{key}"] = [outputs]

    convolution("conv32_down", 7, 3, 32)
    before = 32
    for block in BLOCKS:
        width = int(block.split("_")[0])
        convolution(f"conv{block}/conv1", 3, before, width)
        convolution(f"conv{block}/conv2", 3, width, width)
        before = width
    return shapes


@pytest.fixture
def identity_net() -> IdentityNet:
    """The identity network's architecture with random weights."""
    tensors = {name: torch.randn(shape) * 0.03 for name, shape in identity_shapes().items()}
    return IdentityNet(tensors).eval()


@pytest.fixture
def identity_folder(tmp_path: Path) -> Path:
    """Random identity weights written as a tfjs manifest, every second tensor as uint8."""
    rng = np.random.default_rng(1)
    folder = tmp_path / "identity"
    folder.mkdir()
    entries: list[dict] = []
    data = b""
    for index, (name, shape) in enumerate(identity_shapes().items()):
        entry: dict = {"name": name, "shape": shape, "dtype": "float32"}
        if index % 2:
            entry["quantization"] = {"dtype": "uint8", "scale": 0.0004, "min": -0.05}
            data += rng.integers(0, 256, shape).astype(np.uint8).tobytes()
        else:
            data += (rng.normal(0, 0.03, shape)).astype(np.float32).tobytes()
        entries.append(entry)
    (folder / "weights.bin").write_bytes(data)
    manifest = [{"paths": ["weights.bin"], "weights": entries}]
    (folder / "face_recognition_model-weights_manifest.json").write_text(json.dumps(manifest))
    return folder
