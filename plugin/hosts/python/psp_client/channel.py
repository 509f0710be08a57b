"""Requests and answers over one WebSocket, with the payloads that travel beside them."""

from __future__ import annotations

import json
import threading
import time
from typing import Callable, Optional

from .errors import PspError
from .frames import Binary, Text
from .messages import Json, confused, error_of, parse, result_of
from .payloads import PayloadReader, encode_chunks
from .websocket import WebSocket, WebSocketClosed

# An answer that takes longer has been lost: the bridge answers every request at once or says why not.
_ANSWER_SECONDS = 60.0
# While a job runs the bridge says something at least this often, or it answers a ping.
_SILENCE_SECONDS = 30.0


class Outgoing:
    """The payloads of one request, numbered as its parameters name them."""

    def __init__(self, first: int):
        self.payloads: dict[int, bytes] = {}
        self._first = first

    def add(self, payload: bytes) -> int:
        stream = self._first + len(self.payloads)
        self.payloads[stream] = payload
        return stream


class Channel:
    """One request at a time, from one thread; another may `ask` meanwhile. Every method raises PspError."""

    def __init__(self, websocket: WebSocket, on_event: Callable[[str, Json], None]):
        """`on_event` is called on the thread that waits; a goodbye of the bridge is raised instead."""
        self._websocket = websocket
        self._on_event = on_event
        self._next_id = 1
        # Guards what a cancel from another thread touches: the numbers of requests, and sending.
        self._sending = threading.Lock()
        # Requests whose answers nobody waits for.
        self._unheeded: set[int] = set()
        self._next_stream = 1
        self._reader: Optional[PayloadReader] = None

    def outgoing(self) -> Outgoing:
        return Outgoing(self._next_stream)

    def request(self, method: str, params: Json, outgoing: Optional[Outgoing] = None) -> Json:
        payloads = {} if outgoing is None else outgoing.payloads
        self._next_stream += len(payloads)
        request = self.ask(method, params)
        answers: list[Json] = []
        for stream, payload in payloads.items():
            for frame in encode_chunks(stream, payload):
                self._send(frame)
                # A refusal of what was announced comes early: the rest need not travel.
                self._listen(0, request, answers)
                if answers:
                    return result_of(answers[0])
        deadline = time.monotonic() + _ANSWER_SECONDS
        while not answers:
            if not self._listen(deadline - time.monotonic(), request, answers):
                raise _lost(f'did not answer within {_ANSWER_SECONDS:.0f} seconds')
        return result_of(answers[0])

    def ask(self, method: str, params: Json, heeded: bool = True) -> int:
        """Sends a request; an answer that is not `heeded` passes by."""
        with self._sending:
            request = self._next_id
            self._next_id += 1
            if not heeded:
                self._unheeded.add(request)
        self._send(json.dumps({'id': request, 'method': method, 'params': params}))
        return request

    def read(self, sizes: dict[int, int]) -> PayloadReader:
        """Payloads that an answer has announced, by their lengths in bytes."""
        reader = self._reader = PayloadReader(sizes)
        while not reader.done:
            self.wait_for_message()
        self._reader = None
        return reader

    def wait_for_message(self) -> None:
        """Waits for an event or a payload's chunk; a silent bridge is asked whether it lives."""
        if self._listen(_SILENCE_SECONDS, None, []):
            return
        try:
            self._websocket.ping()
        except WebSocketClosed as closed:
            raise _lost(f'left ({closed})') from closed
        if not self._listen(_SILENCE_SECONDS, None, []):
            raise _lost(f'has been silent for {2 * _SILENCE_SECONDS:.0f} seconds')

    def close(self) -> None:
        self._websocket.close()

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
            self._take(parse(message.text), request, answers)
        elif isinstance(message, Binary):
            if self._reader is None:
                raise confused('a payload that nobody asked for')
            self._reader.add(message.data)
        return message is not None

    def _take(self, message: Json, request: Optional[int], answers: list[Json]) -> None:
        if 'event' in message:
            if message['event'] == 'goodbye':
                raise error_of(message['params']['error'])
            self._on_event(message['event'], message['params'])
        elif request is not None and message.get('id') == request:
            answers.append(message)
        elif message.get('id') in self._unheeded:
            self._unheeded.discard(message['id'])
        else:
            raise confused('an answer to a question that was not asked')


def _lost(how: str) -> PspError:
    return PspError(
        'CONNECTION_LOST',
        f'The pSp Layers bridge {how}. Nothing was changed. Run the filter again; '
        'if it fails once more, `psp-layers doctor` says why.',
        retryable=True,
    )
