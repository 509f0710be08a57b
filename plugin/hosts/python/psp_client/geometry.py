"""Whole-pixel rectangles and faces in them, as protocol/geometry.ts and face.ts define them.

x runs right, y down; right and bottom are exclusive. Faces stay the plain JSON that the bridge sent:
all that happens to them here is to be moved between the preview and the image.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

Json = dict[str, Any]

# Room around the crop, as a share of its side: what colour matching and resampling look at.
_REGION_MARGIN = 1 / 16
# As protocol/face.ts has it: how far turned a head is redrawn whole, and how far beside its face its middle may be.
_TURNED_FAR = 0.3
_HEAD_BESIDE = 0.5


class Bounds(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def empty(self) -> bool:
        return self.width <= 0 or self.height <= 0

    def moved(self, dx: int, dy: int) -> Bounds:
        return Bounds(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def intersected(self, other: Bounds) -> Bounds:
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Bounds(left, top, max(left, right), max(top, bottom))

    def to_json(self) -> Json:
        return dict(self._asdict())

    @classmethod
    def from_json(cls, value: Json) -> Bounds:
        return cls(value['left'], value['top'], value['right'], value['bottom'])

    @classmethod
    def of_points(cls, points: list[Json]) -> Bounds:
        """The smallest whole-pixel bounds that hold every point."""
        xs, ys = [point['x'] for point in points], [point['y'] for point in points]
        return cls(
            math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))
        )


def transform_face(face: Json, scale: float, dx: float, dy: float) -> Json:
    """The face in other coordinates: p -> scale * p + (dx, dy)."""

    def move(point: Json) -> Json:
        return {'x': scale * point['x'] + dx, 'y': scale * point['y'] + dy}

    bounds = face['bounds']
    corners = [{'x': bounds['left'], 'y': bounds['top']}, {'x': bounds['right'], 'y': bounds['bottom']}]
    return {
        **face,
        'quad': [move(point) for point in face['quad']],
        'bounds': Bounds.of_points([move(point) for point in corners]).to_json(),
        'landmarks': {name: move(point) for name, point in face['landmarks'].items()},
        'contour': [move(point) for point in face['contour']],
    }


def is_turned_far(face: Json) -> bool:
    """Whether half of the head was never seen, so that it is redrawn whole."""
    return bool(abs(face['yaw']) >= _TURNED_FAR)


def face_region(face: Json, layer: Bounds) -> Bounds:
    """The rectangle of a layer that an operation on this face needs to see, and nothing more."""
    first, second = face['quad'][:2]
    side = math.hypot(second['x'] - first['x'], second['y'] - first['y'])
    margin = side * _REGION_MARGIN
    reach = -_HEAD_BESIDE * face['yaw'] if is_turned_far(face) else 0
    dx, dy = reach * (second['x'] - first['x']), reach * (second['y'] - first['y'])
    # Where a turned head has its back, the crop ends before the head does.
    xs = [p['x'] + aside for p in face['quad'] for aside in (0, dx)]
    ys = [p['y'] + aside for p in face['quad'] for aside in (0, dy)]
    return Bounds(
        math.floor(math.floor(min(xs)) - margin),
        math.floor(math.floor(min(ys)) - margin),
        math.ceil(math.ceil(max(xs)) + margin),
        math.ceil(math.ceil(max(ys)) + margin),
    ).intersected(layer)
