import random
import unittest

from . import server_frames as server
from .server_frames import server_frame
from psp_client.frames import (
    Binary,
    Close,
    CloseCode,
    FrameDecoder,
    MessageAssembler,
    Opcode,
    Ping,
    Pong,
    Text,
    WebSocketBreach,
    apply_mask,
    close_payload,
    encode_frame,
)


def messages(data: bytes, step: int = 1 << 20, limit: int = 1 << 20) -> list:
    """What the bytes say when they arrive `step` at a time."""
    decoder, assembler = FrameDecoder(limit), MessageAssembler(limit)
    said = []
    for start in range(0, len(data), step):
        for frame in decoder.feed(data[start : start + step]):
            message = assembler.add(frame)
            if message is not None:
                said.append(message)
    return said


class Encoding(unittest.TestCase):
    def test_masked_hello_of_the_standard(self):
        # RFC 6455, section 5.7, "A single-frame masked text message".
        frame = encode_frame(Opcode.TEXT, b'Hello', bytes.fromhex('37fa213d'))
        self.assertEqual(frame.hex(), '818537fa213d7f9f4d5158')

    def test_lengths_take_their_shortest_form(self):
        key = bytes(4)
        for size, head in [
            (0, '8280'),
            (125, '82fd'),
            (126, '82fe007e'),
            (65535, '82feffff'),
            (65536, '82ff0000000000010000'),
        ]:
            frame = encode_frame(Opcode.BINARY, bytes(size), key)
            self.assertEqual(frame.hex()[: len(head)], head)
            self.assertEqual(len(frame), len(head) // 2 + 4 + size)

    def test_the_mask_is_its_own_inverse_at_every_length(self):
        rng = random.Random(1)
        for size in [*range(10), 1000, 65537]:
            key, payload = rng.randbytes(4), rng.randbytes(size)
            masked = apply_mask(key, payload)
            self.assertEqual(masked, bytes(b ^ key[i % 4] for i, b in enumerate(payload)))
            self.assertEqual(apply_mask(key, masked), payload)

    def test_a_reason_is_cut_at_a_whole_character(self):
        payload = close_payload(1000, 'ü' * 100)
        self.assertEqual(payload[2:].decode(), 'ü' * 61)
        self.assertLessEqual(len(payload), 125)


class Decoding(unittest.TestCase):
    def test_the_examples_of_the_standard(self):
        # RFC 6455, section 5.7.
        self.assertEqual(messages(bytes.fromhex('810548656c6c6f')), [Text('Hello')])
        self.assertEqual(messages(bytes.fromhex('010348656c80026c6f')), [Text('Hello')])
        self.assertEqual(messages(bytes.fromhex('890548656c6c6f')), [Ping(b'Hello')])
        self.assertEqual(messages(bytes.fromhex('827e0100') + bytes(256)), [Binary(bytes(256))])
        self.assertEqual(
            messages(bytes.fromhex('827f0000000000010000') + bytes(65536)), [Binary(bytes(65536))]
        )

    def test_any_cut_of_the_stream_says_the_same(self):
        data = (
            server_frame(server.BINARY_BEGIN, b'ab')
            + server_frame(server.PING, b'?')
            + server_frame(server.CONTINUE, b'')
            + server_frame(server.PONG, b'!')
            + server_frame(server.CONTINUE_END, b'c' * 300)
            + server_frame(server.TEXT, 'süß'.encode())
            + server_frame(server.CLOSE, close_payload(1001, 'bye'))
        )
        said = [
            Ping(b'?'),
            Pong(b'!'),
            Binary(b'ab' + b'c' * 300),
            Text('süß'),
            Close(1001, 'bye'),
        ]
        for step in [1, 2, 3, 7, 64, len(data)]:
            self.assertEqual(messages(data, step), said, f'{step} bytes at a time')

    def test_a_close_without_a_code(self):
        self.assertEqual(messages(server_frame(server.CLOSE)), [Close(CloseCode.NO_STATUS, '')])


class Hostile(unittest.TestCase):
    def breach(self, data: bytes, code: CloseCode = CloseCode.PROTOCOL_ERROR, limit: int = 1 << 20):
        with self.assertRaises(WebSocketBreach) as caught:
            messages(data, limit=limit)
        self.assertEqual(caught.exception.code, code)

    def test_reserved_bits_and_opcodes(self):
        for first in [0xC1, 0xA1, 0x91, 0x83, 0x87, 0x8B, 0x8F]:
            self.breach(server_frame(first, b'x'))

    def test_a_masked_frame(self):
        self.breach(b'\x81\x85' + bytes(9))

    def test_lengths_in_a_longer_form_than_needed(self):
        self.breach(b'\x82\x7e\x00\x7d' + bytes(125))
        self.breach(b'\x82\x7f' + (65535).to_bytes(8, 'big'))

    def test_a_length_with_its_highest_bit_set(self):
        self.breach(b'\x82\x7f' + (1 << 63).to_bytes(8, 'big'))

    def test_a_huge_length_is_refused_before_its_bytes_come(self):
        self.breach(b'\x82\x7f' + (1 << 40).to_bytes(8, 'big'), CloseCode.TOO_BIG)

    def test_fragments_that_add_up_to_too_much(self):
        part = server_frame(server.BINARY_BEGIN, bytes(60)) + server_frame(server.CONTINUE, bytes(60))
        self.breach(part, CloseCode.TOO_BIG, limit=100)

    def test_control_frames_that_are_long_or_in_pieces(self):
        self.breach(server_frame(server.PING, bytes(126)))
        self.breach(server_frame(0x09, b'x'))
        self.breach(server_frame(0x08))

    def test_fragments_out_of_order(self):
        self.breach(server_frame(server.CONTINUE_END, b'x'))
        self.breach(server_frame(server.TEXT_BEGIN, b'x') + server_frame(server.TEXT, b'y'))

    def test_text_that_is_not_utf_8(self):
        self.breach(server_frame(server.TEXT, b'\xff'), CloseCode.BAD_TEXT)
        self.breach(server_frame(server.CLOSE, b'\x03\xe8\xff'), CloseCode.BAD_TEXT)

    def test_a_character_cut_by_fragments_is_whole_again(self):
        data = server_frame(server.TEXT_BEGIN, b'\xc3') + server_frame(server.CONTINUE_END, b'\xbc')
        self.assertEqual(messages(data), [Text('ü')])

    def test_close_codes_that_may_not_be_sent(self):
        for payload in [b'x', *(code.to_bytes(2, 'big') for code in (0, 999, 1004, 1005, 1006, 1015, 2000, 5000))]:
            self.breach(server_frame(server.CLOSE, payload))

    def test_random_bytes_never_do_worse_than_a_breach(self):
        rng = random.Random(2)
        for _ in range(2000):
            try:
                messages(rng.randbytes(rng.randrange(1, 200)))
            except WebSocketBreach:
                pass


if __name__ == '__main__':
    unittest.main()
