"""What happens before a filter runs where somebody is there to be asked. Needs a screen."""

from __future__ import annotations

from typing import Optional

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp  # noqa: E402

from psp_client.messages import Region  # noqa: E402
from psp_client.declarations import Json, Operation  # noqa: E402
from psp_client.errors import PspError  # noqa: E402
from psp_client.faces import choose_faces  # noqa: E402
from psp_client.geometry import face_region, transform_face  # noqa: E402
from psp_client.job import PREVIEW_SIDE  # noqa: E402
from psp_client.live_preview import Wish  # noqa: E402

from .dialog import Dialog  # noqa: E402
from .editor import GIMP, WORDS, connect_here, order_of  # noqa: E402
from .face_row import FoundFaces  # noqa: E402
from .layers import Target  # noqa: E402
from .pixels import read_preview, read_region  # noqa: E402
from .preview_picture import PreviewPicture  # noqa: E402


def ask(
    procedure: Gimp.Procedure, config: Gimp.ProcedureConfig, operation: Operation,
    targets: list[Target], instance: str,
) -> bool:
    """False when the user cancels. Raises PspError where the filter could not run anyway."""
    only = targets[0] if len(targets) == 1 and operation.finds_faces else None
    models, found, scale = _look(operation, only, instance)
    dialog = Dialog(procedure, config, operation, models, found, WORDS)
    if only is None or found is None or not operation.can_be_previewed:
        return dialog.ask()
    regions = _Regions(only, found, scale)

    def wish() -> Optional[Wish]:
        order = order_of(operation, config, True)
        region = regions.of(order.faces)
        return region and Wish(operation.id, order.model or models[0]['name'], order.parameters, region)

    preview = PreviewPicture(GIMP, config, wish)
    try:
        dialog.show_beside(preview.widget)
        return dialog.ask()
    finally:
        preview.close()


def _look(
    operation: Operation, target: Optional[Target], instance: str
) -> tuple[list[Json], Optional[FoundFaces], float]:
    """The conversation ends here: a dialog may stay open for longer than the bridge listens."""
    bridge = connect_here(instance)
    try:
        models = operation.models(bridge.models())
        if target is None:
            return models, None, 1.0
        preview, scale = read_preview(target.layer, PREVIEW_SIDE)
        return models, FoundFaces(preview, bridge.find_faces(preview, scale)), scale
    finally:
        bridge.close()


class _Regions:
    """The pixels of the face that is previewed, read once for each face."""

    def __init__(self, target: Target, found: FoundFaces, scale: float):
        at = target.bounds
        self._target = target
        self._faces = [transform_face(face, scale, at.left, at.top) for face in found.faces]
        self._known: dict[int, Region] = {}

    def of(self, choice: object) -> Optional[Region]:
        """Of several faces the largest; None where none can be worked on."""
        try:
            number, face = choose_faces(self._faces, choice if isinstance(choice, int) else 'largest', '')[0]
        except PspError:
            return None
        if number not in self._known:
            bounds = face_region(face, self._target.bounds)
            pixels = read_region(self._target.layer, bounds)
            self._known[number] = Region(bounds.to_json(), pixels, face, number, None)
        return self._known[number]
