import unittest

from . import root  # noqa: F401
from .scripted_bridge import chunks, scripted
from psp_client.declarations import load_parts
from psp_client.geometry import Bounds
from psp_client.messages import Pixels
from psp_client.parts import Area, find_part, join_areas, pieces_of


def face(left, top, right, bottom):
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return {
        'quad': [{'x': x, 'y': y} for x, y in corners], 'bounds': Bounds(left, top, right, bottom).to_json(),
        'landmarks': {}, 'contour': [], 'refusal': None, 'yaw': 0,
    }


def read(bounds):
    return Pixels(bounds.width, bounds.height, 8, bytes(bounds.width * bounds.height * 4))


class Parts(unittest.TestCase):
    def test_each_chosen_face_is_asked_for_in_its_own_pixels(self):
        layer = Bounds(-10, 0, 90, 60)
        pieces = pieces_of([face(0, 0, 32, 32), face(60, 20, 76, 36)], 'all', layer, 'Photo', read)
        self.assertEqual([piece.bounds for piece in pieces], [Bounds(-2, 0, 34, 34), Bounds(59, 19, 77, 37)])
        self.assertEqual(pieces[0].quad[0], {'x': 2, 'y': 0})
        self.assertEqual(len(pieces_of([face(0, 0, 32, 32)] * 2, 2, layer, 'Photo', read)), 1)

    def test_what_a_face_does_not_show_is_left_out(self):
        pieces = pieces_of([face(0, 0, 2, 2), face(8, 8, 10, 10)], 'all', Bounds(0, 0, 10, 10), 'Photo', read)
        sizes = [piece.pixels.width * piece.pixels.height for piece in pieces]
        masks = [bytes([200]) * sizes[0], bytes([127]) * sizes[1]]
        for piece, mask, shown in zip(pieces, masks, [True, False]):
            bridge, socket = scripted(select_part=[{'result': {'mask': {'stream': 7}}}, *chunks(7, mask)])
            self.assertEqual(find_part(bridge, [piece], 'hair'), [Area(piece.bounds, mask)] if shown else [])
        asked = socket.requests()[0]
        self.assertEqual((asked['method'], asked['params']['part']), ('select-part', 'hair'))
        self.assertEqual(asked['params']['quad'], pieces[1].quad)

    def test_areas_are_joined_on_the_canvas(self):
        areas = [Area(Bounds(-1, 0, 2, 1), bytes([9, 255, 100])), Area(Bounds(1, 0, 3, 1), bytes([200, 50]))]
        self.assertEqual(list(join_areas(areas, Bounds(0, 0, 4, 2))), [255, 200, 50, 0, 0, 0, 0, 0])

    def test_parts_are_named_in_the_users_language(self):
        self.assertEqual(load_parts()[5], ('hair', 'Hair'))
        self.assertEqual(dict(load_parts('ko'))['hair'], '머리카락')


if __name__ == '__main__':
    unittest.main()
