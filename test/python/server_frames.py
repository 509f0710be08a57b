"""A server's side of RFC 6455, also of a broken server."""

import base64
import hashlib
import socket

from . import root  # noqa: F401
from psp_client.frames import apply_mask


def server_frame(first: int, payload: bytes = b'', length: bytes = b'') -> bytes:
    """`first` is the whole first byte; `length` stands in for the shortest form of the length."""
    size = len(payload)
    if not length:
        if size < 126:
            length = bytes([size])
        elif size < 65536:
            length = b'\x7e' + size.to_bytes(2, 'big')
        else:
            length = b'\x7f' + size.to_bytes(8, 'big')
    return bytes([first]) + length + payload


TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
TEXT_BEGIN, BINARY_BEGIN, CONTINUE, CONTINUE_END = 0x01, 0x02, 0x00, 0x80


def read_frame(sock: socket.socket) -> tuple[int, bytes]:
    """One masked frame as a server reads it: its first byte and its payload."""

    def exactly(count: int) -> bytes:
        data = b''
        while len(data) < count:
            more = sock.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    first, length = exactly(2)
    assert length & 0x80, 'a client must mask its frames'
    length &= 0x7F
    if length >= 126:
        length = int.from_bytes(exactly(2 if length == 126 else 8), 'big')
    key = exactly(4)
    return first, apply_mask(key, exactly(length))


def accept_key(request: bytes) -> bytes:
    """What a handshake must be answered with (section 4.2.2)."""
    headers = dict(line.split(': ', 1) for line in request.decode().split('\r\n')[1:] if line)
    guid = b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
    return base64.b64encode(hashlib.sha1(headers['Sec-WebSocket-Key'].encode() + guid).digest())
