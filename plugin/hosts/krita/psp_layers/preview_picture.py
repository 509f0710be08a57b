"""How an edit will look, above its sliders."""

from __future__ import annotations

from typing import Optional

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QImage, QPixmap
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from psp_client.live_preview import LivePreview, Wish
from psp_client.messages import Pixels
from psp_client.words import Words

from .conversation import KRITA

_SIDE = 128


class PreviewPicture(QWidget):
    """Hidden until there is something to show."""

    _drawn = pyqtSignal(object, float)

    def __init__(self, words: Words):
        super().__init__()
        self._words = words
        self._live: Optional[LivePreview] = None
        self._picture, self._warning = QLabel(), QLabel()
        self._picture.setAlignment(Qt.AlignCenter)
        self._picture.setObjectName('preview')
        self._warning.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for part in (self._picture, self._warning):
            box.addWidget(part)
        self._drawn.connect(self._show)
        self.forget()

    def forget(self) -> None:
        """What is shown is of another face or operation."""
        self._picture.clear()
        self.setVisible(False)

    def ask(self, wish: Wish) -> None:
        if self._live is None:
            # The signal brings the picture from the other thread to Krita's own.
            self._live = LivePreview(KRITA, self._drawn.emit)
        self._live.show(wish)

    def _show(self, pixels: Pixels, likeness: float) -> None:
        image = QImage(pixels.data, pixels.width, pixels.height, pixels.width * 4, QImage.Format_RGBA8888)
        self._picture.setPixmap(
            QPixmap.fromImage(image).scaled(_SIDE, _SIDE, Qt.KeepAspectRatio, Qt.SmoothTransformation)
        )
        said = self._words.of_another_person(likeness) or ''
        self._warning.setText(said)
        self._warning.setVisible(said != '')
        self.setVisible(True)
