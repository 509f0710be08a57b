"""Finding faces, and one run of one operation. Nothing changes before every result is there."""

from __future__ import annotations

from typing import Callable, Optional

from krita import Document, Krita, Node

from psp_client.bridge import Bridge
from psp_client.messages import OnProgress, Patch, Pixels, Region, new_name
from psp_client.capture import capture
from psp_client.errors import PspError
from psp_client.geometry import Bounds, Json, transform_face
from psp_client.job import PREVIEW_SIDE, Order, check_size, group_name, run_job

from .conversation import Conversation, Work
from .layers import Target, commit
from .pixels import layer_bounds, read_preview, read_region, read_selection
from .template import Template

Found = Callable[[Pixels, list[Json]], None]


def active_layer() -> tuple[Document, Node]:
    """A selected mask stands for its layer. Raises BAD_INPUT."""
    document = Krita.instance().activeDocument()
    node = document.activeNode() if document else None
    while node is not None and node.type().endswith('mask'):
        node = node.parentNode()
    if node is None or layer_bounds(node).empty:
        raise PspError('BAD_INPUT', 'There is no picture in the selected layer. Select the layer that shows the face.')
    return document, node


def find_faces(node: Node, on_found: Found) -> Work:
    """`on_found` gets the preview and the faces in it, largest first."""
    preview, scale = _preview(node)
    faces = yield lambda bridge: bridge.find_faces(preview, scale)
    on_found(preview, faces)


def run(conversation: Conversation, order: Order, on_found: Found, on_progress: OnProgress) -> Work:
    """`on_progress` is called from another thread than this."""
    document, node = active_layer()
    target = Target(document, node)
    faces: list[Json] = []
    if order.operation.finds_faces and order.faces != 'layer':
        preview, scale = _preview(node)
        found = yield lambda bridge: bridge.find_faces(preview, scale)
        on_found(preview, found)
        at = target.bounds
        faces = [transform_face(face, scale, at.left, at.top) for face in found]
    limits: Json = yield lambda bridge: bridge.limits
    regions = _capture(order, target, faces, limits['regionPixels'])
    job = new_name()
    conversation.name_job(job)

    def run_it(bridge: Bridge) -> list[Patch]:
        return run_job(bridge, job, order, regions, on_progress)

    patches = yield run_it
    with Template() as template:
        commit(template, target, group_name(order, target.name), patches)


def _preview(node: Node) -> tuple[Pixels, float]:
    with Template() as template:
        return read_preview(template, node, PREVIEW_SIDE)


def _capture(order: Order, target: Target, faces: list[Json], limit: int) -> list[Region]:
    with Template() as template:

        def read(bounds: Bounds, face: Optional[Json], number: Optional[int]) -> Region:
            check_size(bounds, limit)
            hole = read_selection(target.document, bounds) if order.operation.needs_hole else None
            pixels = read_region(template, target.node, bounds)
            return Region(bounds.to_json(), pixels, face, number, hole)

        return capture(order.operation, order.faces, target.bounds, target.name, lambda: faces, read)
