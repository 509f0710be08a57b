"""What a job sees of a layer, as capture/capture.ts decides it; test/capture/cases.json holds both to it."""

from __future__ import annotations

from typing import Callable, Optional, Protocol

from .messages import Region
from .faces import FaceChoice, choose_faces
from .geometry import Bounds, Json, face_region
from .holes import regions_with_holes, touched_by_selection


class Reads(Protocol):
    """What an operation's declaration says of its input."""

    @property
    def input(self) -> str: ...

    @property
    def finds_faces(self) -> bool: ...

    @property
    def needs_hole(self) -> bool: ...


def capture(
    operation: Reads, selection: object, choice: FaceChoice, layer: Bounds, layer_name: str,
    find_faces: Callable[[], list[Json]],
    read: Callable[[Bounds, Optional[Json], Optional[int]], Region],
) -> list[Region]:
    """The chosen faces' rectangles, or the whole layer; a choice of 'layer' looks for no face. Where
    `selection`, the parameter, is 'only' those are left out of which nothing is selected.
    Raises PspError."""
    faces = find_faces() if operation.finds_faces and choice != 'layer' else []
    if not faces and operation.input != 'face':
        # Sketches and label maps; and a domain is shown what has no human face in it.
        regions = [read(layer, None, None)]
    else:
        chosen = choose_faces(faces, choice, layer_name)
        regions = [read(face_region(face, layer), face, number) for number, face in chosen]
        if operation.needs_hole:
            return regions_with_holes(regions)
    return touched_by_selection(regions, 'that may change') if selection == 'only' else regions
