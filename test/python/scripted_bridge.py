"""A WebSocket that says what a test tells it to, in the place of a real one."""

import json
from collections import deque

from . import root  # noqa: F401
from psp_client.bridge import Bridge
from psp_client.frames import Binary, Text
from psp_client.payloads import encode_chunks
from psp_client.websocket import WebSocketClosed


class ScriptedSocket:
    """Answers each request by `answers[method]`: a result, an error shape, or a list of messages of
    which a dict is text (its id is filled in) and bytes are binary."""

    def __init__(self, answers):
        self.answers = answers
        self.sent = []
        self.queue = deque()
        self.gone = None

    def send(self, message):
        if self.gone:
            raise self.gone
        if isinstance(message, bytes):
            self.sent.append(message)
            return
        request = json.loads(message)
        self.sent.append(request)
        answer = self.answers.get(request['method'], {})
        messages = answer if isinstance(answer, list) else [{'result': answer}]
        for one in messages:
            if isinstance(one, dict) and 'event' not in one:
                one = {'id': request['id'], **one}
            self.queue.append(one)

    def ping(self, data=b''):
        self.sent.append('ping')

    def receive(self, timeout):
        if self.queue:
            message = self.queue.popleft()
            if isinstance(message, WebSocketClosed):
                self.gone = message
                raise message
            return Binary(message) if isinstance(message, bytes) else Text(json.dumps(message))
        return None

    def close(self):
        self.sent.append('close')

    def requests(self):
        return [message for message in self.sent if isinstance(message, dict)]


def scripted(**answers):
    """A bridge whose methods answer so; `find_faces` stands for `find-faces`."""
    socket = ScriptedSocket({name.replace('_', '-'): answer for name, answer in answers.items()})
    return Bridge(socket), socket


def chunks(stream, payload):
    return list(encode_chunks(stream, payload))
