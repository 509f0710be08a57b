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
from .solve import GROUPS

FORMAT_VERSION = 1


def write_directions(
    path: Path, found: list[tuple[Direction, Figures]], deviation: Tensor, about: dict
) -> None:
    """@param deviation of W, [D]: vectors leave the standardised W here."""
    entries: list[dict] = []
    header: dict = {}
    parts: list[bytes] = []
    at = 0
    for direction, figures in found:
        target = direction.target
        ranges = [GROUPS[group] for group in direction.groups]
        rows = direction.vector[[start for start, _ in ranges]] * deviation
        data = rows.half().contiguous().numpy().astype("<f2").tobytes()
        header[target.name] = {
            "dtype": "F16",
            "shape": list(rows.shape),
            "data_offsets": [at, at + len(data)],
        }
        at += len(data)
        parts.append(data)
        entries.append(
            {
                "name": target.name,
                "label": target.label,
                "hint": target.hint,
                "unit": target.unit,
                "min": direction.low,
                "max": direction.high,
                "styles": ranges,
                "measured": figures.as_json(),
            }
        )
    document = {"formatVersion": FORMAT_VERSION, **about, "directions": entries}
    header["__metadata__"] = {"psp-layers": json.dumps(document)}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def read_directions(path: Path, n_styles: int) -> dict[str, tuple[Tensor, dict]]:
    """Name → [n_styles, D] for one unit, and its entry."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    document = json.loads(header.pop("__metadata__")["psp-layers"])
    found: dict[str, tuple[Tensor, dict]] = {}
    for entry in document["directions"]:
        place = header[entry["name"]]
        start, end = (8 + length + offset for offset in place["data_offsets"])
        stored = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float16)
        rows = stored.float().view(place["shape"])
        vector = torch.zeros(n_styles, rows.shape[1])
        for row, (first, last) in zip(rows, entry["styles"], strict=True):
            vector[first:last] = row
        found[entry["name"]] = vector, entry
    return found
