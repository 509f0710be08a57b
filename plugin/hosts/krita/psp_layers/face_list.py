"""The faces that were found, with their pictures: all of them, or one."""

from __future__ import annotations

import math
from typing import Optional

from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtGui import QIcon, QImage, QPixmap
from PyQt5.QtWidgets import QListView, QListWidget, QListWidgetItem

from psp_client.messages import Pixels
from psp_client.declarations import Operation
from psp_client.faces import FaceChoice
from psp_client.geometry import Json
from psp_client.words import Words

_SIDE = 56


class FaceList(QListWidget):
    def __init__(self, words: Words):
        super().__init__()
        self._words = words
        self.setViewMode(QListView.IconMode)
        self.setFlow(QListView.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Static)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFixedHeight(_SIDE + 44)
        self.clear_faces(False)

    def clear_faces(self, may_take_layer: bool) -> None:
        """Before any search: all that will be found, or for other domains none."""
        self.clear()
        self._add(self._words.say('All faces'), 'all', None)
        if may_take_layer:
            self._add(self._words.say('None: the whole layer'), 'layer', None)
        self.setCurrentRow(0)

    def show_faces(self, preview: Pixels, faces: list[Json], operation: Operation) -> None:
        """Keeps what is chosen where it is still there."""
        chosen = self.choice()
        self.clear_faces(operation.input == 'face-or-layer')
        for number, face in enumerate(faces, 1):
            self._add(str(number), number, _picture(preview, face), usable=face['refusal'] is None)
        for row in range(self.count()):
            if self.item(row).data(Qt.UserRole) == chosen:
                self.setCurrentRow(row)

    def choice(self) -> FaceChoice:
        item = self.currentItem()
        return item.data(Qt.UserRole) if item is not None else 'all'

    def _add(self, text: str, choice: FaceChoice, picture: Optional[QPixmap], usable: bool = True) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.UserRole, choice)
        if picture is not None:
            item.setIcon(QIcon(picture))
        if not usable:
            item.setFlags(Qt.NoItemFlags)
        self.addItem(item)


def _picture(preview: Pixels, face: Json) -> QPixmap:
    """The upright square around the crop."""
    image = QImage(preview.data, preview.width, preview.height, preview.width * 4, QImage.Format_RGBA8888)
    xs, ys = [p['x'] for p in face['quad']], [p['y'] for p in face['quad']]
    left, top = math.floor(min(xs)), math.floor(min(ys))
    side = max(1, math.ceil(max(max(xs) - left, max(ys) - top)))
    # A copy that reaches outside of the picture is transparent there.
    return QPixmap.fromImage(
        image.copy(QRect(left, top, side, side)).scaled(_SIDE, _SIDE, Qt.KeepAspectRatio, Qt.SmoothTransformation)
    )
