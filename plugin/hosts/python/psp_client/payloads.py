"""Binary payloads: pixels, masks and the like in chunks of at most 1 MiB (protocol/chunk.ts)."""

from __future__ import annotations

import struct
from typing import Iterator

from .errors import PspError

MAX_FRAME_BYTES = 1024 * 1024
_HEADER = struct.Struct('<4sIII')  # magic, stream, offset, total
_MAGIC = b'PSPL'
MAX_CHUNK_BYTES = MAX_FRAME_BYTES - _HEADER.size


def encode_chunks(stream: int, payload: bytes) -> Iterator[bytes]:
    """The frames of one payload, in order, each made only when it is asked for."""
    view = memoryview(payload)
    for offset in range(0, len(payload), MAX_CHUNK_BYTES):
        part = view[offset : offset + MAX_CHUNK_BYTES]
        yield _HEADER.pack(_MAGIC, stream, offset, len(payload)) + part


class PayloadReader:
    """Joins the chunks of payloads that an answer announced; several may interleave."""

    def __init__(self, announced: dict[int, int]):
        """`announced` maps a stream to its length in bytes."""
        self._missing = {stream: size for stream, size in announced.items() if size > 0}
        self._parts: dict[int, bytearray] = {stream: bytearray() for stream in announced}
        self._announced = announced

    @property
    def done(self) -> bool:
        return not self._missing

    def add(self, frame: bytes) -> None:
        """Raises PspError BAD_MESSAGE for a chunk that was not announced or is out of order."""
        if not _HEADER.size < len(frame) <= MAX_FRAME_BYTES:
            raise _breach(f'a binary frame of {len(frame)} bytes')
        magic, stream, offset, total = _HEADER.unpack_from(frame)
        if magic != _MAGIC:
            raise _breach('a binary frame that does not begin with "PSPL"')
        if stream not in self._missing or total != self._announced[stream]:
            raise _breach(f'a payload {stream} of {total} bytes that was not announced')
        parts = self._parts[stream]
        if offset != len(parts) or offset + len(frame) - _HEADER.size > total:
            raise _breach(f'a chunk at {offset} of payload {stream} where {len(parts)} was next')
        parts += memoryview(frame)[_HEADER.size :]
        if len(parts) == total:
            del self._missing[stream]

    def take(self, stream: int) -> bytes:
        """A whole payload, given away once."""
        return bytes(self._parts.pop(stream))


def _breach(met: str) -> PspError:
    return PspError('BAD_MESSAGE', f'The pSp Layers bridge sent {met}. Update both to one version.')
