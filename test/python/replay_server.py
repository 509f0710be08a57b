"""Plays the server's part of a recorded exchange (test/conformance/README.md) on 127.0.0.1."""

import base64
import json
import socket
import struct
import threading

from psp_client.proof import Greeting, proof_of

from .server_frames import BINARY, CLOSE, TEXT, accept_key, read_frame, server_frame


class ReplayServer:
    def __init__(self, exchange: dict):
        self.complaints: list[str] = []
        self._left = list(exchange['requests'])
        self._names: dict[str, object] = {}
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        self._socket, _ = self._listener.accept()
        with self._socket:
            request = b''
            while b'\r\n\r\n' not in request:
                request += self._socket.recv(4096)
            self._socket.sendall(
                b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                b'Sec-WebSocket-Accept: ' + accept_key(request) + b'\r\n\r\n'
            )
            try:
                self._converse()
            except (EOFError, OSError):
                pass  # The client has left.

    def _converse(self) -> None:
        while True:
            first, payload = read_frame(self._socket)
            if first == TEXT:
                self._answer(json.loads(payload))
            elif first == CLOSE:
                self._socket.sendall(server_frame(CLOSE, payload))
                return

    def _answer(self, request: dict) -> None:
        recorded = next((r for r in self._left if r['method'] == request['method']), None)
        if recorded is None:
            self.complaints.append(f'{request["method"]} is not in the exchange')
            return
        self._left.remove(recorded)
        self._compare(recorded['params'], request['params'], request['method'])
        if request['method'] == 'hello':
            self._challenge(request['params'])
        if request['method'] == 'prove':
            self._check_proof()
        for chunk in [] if 'error' in recorded else recorded['chunks']:
            self._compare(chunk, self._read_chunk(), 'chunk')
        kind = 'error' if 'error' in recorded else 'result'
        self._send_text({'id': request['id'], kind: recorded[kind]})
        for frame in recorded['then']:
            if 'text' in frame:
                self._send_text(frame['text'])
            else:
                self._socket.sendall(server_frame(BINARY, chunk_frame(frame['chunk'])))
        if 'close' in recorded:
            self._socket.sendall(server_frame(CLOSE, recorded['close'].to_bytes(2, 'big')))

    def _challenge(self, params: dict) -> None:
        """What this side of the greeting would say with the token of the tests."""
        self._greeting = Greeting(self.port, params['instance'], params['nonce'], 's' * 32)
        self._names['$server-nonce'] = 's' * 32
        self._names['$server-proof'] = proof_of('token', 'server', self._greeting)
        self._names['$wrong-proof'] = '0' * 64

    def _check_proof(self) -> None:
        if self._names['$proof'] != proof_of('token', 'client', self._greeting):
            self.complaints.append('the proof is wrong')

    def _read_chunk(self) -> dict:
        first, frame = read_frame(self._socket)
        if first != BINARY:
            return {'stream': 'none: a frame that is not binary'}
        magic, stream, offset, total = struct.unpack_from('<4sIII', frame)
        assert magic == b'PSPL'
        return {
            'stream': stream,
            'offset': offset,
            'total': total,
            'bytes': base64.b64encode(frame[16:]).decode(),
        }

    def _send_text(self, message: dict) -> None:
        self._socket.sendall(server_frame(TEXT, json.dumps(self._filled(message)).encode()))

    def _compare(self, recorded, came, path: str) -> None:
        """Equal, but for `$` names, which take the first value that they meet."""
        if isinstance(recorded, str) and recorded.startswith('$'):
            if self._names.setdefault(recorded, came) != came:
                self.complaints.append(f'{path} changed')
        elif isinstance(recorded, dict) and isinstance(came, dict):
            for key in {*recorded, *came}:
                self._compare(recorded.get(key), came.get(key), f'{path}.{key}')
        elif isinstance(recorded, list) and isinstance(came, list) and len(recorded) == len(came):
            for index, (one, other) in enumerate(zip(recorded, came)):
                self._compare(one, other, f'{path}.{index}')
        elif recorded != came:
            self.complaints.append(f'{path} is {came!r}, not {recorded!r}')

    def _filled(self, value):
        if isinstance(value, str) and value.startswith('$'):
            return self._names[value]
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if isinstance(value, dict):
            return {key: self._filled(one) for key, one in value.items()}
        return value


def chunk_frame(chunk: dict) -> bytes:
    head = struct.pack('<4sIII', b'PSPL', chunk['stream'], chunk['offset'], chunk['total'])
    return head + base64.b64decode(chunk['bytes'])
