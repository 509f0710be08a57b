import unittest
from unittest import mock

from .scripted_bridge import chunks, scripted
from psp_client.messages import Patch, Pixels, Progress, Region, new_name
from psp_client.errors import PspError
from psp_client.proof import Greeting, proof_of
from psp_client.websocket import WebSocketClosed

JOB = 'j' * 16
QUEUED = {'result': {'job': JOB}}
FAILURE = {'code': 'NO_FACE', 'message': 'No face. Choose another layer.', 'retryable': False}


def event(name, **params):
    return {'event': name, 'params': {'job': JOB, **params}}


def progress(stage, done, total, remaining=None):
    return event('progress', stage=stage, done=done, total=total, remainingMs=remaining)


class Conversation(unittest.TestCase):
    def refused(self, call, code):
        with self.assertRaises(PspError) as caught:
            call()
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def test_both_sides_prove_the_token_and_nobody_says_it(self):
        greeting = Greeting(9477, 'i' * 16, 'n' * 32, 's' * 32)
        bridge, socket = scripted(
            hello={'nonce': 's' * 32, 'proof': proof_of('secret', 'server', greeting)},
            prove={'limits': {'regionPixels': 5}},
        )
        with mock.patch('psp_client.bridge.new_name', return_value='n' * 32):
            bridge.greet('Editor', '0.1.0', 'i' * 16, 'secret', 9477)
        self.assertEqual(bridge.limits, {'regionPixels': 5})
        hello, prove = (request['params'] for request in socket.requests())
        self.assertEqual((hello['protocol'], hello['instance'], hello['by']), (2, 'i' * 16, 'token'))
        self.assertEqual(prove, {'proof': proof_of('secret', 'client', greeting)})
        self.assertNotIn('secret', str(socket.sent))

    def test_a_program_that_took_the_port_is_told_no_more_than_hello(self):
        bridge, socket = scripted(hello={'nonce': 's' * 32, 'proof': '0' * 64})
        error = self.refused(lambda: bridge.greet('Editor', '0.1.0', 'i' * 16, 'secret', 9477), 'NOT_PAIRED')
        self.assertIn('port 9477 could not prove', error.message)
        self.assertEqual([request['method'] for request in socket.requests()], ['hello'])

    def test_pixels_are_announced_and_follow(self):
        bridge, socket = scripted(find_faces={'faces': [1]})
        preview = Pixels(2, 1, 8, bytes(range(8)))
        self.assertEqual(bridge.find_faces(preview, 2.5), [1])
        header = {'width': 2, 'height': 1, 'depth': 8, 'stream': 1}
        sent = dict(socket.requests()[0]['params'])
        self.assertRegex(sent.pop('job'), r'^[0-9a-f]{32}$')
        self.assertEqual(sent, {'preview': header, 'documentScale': 2.5})
        self.assertEqual(socket.sent[1], chunks(1, bytes(range(8)))[0])

    def test_streams_are_numbered_through_the_whole_conversation(self):
        bridge, socket = scripted(find_faces={'faces': []})
        pixels = Pixels(1, 1, 8, bytes(4))
        bridge.find_faces(pixels)
        bridge.run(JOB, 'inpaint', None, {}, 'batch', [Region({}, pixels, None, None, b'\xff')])
        region = socket.requests()[1]['params']['regions'][0]
        self.assertEqual((region['pixels']['stream'], region['hole']['stream']), (2, 3))

    def test_a_refusal_ends_the_sending(self):
        bridge, socket = scripted(find_faces=[{'error': FAILURE}])
        error = self.refused(lambda: bridge.find_faces(Pixels(1024, 1024, 8, bytes(4 << 20))), 'NO_FACE')
        self.assertEqual(error.message, FAILURE['message'])
        self.assertEqual(len(socket.sent), 2)

    def waiting(self, *messages, heard=None):
        """Waits for a job of which the bridge says these things, its answer among them."""
        bridge, socket = scripted(run=list(messages))
        bridge.run(JOB, 'reconstruct', None, {}, 'batch', [])
        bridge.wait(JOB, (heard if heard is not None else []).append)

    def test_waiting_tells_of_progress_and_ends(self):
        heard = []
        self.waiting(
            QUEUED, event('queued', place=2), progress('encode', 1, 4, 3000),
            {'event': 'models-changed', 'params': {}}, event('finished'), heard=heard,
        )
        self.assertEqual(heard, [Progress(None, 2, 0.0, None), Progress('encode', 0, 0.25, 3.0)])

    def test_a_job_that_ends_before_anyone_waits(self):
        self.waiting(event('finished'), QUEUED)

    def test_another_thread_may_ask_to_cancel_what_is_waited_for(self):
        cancelled = {'code': 'CANCELLED', 'message': 'Cancelled.', 'retryable': False}
        bridge, socket = scripted(
            run=[QUEUED, progress('encode', 1, 4)],
            cancel=[event('failed', error=cancelled), {'result': {}}],
            capabilities={'models': ['next']},
        )
        bridge.run(JOB, 'reconstruct', None, {}, 'batch', [])
        bridge.ask_to_cancel(JOB)
        self.refused(lambda: bridge.wait(JOB, lambda progress: None), 'CANCELLED')
        self.assertEqual(socket.requests()[1]['params'], {'job': JOB})
        self.assertEqual(bridge.models(), ['next'])

    def test_codes_come_and_are_shown_under_another_edit(self):
        shown = {'width': 1, 'height': 1, 'depth': 8, 'stream': 8}
        bridge, socket = scripted(
            latents=[{'result': {'latents': {'stream': 7, 'bytes': 3}}}, *chunks(7, b'npy')],
            preview=[{'result': {'pixels': shown, 'identity': 0.9}}, *chunks(8, b'rgba')],
        )
        codes = bridge.source_codes(JOB)
        picture, likeness = bridge.preview('edit', 'starter', {'smile': 1}, codes, 'kept')
        self.assertEqual((picture, likeness), (Pixels(1, 1, 8, b'rgba'), 0.9))
        sent = socket.requests()[1]['params']
        self.assertEqual(sent['latents'], {'stream': 1, 'bytes': 3})
        self.assertIn(chunks(1, b'npy')[0], socket.sent)

    def test_other_jobs_are_not_ours(self):
        other = {'event': 'failed', 'params': {'job': 'x' * 16, 'error': FAILURE}}
        self.waiting(QUEUED, other, event('finished'))

    def test_a_failed_job_is_told_in_the_bridges_words(self):
        error = self.refused(lambda: self.waiting(QUEUED, event('failed', error=FAILURE)), 'NO_FACE')
        self.assertEqual(error.message, FAILURE['message'])

    def test_layers_come_with_their_payloads_in_any_order(self):
        header = {'width': 2, 'height': 1, 'depth': 16, 'stream': 4}
        about = {'name': 'New', 'pixels': header, 'mask': {'stream': 5}}
        bridge, _ = scripted(fetch=[
            {'result': {'patches': [about]}}, *chunks(5, b'\x07\x08'), *chunks(4, bytes(range(16))),
        ])
        patch = Patch(about, Pixels(2, 1, 16, bytes(range(16))), b'\x07\x08')
        self.assertEqual(bridge.fetch(JOB), [patch])

    def test_a_goodbye_is_the_reason(self):
        leave = {'code': 'CONNECTION_LOST', 'message': 'Stopped. Start it again.', 'retryable': True}
        goodbye = {'event': 'goodbye', 'params': {'error': leave}}
        error = self.refused(lambda: self.waiting(QUEUED, goodbye), 'CONNECTION_LOST')
        self.assertEqual(error.message, 'Stopped. Start it again.')

    def test_a_bridge_that_is_gone(self):
        gone = WebSocketClosed(1006, 'reset')
        error = self.refused(lambda: self.waiting(QUEUED, gone), 'CONNECTION_LOST')
        self.assertIn('Nothing was changed', error.message)

    def test_a_bridge_that_is_silent_is_asked_and_given_up(self):
        bridge, socket = scripted()
        error = self.refused(lambda: bridge.wait(JOB, print), 'CONNECTION_LOST')
        self.assertIn('silent', error.message)
        self.assertEqual(socket.sent, ['ping'])

    def test_what_no_honest_bridge_says(self):
        for said in [
            [b'PSPL' + bytes(13)],
            [{'id': 99, 'result': {}}],
        ]:
            bridge, _ = scripted(capabilities=said)
            self.refused(bridge.models, 'BAD_MESSAGE')

    def test_names_are_random_and_fit_the_protocol(self):
        self.assertRegex(new_name(), r'^[0-9a-f]{32}$')
        self.assertNotEqual(new_name(), new_name())


if __name__ == '__main__':
    unittest.main()
