"""Training state on disk, in pieces small enough to be carried one at a time.

A state is a folder: numbered pieces of at most 16 MiB and `state.json`, which names them with
their hashes and is written last. A run that is cut off while saving keeps its previous state.
"""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import torch

PIECE_BYTES = 16 * 2**20
INDEX = "state.json"


def save_pieces(folder: Path, state: dict[str, Any], piece_bytes: int = PIECE_BYTES) -> None:
    """Write `state` (what torch.save takes) and then delete the pieces that it replaces."""
    folder.mkdir(parents=True, exist_ok=True)
    stream = io.BytesIO()
    torch.save(state, stream)
    data = stream.getbuffer()
    entries = []
    for start in range(0, len(data), piece_bytes):
        piece = data[start : start + piece_bytes]
        digest = hashlib.sha256(piece).hexdigest()
        name = f"piece-{len(entries):03}-{digest[:12]}.bin"
        (folder / name).write_bytes(piece)
        entries.append({"name": name, "sha256": digest})
    draft = folder / f"{INDEX}.tmp"
    draft.write_text(json.dumps({"bytes": len(data), "pieces": entries}, indent=2) + "\n")
    draft.replace(folder / INDEX)
    kept = {entry["name"] for entry in entries}
    for piece in folder.glob("piece-*.bin"):
        if piece.name not in kept:
            piece.unlink()


def load_pieces(folder: Path) -> dict[str, Any] | None:
    """The saved state, or None where nothing was saved.

    Raises ValueError when a piece is missing or damaged.
    """
    if not (folder / INDEX).exists():
        return None
    index = json.loads((folder / INDEX).read_text())
    stream = io.BytesIO()
    for entry in index["pieces"]:
        path = folder / entry["name"]
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() != entry["sha256"]:
            raise ValueError(f"{path} is missing or damaged; copy it again or delete {folder}.")
        stream.write(data)
    stream.seek(0)
    return torch.load(stream, map_location="cpu", weights_only=True)
