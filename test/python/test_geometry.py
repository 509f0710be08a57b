import unittest

from . import root  # noqa: F401
from psp_client.errors import PspError
from psp_client.faces import choose_faces
from psp_client.geometry import Bounds, face_region, transform_face


def face(left: float, top: float, side: float, refusal=None, yaw=0.1) -> dict:
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    point = {'x': left, 'y': top}
    return {
        'quad': [{'x': left + side * x, 'y': top + side * y} for x, y in corners],
        'bounds': {'left': int(left), 'top': int(top), 'right': int(left + side), 'bottom': int(top + side)},
        'landmarks': {name: point for name in ('leftEye', 'rightEye', 'leftMouth', 'rightMouth')},
        'contour': [point],
        'score': 0.9,
        'yaw': yaw,
        'refusal': refusal,
    }


class Geometry(unittest.TestCase):
    def test_a_face_moves_from_the_preview_into_the_image(self):
        moved = transform_face(face(10, 20, 30), 2.5, -100, 7)
        self.assertEqual(moved['quad'][2], {'x': 0.0, 'y': 132.0})
        self.assertEqual(moved['bounds'], {'left': -75, 'top': 57, 'right': 0, 'bottom': 132})
        self.assertEqual(moved['landmarks']['leftEye'], {'x': -75.0, 'y': 57.0})
        self.assertEqual((moved['score'], moved['yaw']), (0.9, 0.1))

    def test_a_region_has_a_sixteenth_of_room_and_stays_in_the_layer(self):
        layer = Bounds(0, 0, 1000, 1000)
        self.assertEqual(face_region(face(100, 200, 160), layer), Bounds(90, 190, 270, 370))
        self.assertEqual(face_region(face(0.5, 900, 160), layer), Bounds(0, 890, 171, 1000))

    def test_a_region_outside_is_empty(self):
        self.assertTrue(face_region(face(500, 500, 16), Bounds(0, 0, 100, 100)).empty)


class Choosing(unittest.TestCase):
    small, turned = face(0, 0, 9, 'too-small'), face(0, 0, 99, 'turned-away')

    def refusal(self, faces, choice) -> str:
        with self.assertRaises(PspError) as caught:
            choose_faces(faces, choice, 'Photo')
        return f'{caught.exception.code}: {caught.exception.message}'

    def test_faces_that_cannot_be_worked_on_are_left_out(self):
        good = face(0, 0, 50)
        self.assertEqual(choose_faces([self.turned, good, self.small], 'all', 'Photo'), [(2, good)])
        self.assertEqual(choose_faces([self.turned, good, good], 'largest', 'Photo'), [(2, good)])
        self.assertEqual(choose_faces([self.turned, good, good], 3, 'Photo'), [(3, good)])

    def test_refusals_say_which_and_why(self):
        self.assertIn('NO_FACE: No face was found in the layer "Photo".', self.refusal([], 'all'))
        self.assertIn('FACE_TURNED_AWAY: Face 1 is turned', self.refusal([self.turned], 'all'))
        self.assertIn('FACE_TOO_SMALL: Face 2 is too small', self.refusal([face(0, 0, 9), self.small], 2))
        self.assertIn('BAD_INPUT: The layer "Photo" has 1 faces', self.refusal([face(0, 0, 9)], 2))


if __name__ == '__main__':
    unittest.main()
