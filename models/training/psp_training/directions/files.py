"""`directions.safetensors`: what a model package carries.

One float16 tensor [ranges, D] a direction: a unit of the slider adds row i to the codes of every
style in its i-th range. What the sliders are called and what they do is JSON in the metadata.
"""

import json
import struct
from pathlib import Path

import torch
from torch import Tensor

from .check import Figures
from .find import Direction

FORMAT_VERSION = 1


def write_directions(
    path: Path, found: list[tuple[Direction, Figures]], deviation: Tensor, about: dict
) -> None:
    """@param deviation of W, [D]: vectors leave the standardised W here."""
    entries = [entry_of(direction, figures) for direction, figures in found]
    rows = [rows_of(direction, deviation) for direction, _ in found]
    write_entries(path, {"formatVersion": FORMAT_VERSION, **about}, entries, rows)


def replace_direction(
    path: Path, direction: Direction, figures: Figures, deviation: Tensor
) -> None:
    """In a file that has one of the same name."""
    about, entries, rows = read_entries(path)
    place = [entry["name"] for entry in entries].index(direction.target.name)
    entries[place], rows[place] = entry_of(direction, figures), rows_of(direction, deviation)
    write_entries(path, about, entries, rows)


def entry_of(direction: Direction, figures: Figures) -> dict:
    target = direction.target
    return {
        "name": target.name,
        "label": target.label,
        "hint": target.hint,
        "unit": target.unit,
        "min": direction.low,
        "max": direction.high,
        "styles": direction.ranges,
        "measured": figures.as_json(),
    }


def rows_of(direction: Direction, deviation: Tensor) -> Tensor:
    """[ranges, D] in float16, as they are stored."""
    return (direction.vector[[start for start, _ in direction.ranges]] * deviation).half()


def write_entries(path: Path, about: dict, entries: list[dict], rows: list[Tensor]) -> None:
    header: dict = {}
    parts: list[bytes] = []
    at = 0
    for entry, stored in zip(entries, rows, strict=True):
        data = stored.contiguous().numpy().astype("<f2").tobytes()
        offsets = [at, at + len(data)]
        header[entry["name"]] = {
            "dtype": "F16",
            "shape": list(stored.shape),
            "data_offsets": offsets,
        }
        at += len(data)
        parts.append(data)
    document = {**about, "directions": entries}
    header["__metadata__"] = {"psp-layers": json.dumps(document)}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def read_entries(path: Path) -> tuple[dict, list[dict], list[Tensor]]:
    """What the file says of itself, and of each direction; rows [ranges, D] in float16."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    about = json.loads(header.pop("__metadata__")["psp-layers"])
    entries = about.pop("directions")
    rows: list[Tensor] = []
    for entry in entries:
        place = header[entry["name"]]
        start, end = (8 + length + offset for offset in place["data_offsets"])
        stored = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float16)
        rows.append(stored.view(place["shape"]))
    return about, entries, rows


def read_directions(path: Path, n_styles: int) -> dict[str, tuple[Tensor, dict]]:
    """Name → [n_styles, D] for one unit, and its entry."""
    found: dict[str, tuple[Tensor, dict]] = {}
    _, entries, stored = read_entries(path)
    for entry, rows in zip(entries, stored, strict=True):
        vector = torch.zeros(n_styles, rows.shape[1])
        for row, (first, last) in zip(rows.float(), entry["styles"], strict=True):
            vector[first:last] = row
        found[entry["name"]] = vector, entry
    return found
