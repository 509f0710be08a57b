import json
import unittest
from pathlib import Path
from typing import NamedTuple

from . import root  # noqa: F401
from .test_geometry import face
from psp_client.messages import Pixels, Region
from psp_client.capture import capture
from psp_client.errors import PspError
from psp_client.geometry import Bounds

CASES = json.loads((Path(__file__).parents[1] / 'capture' / 'cases.json').read_text('utf-8'))['cases']


class Reads(NamedTuple):
    input: str
    needs_hole: bool

    @property
    def finds_faces(self) -> bool:
        return self.input in ('face', 'face-or-layer')


def inside(bounds: Bounds, rectangle) -> list[bool]:
    left, top, right, bottom = rectangle or (0, 0, 0, 0)
    return [
        left <= x < right and top <= y < bottom
        for y in range(bounds.top, bounds.bottom)
        for x in range(bounds.left, bounds.right)
    ]


def answer(case: dict):
    """The regions as the cases write them, or the error's code."""

    def read(bounds, found, number) -> Region:
        clear = inside(bounds, case.get('erased'))
        data = b''.join(bytes((9, 9, 9, 0 if is_clear else 255)) for is_clear in clear)
        selected = case.get('selected')
        hole = bytes(255 * chosen for chosen in inside(bounds, selected)) if selected else None
        pixels = Pixels(bounds.width, bounds.height, 8, data)
        return Region(bounds.to_json(), pixels, found, number, hole)

    order = case['order']
    operation = Reads(order['input'], order['mask'] == 'required')
    faces = [face(*each) for each in case['faces']]
    try:
        layer = Bounds(*case['layer'])
        regions = capture(
            operation, order.get('selection'), order['faces'], layer, 'Photo', lambda: faces, read
        )
    except PspError as error:
        return error.code
    return [[region.face_number, *Bounds.from_json(region.bounds)] for region in regions]


class Capture(unittest.TestCase):
    def test_the_cases_that_every_host_answers_alike(self):
        for case in CASES:
            with self.subTest(case['name']):
                self.assertEqual(answer(case), case.get('regions', case.get('error')))


if __name__ == '__main__':
    unittest.main()
