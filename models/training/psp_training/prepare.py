"""Decode the portrait archives once into arrays that training maps from disk.

    python -m psp_training.prepare OUT ARCHIVE.tar [ARCHIVE.tar ...]

A folder of pictures does as well as an archive.

Writes OUT/images.npy (uint8 [N, 256, 256, 3], RGB) and OUT/meta.json (one object per picture, in
the same order: archive, name, and what the archive's meta.jsonl knows, such as yaw).
"""

import argparse
import io
import json
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


def files_of(path: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a tar in its order, or of a folder by name."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.is_file():
                yield file, file.read_bytes()
        return
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                yield Path(member.name), stream.read()


def read_archive(path: Path) -> tuple[list[str], list[bytes], dict[str, dict]]:
    """Names and bytes of the pictures in a tar or folder, and its meta.jsonl by id (empty without
    one)."""
    names: list[str] = []
    pictures: list[bytes] = []
    meta: dict[str, dict] = {}
    for name, data in files_of(path):
        if name.name == "meta.jsonl":
            meta = {entry["id"]: entry for entry in map(json.loads, data.splitlines())}
        elif name.suffix.lower() in PICTURES:
            names.append(name.stem)
            pictures.append(data)
    return names, pictures, meta


def prepare(out: Path, archives: list[Path]) -> int:
    """Write the arrays; returns the number of pictures."""
    out.mkdir(parents=True, exist_ok=True)
    read = [(path.stem, *read_archive(path)) for path in archives]
    count = sum(len(names) for _, names, _, _ in read)
    images = np.lib.format.open_memmap(
        out / "images.npy", mode="w+", dtype=np.uint8, shape=(count, SIDE, SIDE, 3)
    )
    entries: list[dict] = []
    with ThreadPoolExecutor() as pool:
        for stem, names, pictures, meta in read:
            for name, image in zip(names, pool.map(decode, pictures), strict=True):
                images[len(entries)] = image
                entries.append({**meta.get(name, {}), "archive": stem, "name": name})
    images.flush()
    (out / "meta.json").write_text(json.dumps(entries))
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("archives", type=Path, nargs="+", help="tars or folders")
    arguments = parser.parse_args()
    print(f"{prepare(arguments.out, arguments.archives)} pictures")


if __name__ == "__main__":
    main()
