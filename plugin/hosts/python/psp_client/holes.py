"""What inpainting fills: the selection, or the transparent part of the layer."""

from __future__ import annotations

import sys

from .messages import Pixels, Region
from .errors import PspError


def regions_with_holes(regions: list[Region]) -> list[Region]:
    """The regions that have something to fill: of several faces, those that the selection touches.
    Refuses in words of the editor, before the pixels travel. Raises PspError BAD_INPUT."""
    if any(region.hole is not None for region in regions):
        return touched_by_selection(regions, 'to fill')
    erased = [region for region in regions if has_clear_pixels(region.pixels)]
    if erased:
        return erased
    raise PspError(
        'BAD_INPUT',
        'Nothing is selected, and no face has transparent pixels. Select the part of the face to '
        'fill, or erase it.',
    )


def touched_by_selection(regions: list[Region], aim: str) -> list[Region]:
    """The regions of which something is selected; `aim` says what becomes of that. Raises PspError BAD_INPUT."""
    touched = [region for region in regions if region.hole and any(region.hole)]
    if touched:
        return touched
    if all(region.hole is None for region in regions):
        raise PspError('BAD_INPUT', f'Nothing is selected. Select the part of the face {aim}.')
    whose = 'this face' if len(regions) == 1 else 'any of the faces'
    raise PspError(
        'BAD_INPUT', f'The selection does not touch {whose}. Select the part of the face {aim}.'
    )


def has_clear_pixels(pixels: Pixels) -> bool:
    """Whether any pixel is more transparent than not: what the bridge takes for a hole."""
    # The upper byte of each alpha tells: bytes for 8 bit, the machine's order for 16.
    if pixels.depth == 8:
        high = pixels.data[3::4]
    else:
        high = pixels.data[(7 if sys.byteorder == 'little' else 6) :: 8]
    # 255 / 2 lies between 127 and 128, 65535 / 2 between 0x7FFF and 0x8000.
    return min(high, default=0xFF) < 0x80
