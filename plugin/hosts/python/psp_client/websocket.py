"""A WebSocket client (RFC 6455) over the standard library: plug-ins may bring no packages."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import time
from collections import deque
from typing import Optional, Union

from .frames import (
    Binary,
    Close,
    CloseCode,
    FrameDecoder,
    Message,
    MessageAssembler,
    Opcode,
    Ping,
    Pong,
    Text,
    WebSocketBreach,
    close_payload,
    encode_frame,
)

# Larger than any message of ours: only a foreign or broken server would send more.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
_MAX_ANSWER_BYTES = 16 * 1024
_MAX_REASON_BYTES = 500
_ACCEPT_GUID = b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
_READ_BYTES = 256 * 1024
_CLOSE_SECONDS = 2.0


class NotAWebSocket(Exception):
    """Something answered, but not the handshake of section 4.2.2."""


class HandshakeRefused(NotAWebSocket):
    """An HTTP answer that says no; `reason` is its text, which may be empty."""

    def __init__(self, status: str, reason: str):
        super().__init__(f'it answered "{status}"')
        self.reason = reason


class WebSocketClosed(Exception):
    """The connection is gone; `code` is the peer's, or 1006 when it left without a word."""

    def __init__(self, code: int, reason: str):
        super().__init__(f'{code} {reason}'.strip())
        self.code = code
        self.reason = reason


class WebSocket:
    """One open connection, used from one thread. Pings are answered while `receive` waits."""

    def __init__(self, sock: socket.socket, early: bytes = b''):
        """`sock` has done its handshake; `early` is what arrived behind it."""
        self._socket = sock
        self._decoder = FrameDecoder(MAX_MESSAGE_BYTES)
        self._assembler = MessageAssembler(MAX_MESSAGE_BYTES)
        self._arrived: deque[Message] = deque()
        self._closed: Optional[WebSocketClosed] = None
        self._take_in(early)

    @classmethod
    def connect(cls, host: str, port: int, path: str = '/', timeout: float = 10.0) -> WebSocket:
        """Raises OSError when nothing listens there, NotAWebSocket when something else does."""
        sock = socket.create_connection((host, port), timeout)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return cls(sock, _shake_hands(sock, f'{host}:{port}', path, timeout))
        except BaseException:
            sock.close()
            raise

    def send(self, message: Union[str, bytes], timeout: float = 60.0) -> None:
        """Raises WebSocketClosed, also when the peer takes nothing in for `timeout` seconds."""
        if isinstance(message, str):
            self._write(Opcode.TEXT, message.encode('utf-8'), timeout)
        else:
            self._write(Opcode.BINARY, message, timeout)

    def ping(self, data: bytes = b'') -> None:
        """The answer comes out of `receive` as a Pong."""
        self._write(Opcode.PING, data, _CLOSE_SECONDS)

    def receive(self, timeout: Optional[float]) -> Optional[Union[Text, Binary, Pong]]:
        """The next message, or None after `timeout` seconds. Raises WebSocketClosed."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            while self._arrived:
                message = self._arrived.popleft()
                if isinstance(message, Ping):
                    self._write(Opcode.PONG, message.data, _CLOSE_SECONDS)
                elif isinstance(message, Close):
                    self._answer_close(message)
                else:
                    return message
            if self._closed:
                raise self._closed
            left = None if deadline is None else max(deadline - time.monotonic(), 0.0)
            if not self._read(left):
                return None

    def close(self, code: int = CloseCode.NORMAL, reason: str = '') -> None:
        """Says goodbye, waits a moment for the peer's, and is done; harmless when repeated."""
        if self._closed is None:
            try:
                self._write(Opcode.CLOSE, close_payload(code, reason), _CLOSE_SECONDS)
                deadline = time.monotonic() + _CLOSE_SECONDS
                while self.receive(max(deadline - time.monotonic(), 0.0)) is not None:
                    pass
            except WebSocketClosed:
                pass
        self._gone(CloseCode.NORMAL, 'closed here')

    def _read(self, timeout: Optional[float]) -> bool:
        """Takes in what has arrived; False when nothing did in time."""
        try:
            # A timeout of 0 would mean "non-blocking", which raises another error.
            self._socket.settimeout(None if timeout is None else max(timeout, 0.001))
            data = self._socket.recv(_READ_BYTES)
        except socket.timeout:
            return False
        except OSError as error:
            raise self._gone(CloseCode.ABNORMAL, str(error)) from error
        if not data:
            raise self._gone(CloseCode.ABNORMAL, 'the connection ended without a word')
        self._take_in(data)
        return True

    def _take_in(self, data: bytes) -> None:
        try:
            for frame in self._decoder.feed(data):
                message = self._assembler.add(frame)
                if message is not None:
                    self._arrived.append(message)
        except WebSocketBreach as breach:
            try:
                self._write(Opcode.CLOSE, close_payload(breach.code, str(breach)), _CLOSE_SECONDS)
            except WebSocketClosed:
                pass
            raise self._gone(breach.code, f'the server broke the protocol: {breach}') from breach

    def _answer_close(self, message: Close) -> None:
        code = CloseCode.NORMAL if message.code == CloseCode.NO_STATUS else message.code
        try:
            self._write(Opcode.CLOSE, close_payload(code, ''), _CLOSE_SECONDS)
        except WebSocketClosed:
            pass
        raise self._gone(message.code, message.reason)

    def _write(self, opcode: Opcode, payload: bytes, timeout: float) -> None:
        if self._closed:
            raise self._closed
        try:
            self._socket.settimeout(timeout)
            self._socket.sendall(encode_frame(opcode, payload, os.urandom(4)))
        except OSError as error:
            raise self._gone(CloseCode.ABNORMAL, str(error)) from error

    def _gone(self, code: int, reason: str) -> WebSocketClosed:
        """Keeps the first reason: what follows is only its echo."""
        if self._closed is None:
            self._closed = WebSocketClosed(code, reason)
            self._socket.close()
        return self._closed


def _shake_hands(sock: socket.socket, authority: str, path: str, timeout: float) -> bytes:
    """Section 4.1; answers with the bytes that came behind the server's headers."""
    key = base64.b64encode(os.urandom(16))
    request = (
        f'GET {path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\n'
        f'Connection: Upgrade\r\nSec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n'
    )
    sock.sendall(request.encode('ascii'))
    head, early = _read_head(sock, time.monotonic() + timeout)
    status, *lines = head.decode('latin-1').split('\r\n')
    headers = _parse_headers(lines)
    parts = status.split(' ', 2)
    if len(parts) < 2 or not parts[0].startswith('HTTP/1.'):
        raise NotAWebSocket('it does not speak HTTP')
    if parts[1] != '101':
        reason = _read_rest(sock, early) if headers.get('content-type') == 'text/plain' else ''
        raise HandshakeRefused(' '.join(parts[1:])[:80], reason)
    accept = base64.b64encode(hashlib.sha1(key + _ACCEPT_GUID).digest()).decode()
    if (
        headers.get('upgrade', '').lower() != 'websocket'
        or 'upgrade' not in [token.strip() for token in headers.get('connection', '').lower().split(',')]
        or headers.get('sec-websocket-accept') != accept
    ):
        raise NotAWebSocket('its handshake is not that of a WebSocket')
    if 'sec-websocket-extensions' in headers or 'sec-websocket-protocol' in headers:
        raise NotAWebSocket('it insists on an extension that was not offered')
    return early


def _read_head(sock: socket.socket, deadline: float) -> tuple[bytes, bytes]:
    data = b''
    while b'\r\n\r\n' not in data:
        if len(data) > _MAX_ANSWER_BYTES:
            raise NotAWebSocket('its answer has no end')
        left = deadline - time.monotonic()
        if left <= 0:
            raise NotAWebSocket('it did not answer in time')
        sock.settimeout(left)
        try:
            more = sock.recv(4096)
        except socket.timeout:
            continue
        if not more:
            raise NotAWebSocket('it hung up')
        data += more
    head, early = data.split(b'\r\n\r\n', 1)
    return head, early


def _read_rest(sock: socket.socket, early: bytes) -> str:
    """The text of a refusal, whose end is the end of the connection."""
    data = early
    try:
        while len(data) < _MAX_REASON_BYTES:
            more = sock.recv(_MAX_REASON_BYTES)
            if not more:
                break
            data += more
    except OSError:
        pass  # What has come says enough.
    return data[:_MAX_REASON_BYTES].decode('utf-8', 'replace').strip()


def _parse_headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(':')
        if not colon:
            raise NotAWebSocket('its answer is not HTTP')
        headers[name.strip().lower()] = value.strip()
    return headers
