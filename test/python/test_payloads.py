import unittest

from . import root  # noqa: F401
from psp_client.errors import PspError
from psp_client.payloads import MAX_CHUNK_BYTES, PayloadReader, encode_chunks


def chunk(stream: int, offset: int, total: int, data: bytes, magic: bytes = b'PSPL') -> bytes:
    head = b''.join(number.to_bytes(4, 'little') for number in (stream, offset, total))
    return magic + head + data


class Encoding(unittest.TestCase):
    def test_a_payload_is_cut_into_frames_of_one_mebibyte(self):
        payload = bytes(range(256)) * 8192
        frames = list(encode_chunks(7, payload))
        self.assertEqual([len(frame) for frame in frames], [1 << 20, 1 << 20, 16 + 32])
        self.assertEqual(frames[1][:16], chunk(7, MAX_CHUNK_BYTES, len(payload), b''))
        self.assertEqual(b''.join(frame[16:] for frame in frames), payload)


class Reading(unittest.TestCase):
    def test_streams_may_interleave(self):
        reader = PayloadReader({1: 4, 2: 3})
        for frame in [chunk(1, 0, 4, b'ab'), chunk(2, 0, 3, b'xyz'), chunk(1, 2, 4, b'cd')]:
            self.assertFalse(reader.done)
            reader.add(frame)
        self.assertTrue(reader.done)
        self.assertEqual((reader.take(1), reader.take(2)), (b'abcd', b'xyz'))

    def test_what_no_honest_bridge_sends(self):
        for name, frame in {
            'no header': b'PSPL',
            'a header alone': chunk(1, 0, 4, b''),
            'another magic': chunk(1, 0, 4, b'ab', b'PSPX'),
            'a strange stream': chunk(9, 0, 4, b'ab'),
            'another total': chunk(1, 0, 5, b'ab'),
            'a gap': chunk(1, 2, 4, b'cd'),
            'too much': chunk(1, 0, 4, b'abcde'),
            'a huge frame': chunk(1, 0, 4, bytes(1 << 20)),
        }.items():
            with self.subTest(name), self.assertRaises(PspError) as caught:
                PayloadReader({1: 4}).add(frame)
            self.assertEqual(caught.exception.code, 'BAD_MESSAGE')

    def test_a_finished_stream_takes_no_more(self):
        reader = PayloadReader({1: 2, 2: 1})
        reader.add(chunk(1, 0, 2, b'ab'))
        with self.assertRaises(PspError):
            reader.add(chunk(1, 0, 2, b'ab'))


if __name__ == '__main__':
    unittest.main()
