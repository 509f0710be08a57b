"""Finding faces, and one run of one operation. Nothing changes before every result is there."""

from __future__ import annotations

from typing import Any, Callable, Generator, Iterator, Optional

from krita import Document, Krita, Node

from psp_client.messages import OnProgress, Patch, Pixels, Region, new_name
from psp_client.capture import capture
from psp_client.errors import NOT_THIS_PICTURE, PspError
from psp_client.faces import FaceChoice, choose_faces
from psp_client.geometry import Bounds, Json, face_region, transform_face
from psp_client.job import PREVIEW_SIDE, Order, check_size, run_job

from .conversation import Ask, Conversation, Work
from .layers import Target, commit
from .pixels import layer_bounds, read_preview, read_region, read_selection
from .template import Template

class FoundFaces:
    """A layer as it was looked at: `faces` are in the preview's pixels, largest first."""

    def __init__(self, node: Node, preview: Pixels, scale: float, faces: list[Json]):
        self.preview = preview
        self.faces = faces
        self._node = node
        at = layer_bounds(node)
        self._in_document = [transform_face(face, scale, at.left, at.top) for face in faces]
        self._regions: dict[int, Region] = {}

    @property
    def in_document(self) -> list[Json]:
        return self._in_document

    def region(self, choice: FaceChoice) -> Optional[Region]:
        """The pixels of the one face that is previewed; the same object while they are the same."""
        try:
            which = choice if isinstance(choice, int) else 'largest'
            number, face = choose_faces(self._in_document, which, '')[0]
        except PspError:
            return None
        bounds = face_region(face, layer_bounds(self._node))
        with Template() as template:
            pixels = read_region(template, self._node, bounds)
        known = self._regions.get(number)
        if known is None or known.pixels.data != pixels.data:
            known = self._regions[number] = Region(bounds.to_json(), pixels, face, number, None)
        return known


Found = Callable[[FoundFaces], None]
# Gets a sentence for each layer that was left out.
Over = Callable[[list[str]], None]


def selected_layers() -> list[tuple[Document, Node]]:
    """Top first; a selected mask stands for its layer. Raises BAD_INPUT."""
    document, active = active_layer()
    view = Krita.instance().activeWindow().activeView()
    chosen = [_layer_of(node) for node in view.selectedNodes()] if view.document() == document else []
    fitting = {node.uniqueId(): node for node in [active, *chosen] if node and not layer_bounds(node).empty}
    ordered = [node for node in _top_first(document.rootNode()) if node.uniqueId() in fitting]
    # One that has just been deleted is in no tree any more; who commits to it is told so.
    return [(document, node) for node in ordered or [active]]


def active_layer() -> tuple[Document, Node]:
    """A selected mask stands for its layer. Raises BAD_INPUT."""
    document = Krita.instance().activeDocument()
    node = _layer_of(document.activeNode()) if document else None
    if node is None or layer_bounds(node).empty:
        raise PspError('BAD_INPUT', 'There is no picture in the selected layer. Select the layer that shows the face.')
    return document, node


def _layer_of(node: Optional[Node]) -> Optional[Node]:
    while node is not None and node.type().endswith('mask'):
        node = node.parentNode()
    return node


def _top_first(parent: Node) -> Iterator[Node]:
    for child in reversed(parent.childNodes()):
        yield child
        yield from _top_first(child)


def find_faces(node: Node, on_found: Found) -> Work:
    preview, scale = _preview(node)
    faces = yield lambda bridge: bridge.find_faces(preview, scale)
    on_found(FoundFaces(node, preview, scale, faces))


def run(
    conversation: Conversation, order: Order, on_found: Found, on_progress: OnProgress, on_over: Over
) -> Work:
    """On every selected layer, in one step of the history each. `on_found` hears of the active layer's
    faces; `on_progress` is called from another thread than this."""
    layers = selected_layers()
    active = active_layer()[1].uniqueId()
    made: list[tuple[Target, list[Patch]]] = []
    refused: list[PspError] = []
    for document, node in layers:
        target = Target(document, node)
        tell = on_found if node.uniqueId() == active else _nobody
        try:
            patches = yield from _run_on(conversation, order, target, tell, on_progress)
        except PspError as error:
            if error.code not in NOT_THIS_PICTURE:
                raise
            refused.append(error)
            continue
        made.append((target, patches))
    if not made:
        raise refused[0]
    with Template() as template:
        for target, patches in made:
            commit(template, target, order, patches)
    on_over([error.message for error in refused])


def _nobody(found: FoundFaces) -> None:
    """Only the active layer's faces are shown."""


def _run_on(
    conversation: Conversation, order: Order, target: Target, on_found: Found, on_progress: OnProgress
) -> Generator[Ask, Any, list[Patch]]:
    faces: list[Json] = []
    if order.operation.finds_faces and order.faces != 'layer':
        preview, scale = _preview(target.node)
        found = yield lambda bridge: bridge.find_faces(preview, scale)
        looked = FoundFaces(target.node, preview, scale, found)
        on_found(looked)
        faces = looked.in_document
    limits: Json = yield lambda bridge: bridge.limits
    regions = _capture(order, target, faces, limits['regionPixels'])
    job = new_name()
    conversation.name_job(job)
    patches: list[Patch] = yield lambda bridge: run_job(bridge, job, order, regions, on_progress)
    return patches


def _preview(node: Node) -> tuple[Pixels, float]:
    with Template() as template:
        return read_preview(template, node, PREVIEW_SIDE)


def _capture(order: Order, target: Target, faces: list[Json], limit: int) -> list[Region]:
    with Template() as template:

        def read(bounds: Bounds, face: Optional[Json], number: Optional[int]) -> Region:
            check_size(bounds, limit)
            reads_selection = order.operation.reads_selection
            hole = read_selection(target.document, bounds) if reads_selection else None
            pixels = read_region(template, target.node, bounds)
            return Region(bounds.to_json(), pixels, face, number, hole)

        selection = order.parameters.get('selection')
        return capture(
            order.operation, selection, order.faces, target.bounds, target.name, lambda: faces, read
        )
