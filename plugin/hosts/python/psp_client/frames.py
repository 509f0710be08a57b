"""WebSocket frames and messages (RFC 6455, sections 5 to 8), as values: no socket in here."""

from __future__ import annotations

from enum import IntEnum
from typing import Iterator, NamedTuple, Optional, Union


class Opcode(IntEnum):
    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class CloseCode(IntEnum):
    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    NO_STATUS = 1005
    ABNORMAL = 1006
    BAD_TEXT = 1007
    TOO_BIG = 1009


class WebSocketBreach(Exception):
    """The peer broke the protocol; `code` is what the connection must be closed with."""

    def __init__(self, code: CloseCode, message: str):
        super().__init__(message)
        self.code = code


class Frame(NamedTuple):
    final: bool
    opcode: Opcode
    payload: bytes


class Text(NamedTuple):
    text: str


class Binary(NamedTuple):
    data: bytes


class Ping(NamedTuple):
    data: bytes


class Pong(NamedTuple):
    data: bytes


class Close(NamedTuple):
    code: int
    reason: str


Message = Union[Text, Binary, Ping, Pong, Close]


def apply_mask(key: bytes, payload: bytes) -> bytes:
    """XORs with the repeated 4-byte key (section 5.3); its own inverse. One big integer is the
    fastest way that the standard library has: 1 MiB in about a millisecond."""
    size = len(payload)
    repeated = (key * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, 'little') ^ int.from_bytes(repeated, 'little')
    return mixed.to_bytes(size, 'little')


def encode_frame(opcode: Opcode, payload: bytes, key: bytes, final: bool = True) -> bytes:
    """A client's frame: always masked, with the shortest form of its length."""
    size = len(payload)
    head = bytes([(0x80 if final else 0) | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 1 << 16:
        head += bytes([0x80 | 126]) + size.to_bytes(2, 'big')
    else:
        head += bytes([0x80 | 127]) + size.to_bytes(8, 'big')
    return head + key + apply_mask(key, payload)


def close_payload(code: int, reason: str) -> bytes:
    """A reason is cut to the 123 bytes that a control frame has room for, at a whole character."""
    cut = reason.encode('utf-8')[:123].decode('utf-8', 'ignore')
    return code.to_bytes(2, 'big') + cut.encode('utf-8')


class FrameDecoder:
    """Cuts a server's bytes into frames. Lengths are judged before anything is kept for them."""

    def __init__(self, max_payload: int):
        self._max_payload = max_payload
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Raises WebSocketBreach; after that the decoder is of no more use."""
        self._bytes += data
        while True:
            frame = self._take()
            if frame is None:
                return
            yield frame

    def _take(self) -> Optional[Frame]:
        data = self._bytes
        if len(data) < 2:
            return None
        opcode = self._opcode(data[0])
        final = bool(data[0] & 0x80)
        if data[1] & 0x80:
            raise _breach('a server must not mask its frames')
        length = data[1] & 0x7F
        if opcode >= Opcode.CLOSE and (length > 125 or not final):
            raise _breach('a control frame must be whole and at most 125 bytes long')
        start = 2 + {126: 2, 127: 8}.get(length, 0)
        if len(data) < start:
            return None
        if length >= 126:
            length = self._long_length(length, bytes(data[2:start]))
        if length > self._max_payload:
            raise WebSocketBreach(
                CloseCode.TOO_BIG, f'a frame of {length} bytes; at most {self._max_payload} are read'
            )
        end = start + length
        if len(data) < end:
            return None
        payload = bytes(memoryview(data)[start:end])
        del data[:end]
        return Frame(final, opcode, payload)

    @staticmethod
    def _opcode(first: int) -> Opcode:
        if first & 0x70:
            raise _breach('reserved bits are set, though no extension was agreed on')
        try:
            return Opcode(first & 0x0F)
        except ValueError:
            raise _breach(f'there is no opcode {first & 0x0F}') from None

    @staticmethod
    def _long_length(form: int, extended: bytes) -> int:
        length = int.from_bytes(extended, 'big')
        if length < (126 if form == 126 else 1 << 16) or length >> 63:
            raise _breach('a length must be written in its shortest form')
        return length


class MessageAssembler:
    """Joins fragments; control frames may stand between them (section 5.4)."""

    def __init__(self, max_message: int):
        self._max_message = max_message
        self._opcode: Optional[Opcode] = None
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, frame: Frame) -> Optional[Message]:
        """The message that this frame completes. Raises WebSocketBreach."""
        if frame.opcode == Opcode.PING:
            return Ping(frame.payload)
        if frame.opcode == Opcode.PONG:
            return Pong(frame.payload)
        if frame.opcode == Opcode.CLOSE:
            return _decode_close(frame.payload)
        if (frame.opcode == Opcode.CONTINUATION) != (self._opcode is not None):
            raise _breach('fragments of messages are mixed up')
        opcode = self._opcode or frame.opcode
        self._size += len(frame.payload)
        if self._size > self._max_message:
            raise WebSocketBreach(
                CloseCode.TOO_BIG, f'a message of more than {self._max_message} bytes'
            )
        self._parts.append(frame.payload)
        if not frame.final:
            self._opcode = opcode
            return None
        payload = b''.join(self._parts)
        self._opcode, self._parts, self._size = None, [], 0
        return Binary(payload) if opcode == Opcode.BINARY else Text(_decode_text(payload))


def _decode_close(payload: bytes) -> Close:
    if not payload:
        return Close(CloseCode.NO_STATUS, '')
    code = int.from_bytes(payload[:2], 'big')
    # Section 7.4: 1004 to 1006 and 1015 may never be sent, the ranges outside are nobody's.
    known = code in range(1000, 1015) and code not in (1004, 1005, 1006)
    if len(payload) == 1 or not (known or code in range(3000, 5000)):
        raise _breach('a close frame with a code that may not be sent')
    return Close(code, _decode_text(payload[2:]))


def _decode_text(payload: bytes) -> str:
    try:
        return payload.decode('utf-8')
    except UnicodeDecodeError as error:
        raise WebSocketBreach(CloseCode.BAD_TEXT, 'text that is not UTF-8') from error


def _breach(message: str) -> WebSocketBreach:
    return WebSocketBreach(CloseCode.PROTOCOL_ERROR, message)
