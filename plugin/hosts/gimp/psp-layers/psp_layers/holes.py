"""What inpainting fills: the selection, or the transparent part of the layer."""

from __future__ import annotations

from .bridge import Pixels, Region
from .errors import PspError


def regions_with_holes(regions: list[Region]) -> list[Region]:
    """The regions that have something to fill: of several faces, those that the selection touches.
    Refuses in GIMP's own words, before the pixels travel. Raises PspError BAD_INPUT."""
    if any(region.hole is not None for region in regions):
        touched = [region for region in regions if region.hole and any(region.hole)]
        if touched:
            return touched
        whose = 'this face' if len(regions) == 1 else 'any of the faces'
        raise PspError(
            'BAD_INPUT',
            f'The selection does not touch {whose}. Select the part of the face to fill.',
        )
    erased = [region for region in regions if has_clear_pixels(region.pixels)]
    if erased:
        return erased
    raise PspError(
        'BAD_INPUT',
        'Nothing is selected, and no face has transparent pixels. Select the part of the face to '
        'fill, or erase it.',
    )


def has_clear_pixels(pixels: Pixels) -> bool:
    """Whether any pixel is fully transparent."""
    depths = {8: 'B', 16: 'H'}
    return 0 in memoryview(pixels.data).cast(depths[pixels.depth])[3::4]
