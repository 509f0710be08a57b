"""Aligned faces in archives: tars or folders of WebP, PNG or JPEG pictures."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 256
PICTURES = {".webp", ".png", ".jpg", ".jpeg"}


def decode(picture: bytes) -> np.ndarray:
    """uint8 [256, 256, 3] of one encoded picture; other sizes are resized."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(image)


def read_archive(path: Path) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the pictures in a tar, in its order, or in a folder, by name."""
    files = read_folder(path) if path.is_dir() else read_tar(path)
    return ((name, data) for name, data in files if Path(name).suffix.lower() in PICTURES)


def read_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path.iterdir()):
        yield file.name, file.read_bytes()


def read_tar(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                yield Path(member.name).name, stream.read()
