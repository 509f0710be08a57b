"""A document tells how its new layers were made: an XMP packet in its file, and a line in its information, which
Krita's exporters take along where they take any. On Krita's main thread only.

Krita keeps neither in its history: Undo takes the layers back and leaves the note.
"""

from __future__ import annotations

from krita import Document
from PyQt5.QtCore import QByteArray

from psp_client.made_with import SOURCE_TYPE, Made, note_made_layers

_ANNOTATION = 'pspLayers'
_LINE = f'Composed with generated parts ({SOURCE_TYPE}), by pSp Layers.'
_END = '</description>'


def note_layers(document: Document, layers: list[Made]) -> None:
    known = _ANNOTATION in document.annotationTypes()
    earlier = bytes(document.annotation(_ANNOTATION)).decode() if known else ''
    packet = note_made_layers(earlier, layers).encode()
    document.setAnnotation(_ANNOTATION, 'How layers were made (XMP)', QByteArray(packet))
    information = document.documentInfo()
    if SOURCE_TYPE not in information:
        line = _LINE if f'<description>{_END}' in information else f'\n{_LINE}'
        document.setDocumentInfo(information.replace(_END, line + _END, 1))
