import unittest

from . import root  # noqa: F401
from .scripted_bridge import chunks, scripted
from psp_client.messages import Patch, Pixels, Region
from psp_client.declarations import is_share, load_operations
from psp_client.errors import PspError
from psp_client.geometry import Bounds
from psp_client.job import Order, check_size, group_name, is_shown, layer_names, run_job
from psp_client.words import Words

JOB = 'j' * 16


def patch(name, seed=None, face=None, variant=1):
    about = {'name': name, 'seed': seed, 'faceNumber': face, 'variant': variant, 'model': 'starter'}
    return Patch(about, Pixels(1, 1, 8, bytes(4)), b'\xff')


class Names(unittest.TestCase):
    def test_a_single_layer_keeps_the_bridges_name(self):
        self.assertEqual(layer_names([patch('Edit · face 1 · starter', None, 1)]), ['Edit · face 1 · starter'])

    def test_of_several_what_tells_them_apart_comes_first(self):
        several = [patch('A', 7, 1), patch('B', 8, 2, 2), patch('C', None, 3), patch('D', 9)]
        self.assertEqual(
            layer_names(several),
            ['seed 7 · face 1 · starter', 'seed 8 · face 2 · starter', 'face 3 · starter', 'seed 9 · starter'],
        )
        self.assertEqual([is_shown(one) for one in several], [True, False, True, True])

    def test_a_group_is_called_alike_in_every_language(self):
        korean = {operation.id: operation for operation in load_operations('ko')}['frontalize']
        order = Order(korean, {}, 'all', None, True)
        self.assertEqual(group_name(order, 'Photo'), 'Frontalize · Photo')


class Running(unittest.TestCase):
    order = Order(load_operations()[0], {'area': 'face'}, 'all', None, False)

    def test_a_job_is_put_waited_for_fetched_and_forgotten(self):
        header = {'width': 1, 'height': 1, 'depth': 8, 'stream': 4}
        about = {'pixels': header, 'mask': {'stream': 5}}
        bridge, socket = scripted(
            run=[{'result': {'job': JOB}}, {'event': 'finished', 'params': {'job': JOB}}],
            fetch=[{'result': {'patches': [about]}}, *chunks(4, b'rgba'), *chunks(5, b'm')],
        )
        region = Region({}, Pixels(1, 1, 8, bytes(4)), None, None, None)
        made = run_job(bridge, JOB, self.order, [region], lambda progress: None)
        self.assertEqual(made, [Patch(about, Pixels(1, 1, 8, b'rgba'), b'm')])
        self.assertEqual([request['method'] for request in socket.requests()], ['run', 'fetch', 'forget'])
        self.assertEqual(socket.requests()[0]['params']['priority'], 'batch')

    def test_an_answer_without_a_layer_is_an_error(self):
        bridge, _ = scripted(
            run=[{'result': {'job': JOB}}, {'event': 'finished', 'params': {'job': JOB}}], fetch={'patches': []}
        )
        with self.assertRaises(PspError):
            run_job(bridge, JOB, self.order, [], lambda progress: None)

    def test_a_region_over_the_limit_is_refused(self):
        check_size(Bounds(0, 0, 10, 10), 100)
        with self.assertRaises(PspError) as caught:
            check_size(Bounds(0, 0, 10, 11), 100)
        self.assertEqual(caught.exception.code, 'TOO_LARGE')


class Languages(unittest.TestCase):
    def test_korean_where_it_is_asked_for(self):
        self.assertEqual([Words(name).language for name in ('ko_KR', 'ko-KR', 'de_DE', 'C')], ['ko', 'ko', 'en', 'en'])
        self.assertEqual(Words('ko').say('Run'), '실행')
        self.assertEqual(Words('en').say('Run'), 'Run')

    def test_declarations_are_shown_in_korean_and_sent_as_declared(self):
        english, korean = load_operations(), load_operations('ko')
        for one, other in zip(english, korean):
            self.assertEqual((one.id, one.name), (other.id, other.name))
            self.assertNotEqual(one.label, other.label)
            for declared, shown in zip(one.parameters, other.parameters):
                self.assertNotEqual(declared['label'], shown['label'])
                self.assertEqual(
                    [choice['value'] for choice in declared.get('choices', [])],
                    [choice['value'] for choice in shown.get('choices', [])],
                )

    def test_progress_in_words(self):
        self.assertEqual(Words('en').progress('decode', 0, 2.6), 'Decoding, 3 s left')
        self.assertEqual(Words('en').progress(None, 2, None), 'Waiting, for 2 others')
        self.assertEqual(Words('en').progress('polish', 0, 0.2), 'Working')

    def test_shares_are_told_from_other_numbers(self):
        shares = {p['name'] for o in load_operations() for p in o.parameters if p['kind'] == 'number' and is_share(p)}
        self.assertLessEqual({'keep', 'feather', 'smile'}, shares)
        self.assertFalse({'head', 'age', 'variants'} & shares)


if __name__ == '__main__':
    unittest.main()
