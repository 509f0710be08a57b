import queue
import unittest
from unittest import mock

from . import root  # noqa: F401
from .scripted_bridge import ScriptedSocket, chunks
from psp_client.bridge import Bridge
from psp_client.messages import Pixels, Region
from psp_client.host import Host
from psp_client.live_preview import LivePreview, Wish

REGION = Region({}, Pixels(1, 1, 8, bytes(4)), None, None, None)
JOB = 'j' * 32


def wish(smile, model='starter', region=REGION):
    return Wish('edit', model, {'smile': smile}, region)


class Previewing(unittest.TestCase):
    def setUp(self):
        self.sockets = []
        self.pictures = queue.Queue()
        for patch in [
            mock.patch('psp_client.live_preview.connect', self.connect),
            mock.patch('psp_client.live_preview.new_name', return_value=JOB),
        ]:
            patch.start()
            self.addCleanup(patch.stop)
        self.live = LivePreview(Host('Editor', ''), lambda *seen: self.pictures.put(seen))
        self.addCleanup(self.live.close)

    def connect(self, *_):
        shown = {'width': 1, 'height': 1, 'depth': 8, 'stream': 8}
        layer = {'pixels': {**shown, 'stream': 5}, 'mask': {'stream': 6}, 'placing': 'kept'}
        socket = ScriptedSocket({
            'run': [{'result': {'job': JOB}}, {'event': 'finished', 'params': {'job': JOB}}],
            'fetch': [{'result': {'patches': [layer]}}, *chunks(5, b'rgba'), *chunks(6, b'm')],
            'latents': [{'result': {'latents': {'stream': 7, 'bytes': 3}}}, *chunks(7, b'npy')],
            'preview': [{'result': {'pixels': shown, 'identity': 0.5}}, *chunks(8, b'rgba')],
        })
        self.sockets.append(socket)
        return Bridge(socket)

    def seen(self, *wished):
        self.live.show(*wished)
        return self.pictures.get(timeout=10)

    def methods(self):
        return [[request['method'] for request in socket.requests()] for socket in self.sockets]

    def test_a_face_is_encoded_once_and_then_only_drawn(self):
        self.assertEqual(self.seen(wish(0.1)), (Pixels(1, 1, 8, b'rgba'), 0.5))
        self.seen(wish(0.2))
        self.assertEqual(self.methods(), [['run', 'fetch', 'latents', 'forget', 'preview'], ['preview']])
        asked = [socket.requests()[-1]['params'] for socket in self.sockets]
        self.assertEqual([params['placing'] for params in asked], ['kept', 'kept'])

    def test_another_model_or_face_is_encoded_anew(self):
        self.seen(wish(0.1))
        self.seen(wish(0.1, model='other'))
        self.seen(wish(0.1, model='other', region=REGION._replace(face_number=2)))
        self.assertEqual([methods[0] for methods in self.methods()], ['run', 'run', 'run'])


if __name__ == '__main__':
    unittest.main()
