"""Which chosen faces are turned far, as test/plugin/panel/turnedFar.test.ts has it."""

import unittest

from . import root  # noqa: F401
from psp_client.declarations import load_operations
from psp_client.faces import turned_far

OPERATIONS = {operation.id: operation for operation in load_operations('en')}


def face(yaw, refusal=None):
    return {'yaw': yaw, 'refusal': refusal}


class TurnedFar(unittest.TestCase):
    def test_to_either_side(self):
        for yaw in (0.4, -0.4):
            self.assertTrue(turned_far(OPERATIONS['frontalize'], [face(yaw)], 'all'))

    def test_it_is_the_chosen_faces_that_count(self):
        faces = [face(0.1), face(0.9, 'turned-away'), face(0.4)]
        told = {choice: turned_far(OPERATIONS['edit'], faces, choice) for choice in ('all', 'largest', 1, 2, 3, 4)}
        self.assertEqual(told, {'all': True, 'largest': False, 1: False, 2: False, 3: True, 4: False})
        self.assertFalse(turned_far(OPERATIONS['edit'], [], 'all'))

    def test_nothing_is_said_of_what_does_not_draw_the_face(self):
        for operation in ('inpaint', 'super-resolve', 'sketch-to-face'):
            self.assertFalse(turned_far(OPERATIONS[operation], [face(0.4)], 'all'))


if __name__ == '__main__':
    unittest.main()
