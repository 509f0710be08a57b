"""A conversation with the bridge (docs/protocol.md), method by method.

One request at a time, from one thread; another may ask to cancel meanwhile. Whoever waits is told of
progress through a callback.
"""

from __future__ import annotations

from typing import Optional

from .channel import Channel, Outgoing
from .errors import PspError
from .messages import (
    Json,
    OnProgress,
    Patch,
    Pixels,
    Region,
    bytes_of,
    error_of,
    new_name,
    patch_of,
    pixels_of,
    progress_of,
)
from .proof import Greeting, is_equal, proof_of
from .websocket import WebSocket

PROTOCOL = 2


class Bridge:
    """An open, greeted connection. Every method raises PspError."""

    def __init__(self, websocket: WebSocket):
        self._channel = Channel(websocket, self._take_event)
        self._on_progress: OnProgress = lambda progress: None
        # Jobs that have ended, also when nobody waited yet, and how they failed.
        self._ended: dict[str, Optional[PspError]] = {}
        self.limits: Json = {}

    def greet(self, client: str, version: str, instance: str, token: str, port: int) -> None:
        """`client` is the editor's name. `instance` is random and the same for every connection of one run:
        jobs belong to it. The token is proved, not sent: whoever holds the port learns nothing by it."""
        nonce = new_name()
        answer = self._channel.request(
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
        self.limits = self._channel.request('prove', {'proof': proof})['limits']

    def models(self) -> list[Json]:
        return self._channel.request('capabilities', {})['models']

    def find_faces(self, preview: Pixels, document_scale: float = 1.0) -> list[Json]:
        """Faces in the preview's pixels, largest first.

        `document_scale` is document pixels per preview pixel: "too small" counts in the document's.
        """
        outgoing = self._channel.outgoing()
        header = _announce(preview, outgoing)
        params = {'job': new_name(), 'preview': header, 'documentScale': document_scale}
        return self._channel.request('find-faces', params, outgoing)['faces']

    def select_part(self, pixels: Pixels, quad: list[Json], part: str) -> bytes:
        """Where a part of one face is, one byte a pixel; `quad` is the face's crop in these pixels."""
        outgoing = self._channel.outgoing()
        header = _announce(pixels, outgoing)
        params = {'job': new_name(), 'pixels': header, 'quad': quad, 'part': part}
        stream = self._channel.request('select-part', params, outgoing)['mask']['stream']
        return self._channel.read({stream: pixels.width * pixels.height}).take(stream)

    def run(
        self, job: str, operation: str, model: Optional[str], parameters: Json,
        priority: str, regions: list[Region],
    ) -> None:
        """Puts a job into the bridge's queue; `job` is a name of ours (see `new_name`)."""
        outgoing = self._channel.outgoing()
        params = {
            'job': job,
            'operation': operation,
            'model': model,
            'parameters': parameters,
            'priority': priority,
            'regions': [_describe(region, outgoing) for region in regions],
        }
        self._channel.request('run', params, outgoing)

    def wait(self, job: str, on_progress: OnProgress) -> None:
        """Returns when a job that was put into the queue is finished; raises its error when it failed."""
        self._on_progress = on_progress
        while job not in self._ended:
            self._channel.wait_for_message()
        error = self._ended.pop(job)
        if error is not None:
            raise error

    def fetch(self, job: str) -> list[Patch]:
        """The layers of a finished job. The bridge keeps them until `forget`."""
        answer = self._channel.request('fetch', {'job': job})
        patches = answer['patches']
        sizes: dict[int, int] = {}
        for about in patches:
            pixels = about['pixels']
            sizes[pixels['stream']] = bytes_of(pixels)
            sizes[about['mask']['stream']] = pixels['width'] * pixels['height']
        reader = self._channel.read(sizes)
        return [patch_of(about, reader) for about in patches]

    def source_codes(self, job: str) -> bytes:
        """The codes of a finished job's first layer before its edit, as a .npy file."""
        latents = self._channel.request('latents', {'job': job, 'patch': 0, 'of': 'source'})['latents']
        return self._channel.read({latents['stream']: latents['bytes']}).take(latents['stream'])

    def preview(
        self, operation: str, model: str, parameters: Json, codes: bytes, placing: Optional[str],
    ) -> tuple[Pixels, float]:
        """How codes look under an operation that edits them, small and soon; and how like the face before.

        With `placing`, of the patch that the codes are of, the face is joined with its photograph.
        """
        outgoing = self._channel.outgoing()
        latents = {'stream': outgoing.add(codes), 'bytes': len(codes)}
        params = {
            'operation': operation,
            'model': model,
            'parameters': parameters,
            'latents': latents,
            'placing': placing,
        }
        shown = self._channel.request('preview', params, outgoing)
        header = shown['pixels']
        reader = self._channel.read({header['stream']: bytes_of(header)})
        return pixels_of(header, reader), shown['identity']

    def cancel(self, job: str) -> None:
        self._channel.request('cancel', {'job': job})

    def ask_to_cancel(self, job: str) -> None:
        """From another thread, while one runs or waits for the job: that one raises CANCELLED."""
        self._channel.ask('cancel', {'job': job}, heeded=False)

    def forget(self, job: str) -> None:
        self._channel.request('forget', {'job': job})

    def close(self) -> None:
        self._channel.close()

    def _take_event(self, event: str, params: Json) -> None:
        """Events of a newer bridge that are not known here pass by."""
        if event == 'finished':
            self._ended[params['job']] = None
        elif event == 'failed':
            self._ended[params['job']] = error_of(params['error'])
        elif event in ('queued', 'progress'):
            self._on_progress(progress_of(event, params))


def _announce(pixels: Pixels, outgoing: Outgoing) -> Json:
    stream = outgoing.add(pixels.data)
    return {'width': pixels.width, 'height': pixels.height, 'depth': pixels.depth, 'stream': stream}


def _describe(region: Region, outgoing: Outgoing) -> Json:
    header = _announce(region.pixels, outgoing)
    hole = None if region.hole is None else {'stream': outgoing.add(region.hole)}
    return {
        'bounds': region.bounds,
        'pixels': header,
        'face': region.face,
        'faceNumber': region.face_number,
        'hole': hole,
        'latents': None,
    }
