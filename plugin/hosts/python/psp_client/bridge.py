"""A conversation with the bridge (docs/protocol.md): requests, answers, events, payloads.

One request at a time, from one thread; another may ask to cancel meanwhile. Whoever waits is told of
progress through a callback.
"""

from __future__ import annotations

import json
import os
import threading
import time
from typing import Any, Callable, NamedTuple, Optional

from .errors import PspError
from .frames import Binary, Text
from .payloads import PayloadReader, encode_chunks
from .proof import Greeting, is_equal, proof_of
from .websocket import WebSocket, WebSocketClosed

Json = dict[str, Any]
PROTOCOL = 2
# An answer that takes longer has been lost: the bridge answers every request at once or says why not.
_ANSWER_SECONDS = 60.0
# While a job runs the bridge says something at least this often, or it answers a ping.
_SILENCE_SECONDS = 30.0


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


class Progress(NamedTuple):
    """`stage` is None while the job waits for `place` others; `remaining` is in seconds."""

    stage: Optional[str]
    place: int
    share: float
    remaining: Optional[float]


OnProgress = Callable[[Progress], None]


class Bridge:
    """An open, greeted connection. Every method raises PspError."""

    def __init__(self, websocket: WebSocket):
        self._websocket = websocket
        self._next_id = 1
        # Guards what a cancel from another thread touches: the numbers of requests, and sending.
        self._sending = threading.Lock()
        # Requests whose answers nobody waits for.
        self._unheeded: set[int] = set()
        self._next_stream = 1
        self._reader: Optional[PayloadReader] = None
        self._on_progress: OnProgress = lambda progress: None
        # Jobs whose end was heard, also when nobody waited yet, and how they failed.
        self._ended: dict[str, Optional[PspError]] = {}
        self.limits: Json = {}

    def greet(self, client: str, version: str, instance: str, token: str, port: int) -> None:
        """`client` is the editor's name. `instance` is random and the same for every connection of one run: jobs belong to it. The
        token is proved, not sent: whoever holds the port learns nothing by it."""
        nonce = new_name()
        answer = self._request(
            'hello',
            {
                'protocol': PROTOCOL,
                'client': {'name': client, 'version': version},
                'instance': instance,
                'nonce': nonce,
                'by': 'token',
            },
        )
        greeting = Greeting(port, instance, nonce, answer['nonce'])
        if not is_equal(answer['proof'], proof_of(token, 'server', greeting)):
            raise PspError(
                'NOT_PAIRED',
                f'The program on port {port} could not prove to be your bridge. End it and start '
                f'yours with `psp-layers serve`, as the same user who runs {client}.',
            )
        proof = proof_of(token, 'client', greeting)
        self.limits = self._request('prove', {'proof': proof})['limits']

    def models(self) -> list[Json]:
        return self._request('capabilities', {})['models']

    def find_faces(self, preview: Pixels, document_scale: float = 1.0) -> list[Json]:
        """Faces in the preview's pixels, largest first.

        `document_scale` is document pixels per preview pixel: "too small" counts in the document's.
        """
        payloads: dict[int, bytes] = {}
        header = self._announce(preview, payloads)
        params = {'job': new_name(), 'preview': header, 'documentScale': document_scale}
        return self._request('find-faces', params, payloads)['faces']

    def run(
        self, job: str, operation: str, model: Optional[str], parameters: Json,
        priority: str, regions: list[Region],
    ) -> None:
        """Puts a job into the bridge's queue; `job` is a name of ours (see `new_name`)."""
        payloads: dict[int, bytes] = {}
        params = {
            'job': job,
            'operation': operation,
            'model': model,
            'parameters': parameters,
            'priority': priority,
            'regions': [self._describe(region, payloads) for region in regions],
        }
        self._request('run', params, payloads)

    def wait(self, job: str, on_progress: OnProgress) -> None:
        """Returns when a job that was put into the queue is finished; raises its error when it failed."""
        self._on_progress = on_progress
        while job not in self._ended:
            self._hear()
        error = self._ended.pop(job)
        if error is not None:
            raise error

    def fetch(self, job: str) -> list[Patch]:
        """The layers of a finished job. The bridge keeps them until `forget`."""
        answer = self._request('fetch', {'job': job})
        patches = answer['patches']
        sizes: dict[int, int] = {}
        for about in patches:
            area = about['pixels']['width'] * about['pixels']['height']
            sizes[about['pixels']['stream']] = area * about['pixels']['depth'] // 2
            sizes[about['mask']['stream']] = area
        reader = self._read(sizes)
        return [_patch_of(about, reader) for about in patches]

    def source_codes(self, job: str) -> bytes:
        """The codes of a finished job's first layer before its edit, as a .npy file."""
        latents = self._request('latents', {'job': job, 'patch': 0, 'of': 'source'})['latents']
        return self._read({latents['stream']: latents['bytes']}).take(latents['stream'])

    def preview(self, operation: str, model: str, parameters: Json, codes: bytes) -> Pixels:
        """How codes look under an operation that edits them: the aligned face, small and soon."""
        payloads: dict[int, bytes] = {}
        latents = {'stream': self._stream(codes, payloads), 'bytes': len(codes)}
        params = {'operation': operation, 'model': model, 'parameters': parameters, 'latents': latents}
        header = self._request('preview', params, payloads)['pixels']
        reader = self._read({header['stream']: header['width'] * header['height'] * header['depth'] // 2})
        return _pixels_of(header, reader)

    def cancel(self, job: str) -> None:
        self._request('cancel', {'job': job})

    def ask_to_cancel(self, job: str) -> None:
        """From another thread, while one runs or waits for the job: that one raises CANCELLED."""
        self._ask('cancel', {'job': job}, heeded=False)

    def forget(self, job: str) -> None:
        self._request('forget', {'job': job})

    def close(self) -> None:
        self._websocket.close()

    def _announce(self, pixels: Pixels, payloads: dict[int, bytes]) -> Json:
        stream = self._stream(pixels.data, payloads)
        return {'width': pixels.width, 'height': pixels.height, 'depth': pixels.depth, 'stream': stream}

    def _describe(self, region: Region, payloads: dict[int, bytes]) -> Json:
        header = self._announce(region.pixels, payloads)
        hole = None if region.hole is None else {'stream': self._stream(region.hole, payloads)}
        return {
            'bounds': region.bounds,
            'pixels': header,
            'face': region.face,
            'faceNumber': region.face_number,
            'hole': hole,
            'latents': None,
        }

    def _stream(self, payload: bytes, payloads: dict[int, bytes]) -> int:
        stream = self._next_stream
        self._next_stream += 1
        payloads[stream] = payload
        return stream

    def _request(self, method: str, params: Json, payloads: Optional[dict[int, bytes]] = None) -> Json:
        request = self._ask(method, params)
        answers: list[Json] = []
        for stream, payload in (payloads or {}).items():
            for frame in encode_chunks(stream, payload):
                self._send(frame)
                # A refusal of what was announced comes early: the rest need not travel.
                self._listen(0, request, answers)
                if answers:
                    return _result_of(answers[0])
        deadline = time.monotonic() + _ANSWER_SECONDS
        while not answers:
            if not self._listen(deadline - time.monotonic(), request, answers):
                raise _lost(f'did not answer within {_ANSWER_SECONDS:.0f} seconds')
        return _result_of(answers[0])

    def _ask(self, method: str, params: Json, heeded: bool = True) -> int:
        with self._sending:
            request = self._next_id
            self._next_id += 1
            if not heeded:
                self._unheeded.add(request)
        self._send(json.dumps({'id': request, 'method': method, 'params': params}))
        return request

    def _read(self, sizes: dict[int, int]) -> PayloadReader:
        """Payloads that an answer has announced, by their lengths in bytes."""
        reader = self._reader = PayloadReader(sizes)
        while not reader.done:
            self._hear()
        self._reader = None
        return reader

    def _hear(self) -> None:
        """Waits for an event or a payload's chunk; a silent bridge is asked whether it lives."""
        if self._listen(_SILENCE_SECONDS, None, []):
            return
        try:
            self._websocket.ping()
        except WebSocketClosed as closed:
            raise _lost(f'left ({closed})') from closed
        if not self._listen(_SILENCE_SECONDS, None, []):
            raise _lost(f'has been silent for {2 * _SILENCE_SECONDS:.0f} seconds')

    def _send(self, message: str | bytes) -> None:
        try:
            with self._sending:
                self._websocket.send(message)
        except WebSocketClosed as closed:
            raise _lost(f'left ({closed})') from closed

    def _listen(self, seconds: float, request: Optional[int], answers: list[Json]) -> bool:
        """Takes in one message; False when none came in time."""
        try:
            message = self._websocket.receive(max(seconds, 0.0))
        except WebSocketClosed as closed:
            raise _lost(f'left ({closed})') from closed
        if isinstance(message, Text):
            self._take(_parse(message.text), request, answers)
        elif isinstance(message, Binary):
            if self._reader is None:
                raise _confused('a payload that nobody asked for')
            self._reader.add(message.data)
        return message is not None

    def _take(self, message: Json, request: Optional[int], answers: list[Json]) -> None:
        if 'event' in message:
            self._take_event(message['event'], message['params'])
        elif request is not None and message.get('id') == request:
            answers.append(message)
        elif message.get('id') in self._unheeded:
            self._unheeded.discard(message['id'])
        else:
            raise _confused('an answer to a question that was not asked')

    def _take_event(self, event: str, params: Json) -> None:
        """Events of a newer bridge that are not known here pass by."""
        if event == 'goodbye':
            raise _error_of(params['error'])
        if event == 'finished':
            self._ended[params['job']] = None
        elif event == 'failed':
            self._ended[params['job']] = _error_of(params['error'])
        elif event in ('queued', 'progress'):
            self._on_progress(_progress_of(event, params))


def new_name() -> str:
    """A random name for a job or an instance."""
    return os.urandom(16).hex()


def _parse(text: str) -> Json:
    try:
        message = json.loads(text)
    except ValueError as error:
        raise _confused('text that is not JSON') from error
    if not isinstance(message, dict):
        raise _confused('a message that is not an object')
    return message


def _result_of(answer: Json) -> Json:
    if 'error' in answer:
        raise _error_of(answer['error'])
    return answer['result']


def _error_of(shape: Json) -> PspError:
    return PspError(shape['code'], shape['message'], shape['retryable'])


def _progress_of(event: str, params: Json) -> Progress:
    if event == 'queued':
        return Progress(None, params['place'], 0.0, None)
    remaining = params.get('remainingMs')
    share = params.get('done', 0) / max(params.get('total', 1), 1)
    return Progress(str(params['stage']), 0, share, None if remaining is None else remaining / 1000)


def _patch_of(about: Json, reader: PayloadReader) -> Patch:
    return Patch(about, _pixels_of(about['pixels'], reader), reader.take(about['mask']['stream']))


def _pixels_of(header: Json, reader: PayloadReader) -> Pixels:
    return Pixels(header['width'], header['height'], header['depth'], reader.take(header['stream']))


def _lost(how: str) -> PspError:
    return PspError(
        'CONNECTION_LOST',
        f'The pSp Layers bridge {how}. Nothing was changed. Run the filter again; '
        'if it fails once more, `psp-layers doctor` says why.',
        retryable=True,
    )


def _confused(met: str) -> PspError:
    return PspError(
        'BAD_MESSAGE',
        f'The pSp Layers bridge sent {met}: it and this plug-in are of different versions. '
        'Install the plug-in of the same version and restart the editor.',
    )
