import base64
import json
import unittest
from pathlib import Path

from . import root
from .replay_server import ReplayServer
from psp_client.bridge import Bridge
from psp_client.messages import Pixels, Region, new_name
from psp_client.errors import PspError
from psp_client.websocket import WebSocket

EXCHANGES = Path(root) / 'test' / 'conformance' / 'exchanges'


def pixels(recorded: dict) -> Pixels:
    data = base64.b64decode(recorded['bytes'])
    return Pixels(recorded['width'], recorded['height'], recorded['depth'], data)


def region(recorded: dict) -> Region:
    hole = recorded['hole'] and base64.b64decode(recorded['hole'])
    return Region(
        recorded['bounds'], pixels(recorded['pixels']), recorded['face'], recorded['faceNumber'], hole
    )


def described(patch) -> dict:
    return {
        'name': patch.about['name'],
        'bounds': patch.about['bounds'],
        'pixels': {
            'width': patch.pixels.width,
            'height': patch.pixels.height,
            'depth': patch.pixels.depth,
            'bytes': base64.b64encode(patch.pixels.data).decode(),
        },
        'mask': base64.b64encode(patch.mask).decode(),
    }


class Conformance(unittest.TestCase):
    """Every exchange that was recorded from the real server, played to this client."""

    def perform(self, port: int, call: dict) -> dict:
        try:
            websocket = WebSocket.connect('127.0.0.1', port, timeout=10)
            self.addCleanup(websocket.close)
            bridge = Bridge(websocket)
            bridge.greet('Test', '0.0.0', new_name(), 'token', port)
            if call['kind'] == 'connect':
                return {'kind': 'connected'}
            if call['kind'] == 'find-faces':
                return {'kind': 'faces', 'count': len(bridge.find_faces(pixels(call['preview'])))}
            job = new_name()
            bridge.run(
                job, call['operation'], call['model'], call['parameters'], call['priority'],
                [region(recorded) for recorded in call['regions']],
            )
            bridge.wait(job, lambda progress: None)
            return {'kind': 'patches', 'patches': [described(patch) for patch in bridge.fetch(job)]}
        except PspError as error:
            return {'kind': 'error', 'code': error.code}

    def play(self, exchange: dict) -> None:
        call = exchange['call']
        if any(recorded['latents'] for recorded in call.get('regions', [])):
            self.skipTest('the filters start from pixels, never from saved latents')
        server = ReplayServer(exchange)
        self.addCleanup(server.close)
        outcome = self.perform(server.port, call)
        wanted = {key: value for key, value in exchange['outcome'].items() if key != 'latents'}
        self.assertEqual(server.complaints, [])
        self.assertEqual(outcome, wanted)


    def test_there_are_exchanges(self):
        self.assertGreater(len(list(EXCHANGES.glob('*.json'))), 5)


def add_test(file: Path) -> None:
    def test(self):
        self.play(json.loads(file.read_text(encoding='utf-8')))

    setattr(Conformance, f'test_{file.stem.replace("-", "_")}', test)


for recorded_file in sorted(EXCHANGES.glob('*.json')):
    add_test(recorded_file)

if __name__ == '__main__':
    unittest.main()
