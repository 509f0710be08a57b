"""Selecting a part of the chosen faces. Selections are made on Krita's main thread only.

A selection that Python makes is no step of Krita's history: what was selected before is kept here, to go back to.
"""

from __future__ import annotations

from typing import Optional

from krita import Document, Selection
from PyQt5.QtCore import QByteArray

from psp_client.errors import PspError
from psp_client.faces import FaceChoice
from psp_client.geometry import Bounds, Json
from psp_client.job import check_size
from psp_client.messages import Pixels
from psp_client.parts import Area, find_part, join_areas, pieces_of
from psp_client.words import Words

from .conversation import Work
from .pixels import layer_bounds, read_region
from .template import Template
from .work import Found, FoundFaces, active_layer, find_faces


class PartSelection:
    def __init__(self, words: Words):
        self._words = words
        self._document: Optional[Document] = None
        self._before: Optional[Selection] = None

    def select(self, part: str, label: str, choice: FaceChoice, on_found: Found) -> Work:
        """Of the active layer, instead of what is selected. Raises PspError, and then that stays."""
        document, node = active_layer()
        faces: list[Json] = []

        def keep(found: FoundFaces) -> None:
            faces.extend(found.in_document)
            on_found(found)

        yield from find_faces(node, keep)
        limits: Json = yield lambda bridge: bridge.limits
        with Template() as template:

            def read(bounds: Bounds) -> Pixels:
                check_size(bounds, limits['regionPixels'])
                return read_region(template, node, bounds)

            pieces = pieces_of(faces, choice, layer_bounds(node), node.name(), read)
        areas: list[Area] = yield lambda bridge: find_part(bridge, pieces, part)
        if not areas:
            raise PspError(
                'BAD_INPUT', self._words.say('Not found here: {part}. The selection is as it was.', part=label)
            )
        self._put(document, areas)

    @property
    def can_go_back(self) -> bool:
        return self._document is not None

    def go_back(self) -> None:
        """To what was selected before the last part was."""
        document, self._document = self._document, None
        if document is not None:
            document.setSelection(self._before)

    def _put(self, document: Document, areas: list[Area]) -> None:
        canvas = Bounds(0, 0, document.width(), document.height())
        before = document.selection()
        self._document, self._before = document, before and before.duplicate()
        selection = Selection()
        selection.setPixelData(QByteArray(join_areas(areas, canvas)), 0, 0, canvas.width, canvas.height)
        document.setSelection(selection)
