"""Frames as a server, also a broken one, would send them."""


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
