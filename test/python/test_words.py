import unittest

from . import root  # noqa: F401
from psp_client.words import Words


class Likeness(unittest.TestCase):
    def test_another_person_is_said_below_the_networks_border(self):
        self.assertEqual(Words('en').of_another_person(0.2), 'Another person: likeness 20 %')
        self.assertIn('20 %', Words('ko').of_another_person(0.2))

    def test_the_same_person_and_what_is_no_face_are_not_spoken_of(self):
        for likeness in (0.9, None):
            self.assertIsNone(Words('en').of_another_person(likeness))


if __name__ == '__main__':
    unittest.main()
