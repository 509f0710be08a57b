"""What a conversation with the bridge is about, and how its messages are read (docs/protocol.md)."""

from __future__ import annotations

import json
import os
from typing import Any, Callable, NamedTuple, Optional

from .errors import PspError
from .payloads import PayloadReader

Json = dict[str, Any]


class Pixels(NamedTuple):
    """RGBA interleaved, sRGB, straight alpha, 0..255 or 0..65535 in the machine's byte order."""

    width: int
    height: int
    depth: int
    data: bytes


class Region(NamedTuple):
    """A piece of a layer; `hole` is one byte a pixel, 255 where the picture is to be filled in."""

    bounds: Json
    pixels: Pixels
    face: Optional[Json]
    face_number: Optional[int]
    hole: Optional[bytes]


class Patch(NamedTuple):
    """One new layer: what the bridge said of it, its pixels, and its mask of one byte a pixel."""

    about: Json
    pixels: Pixels
    mask: bytes


def by_face(patches: list[Patch]) -> list[list[Patch]]:
    """One list a face, in the order in which they came."""
    numbers = dict.fromkeys(patch.about['faceNumber'] for patch in patches)
    return [[p for p in patches if p.about['faceNumber'] == number] for number in numbers]


class Progress(NamedTuple):
    """`stage` is None while the job waits for `place` others; `remaining` is in seconds."""

    stage: Optional[str]
    place: int
    share: float
    remaining: Optional[float]


OnProgress = Callable[[Progress], None]


def new_name() -> str:
    """A random name for a job or an instance."""
    return os.urandom(16).hex()


def parse(text: str) -> Json:
    try:
        message = json.loads(text)
    except ValueError as error:
        raise confused('text that is not JSON') from error
    if not isinstance(message, dict):
        raise confused('a message that is not an object')
    return message


def result_of(answer: Json) -> Json:
    if 'error' in answer:
        raise error_of(answer['error'])
    return answer['result']


def error_of(shape: Json) -> PspError:
    return PspError(shape['code'], shape['message'], shape['retryable'])


def progress_of(event: str, params: Json) -> Progress:
    if event == 'queued':
        return Progress(None, params['place'], 0.0, None)
    remaining = params.get('remainingMs')
    share = params.get('done', 0) / max(params.get('total', 1), 1)
    return Progress(str(params['stage']), 0, share, None if remaining is None else remaining / 1000)


def bytes_of(header: Json) -> int:
    """How long the pixels are that a header announces."""
    return header['width'] * header['height'] * header['depth'] // 2


def pixels_of(header: Json, reader: PayloadReader) -> Pixels:
    return Pixels(header['width'], header['height'], header['depth'], reader.take(header['stream']))


def patch_of(about: Json, reader: PayloadReader) -> Patch:
    return Patch(about, pixels_of(about['pixels'], reader), reader.take(about['mask']['stream']))


def confused(met: str) -> PspError:
    return PspError(
        'BAD_MESSAGE',
        f'The pSp Layers bridge sent {met}: it and this plug-in are of different versions. '
        'Install the plug-in of the same version and restart the editor.',
    )
