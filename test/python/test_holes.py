import unittest

from . import root  # noqa: F401
from psp_client.messages import Pixels, Region
from psp_client.errors import PspError
from psp_client.holes import has_clear_pixels, regions_with_holes


def region(alpha: int = 255, hole=None, depth: int = 8) -> Region:
    value = alpha if depth == 8 else alpha * 257
    pixel = b'\0' * (3 * depth // 8) + value.to_bytes(depth // 8, 'little')
    return Region({}, Pixels(2, 1, depth, pixel * 2), None, None, hole)


class Holes(unittest.TestCase):
    def refusal(self, *regions) -> str:
        with self.assertRaises(PspError) as caught:
            regions_with_holes(list(regions))
        return caught.exception.message

    def test_of_several_faces_those_that_the_selection_touches(self):
        touched = region(hole=b'\0\x01')
        self.assertEqual(regions_with_holes([region(hole=b'\0\0'), touched]), [touched])

    def test_a_selection_beside_every_face(self):
        beside = region(hole=b'\0\0')
        self.assertIn('does not touch this face', self.refusal(beside))
        self.assertIn('does not touch any of the faces', self.refusal(beside, beside))

    def test_without_a_selection_the_erased_part_counts(self):
        for depth in (8, 16):
            erased = region(127, depth=depth)
            self.assertEqual(regions_with_holes([region(128, depth=depth), erased]), [erased])
            self.assertTrue(has_clear_pixels(erased.pixels))

    def test_nothing_to_fill(self):
        self.assertIn('Nothing is selected', self.refusal(region(128)))


if __name__ == '__main__':
    unittest.main()
