"""Writes results as layers with transparency masks, in one undo step. On Krita's main thread only.

Whatever is added to a document's tree is a step of its history: a group is filled in a document of its own,
which nobody sees, and its copy is added to the user's at once.
"""

from __future__ import annotations

from typing import Iterator, Optional

from krita import Document, Krita, Node
from PyQt5.QtCore import QByteArray, QTimer

from psp_client.messages import Patch, by_face
from psp_client.errors import PspError
from psp_client.geometry import Bounds
from psp_client.job import Order, group_name, is_shown, layer_names
from psp_client.made_with import made_with

from .notes import note_layers
from .pixels import layer_bounds, write_pixels
from .template import Template


class Target:
    """A layer to work on, and where it was when it was read."""

    def __init__(self, document: Document, node: Node):
        self.document = document
        self.node = node
        self.name: str = node.name()
        self.bounds = layer_bounds(node)

    def shift(self) -> tuple[int, int]:
        """How far the layer was moved since. Raises DOCUMENT_CHANGED when it is gone or another."""
        now = layer_bounds(self.node)
        open_now = any(document == self.document for document in Krita.instance().documents())
        if (
            open_now and _path_of(self.document, self.node) is not None
            and (now.width, now.height) == (self.bounds.width, self.bounds.height)
        ):
            return now.left - self.bounds.left, now.top - self.bounds.top
        raise PspError(
            'DOCUMENT_CHANGED',
            'The layer was deleted or painted on while the bridge worked on it. Nothing was changed: '
            'run it again.',
        )


def commit(template: Template, target: Target, order: Order, patches: list[Patch]) -> None:
    """To where the bridge says that the layers belong. Raises DOCUMENT_CHANGED, and then nothing was changed."""
    space = patches[0].about['space']
    name = group_name(order, target.name)
    if space['kind'] == 'document':
        dx, dy = target.shift()
        selected = target.document.activeNode()
        _insert(template, target.document, target.node, name, patches, dx, dy)
        _note(target.document, order, patches)
        target.document.waitForDone()
        # Krita selects what was added, as soon as it hears of it: the user's own choice stays.
        QTimer.singleShot(0, lambda: target.document.setActiveNode(selected))
        return
    made = (
        [(_enlarged(template, target, space['factor'], name, patches), patches)]
        if space['kind'] == 'enlarged'
        else [(_alone(template, target.document, of_face), of_face) for of_face in by_face(patches)]
    )
    for document, inside in made:
        _note(document, order, inside)
        Krita.instance().activeWindow().addView(document)


def _note(document: Document, order: Order, patches: list[Patch]) -> None:
    if order.is_noted:
        note_layers(document, [made_with(order, *pair) for pair in zip(patches, layer_names(patches))])


def _enlarged(
    template: Template, target: Target, factor: int, name: str, patches: list[Patch]
) -> Document:
    """A copy of the whole document, with the results above the layer's copy."""
    dx, dy = target.shift()
    path = _path_of(target.document, target.node) or []
    copy = target.document.clone()
    resolution = copy.resolution()
    copy.scaleImage(copy.width() * factor, copy.height() * factor, resolution, resolution, 'Bicubic')
    copy.waitForDone()
    node = copy.rootNode()
    for index in path:
        node = node.childNodes()[index]
    _insert(template, copy, node, name, patches, dx * factor, dy * factor)
    return copy


def _alone(template: Template, document: Document, patches: list[Patch]) -> Document:
    """A document of the same colours that is as large as the patches and holds nothing else."""
    first = patches[0].pixels
    new = _document_like(document, first.width, first.height)
    for node in new.topLevelNodes():
        node.remove()
    for pair in zip(patches, layer_names(patches)):
        new.rootNode().addChildNode(_layer(template, new, *pair, 0, 0), None)
    new.refreshProjection()
    return new


def _insert(
    template: Template, document: Document, above: Node, name: str, patches: list[Patch], dx: int, dy: int
) -> None:
    layers = [
        _layer(template, document, *pair, dx, dy)
        for pair in zip(patches, layer_names(patches))
    ]
    if len(layers) == 1:
        above.parentNode().addChildNode(layers[0], above)
    else:
        workshop = _document_like(document, 1, 1)
        group = workshop.createGroupLayer(name)
        workshop.rootNode().addChildNode(group, None)
        for layer in layers:
            group.addChildNode(layer, None)
        workshop.waitForDone()
        above.parentNode().addChildNode(group.duplicate(), above)
        workshop.close()
    document.refreshProjection()


def _layer(template: Template, document: Document, patch: Patch, name: str, dx: int, dy: int) -> Node:
    layer = template.layer()
    bounds = Bounds.from_json(patch.about['bounds']).moved(dx, dy)
    write_pixels(document, layer, patch.pixels, bounds.left, bounds.top)
    mask = layer.childNodes()[0]
    mask.setPixelData(QByteArray(patch.mask), bounds.left, bounds.top, bounds.width, bounds.height)
    layer.setName(name)
    layer.setVisible(is_shown(patch))
    return layer


def _document_like(document: Document, width: int, height: int) -> Document:
    return Krita.instance().createDocument(
        width, height, document.name(), document.colorModel(), document.colorDepth(), document.colorProfile(), 72.0
    )


def _path_of(document: Document, node: Node) -> Optional[list[int]]:
    """Positions from the root down to the layer; None when it is not in the document any more."""

    def search(parent: Node) -> Iterator[list[int]]:
        for index, child in enumerate(parent.childNodes()):
            if child.uniqueId() == node.uniqueId():
                yield [index]
            for path in search(child):
                yield [index, *path]

    return next(search(document.rootNode()), None)
