import unittest
from xml.dom.minidom import parseString

from . import root  # noqa: F401
from psp_client.declarations import load_operations
from psp_client.job import Order
from psp_client.made_with import SOURCE_TYPE, made_with, note_made_layers
from psp_client.messages import Patch, Pixels

NAME = 'Edit · face 1 · “starter” <顔>\n'


def order(id, **parameters):
    operation = {operation.id: operation for operation in load_operations()}[id]
    return Order(operation, parameters, 'all', None, True)


def patch(seed):
    return Patch({'model': 'starter', 'seed': seed}, Pixels(1, 1, 8, bytes(4)), b'\xff')


def said(packet):
    """Each field's name with its text, in order."""
    items = parseString(packet.strip('\ufeff')).getElementsByTagName('rdf:li')
    return [[(field.tagName, field.firstChild.data) for field in item.childNodes] for item in items]


class MadeWith(unittest.TestCase):
    def test_each_layer_tells_what_makes_it_again(self):
        made = made_with(order('resample-style', variants=3, seed=7, alpha=1.0, styles=['fine']), patch(9), NAME)
        packet = note_made_layers('', [made])
        self.assertEqual(
            said(packet),
            [[
                ('pspLayers:layer', NAME.replace('\n', ' ')), ('pspLayers:operation', 'resample-style'),
                ('pspLayers:model', 'starter'), ('pspLayers:seed', '9'),
                ('pspLayers:settings', '{"alpha":1,"styles":["fine"]}'),
            ]],
        )
        self.assertIn(f'DigitalSourceType>{SOURCE_TYPE}<', packet)

    def test_later_layers_follow_the_earlier_and_what_was_not_drawn_has_no_seed(self):
        first = made_with(order('edit', smile=0.6), patch(None), 'A')
        second = made_with(order('inpaint'), patch(1), 'B')
        twice = note_made_layers(note_made_layers('', [first]), [second])
        self.assertEqual([dict(item)['pspLayers:operation'] for item in said(twice)], ['edit', 'inpaint'])
        self.assertNotIn('pspLayers:seed', dict(said(twice)[0]))
        self.assertEqual(twice.count('</Iptc4xmpExt:DigitalSourceType>'), 1)


if __name__ == '__main__':
    unittest.main()
