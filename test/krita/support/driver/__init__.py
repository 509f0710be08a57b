"""A plug-in of the tests: runs the pieces of Python that they send, on Krita's main thread.

An `answer` that is a function is asked again and again, while Krita lives on, until it is true.
"""

import hashlib
import json
import os
import socket
import subprocess
import threading
import time
import traceback
from pathlib import Path

from krita import Krita, Selection
from PyQt5.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QAbstractItemView, QApplication, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

HERE = Path(os.environ['HOME'])
app = Krita.instance()
_PATIENCE_SECONDS = 100


class Driver(QObject):
    _came = pyqtSignal(str)

    def __init__(self, port):
        super().__init__()
        self._names = dict(globals())
        self._socket = socket.create_connection(('127.0.0.1', port))
        self._came.connect(self._run)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            for line in self._socket.makefile('r', encoding='utf-8'):
                self._came.emit(line)
        finally:
            # Nobody drives any more: nothing is to be saved, and nobody is there to be asked.
            os._exit(0)

    def _run(self, line):
        self._names['answer'] = None
        try:
            exec(json.loads(line), self._names)
        except Exception:
            self._say({'error': traceback.format_exc()})
            return
        self._deadline = time.monotonic() + _PATIENCE_SECONDS
        self._try_answer()

    def _try_answer(self):
        try:
            answer = self._names['answer']
            waits = callable(answer)
            if waits:
                answer = answer()
            if not waits or answer:
                self._say({'answer': answer})
            elif time.monotonic() > self._deadline:
                self._say({'error': 'never came true'})
            else:
                QTimer.singleShot(20, self._try_answer)
        except Exception:
            self._say({'error': traceback.format_exc()})

    def _say(self, answer):
        self._socket.sendall(json.dumps(answer).encode() + b'\n')


def docker():
    return next(one for one in app.dockers() if one.objectName() == 'pspLayers')


def part(name):
    """A widget of the docker."""
    return docker().findChild(QWidget, name)


def choose(box, value):
    """As a hand would: in a combo box of the docker."""
    widget = part(box)
    index = widget.findData(value)
    assert index >= 0, f'{box} offers {[widget.itemData(i) for i in range(widget.count())]}, not {value}'
    widget.setCurrentIndex(index)


def look():
    """The pointer comes into the docker."""
    part('message').setText('')
    QApplication.sendEvent(docker(), QEvent(QEvent.Enter))


def at_rest():
    """What the docker says when it has nothing to do; None while it works."""
    said = part('message').text()
    return [said] if said and part('run').text() == 'Run' else None


def set_parameter(name, value):
    widget = part(name)
    if isinstance(widget, QComboBox):
        choose(name, value)
    else:
        # A seed is more than an ordinary spin box holds.
        spin = widget.findChild(QDoubleSpinBox) or widget.findChild(QSpinBox)
        spin.setValue(round(value * 100) if spin.suffix() == ' %' else value)


def run():
    """Presses the button, once Krita has taken note of what was done before; until then and until it is
    done, `at_rest` is None."""
    part('message').setText('')
    QTimer.singleShot(0, part('run').click)


def show(document):
    window = app.windows()[0]
    window.addView(document)
    app.setActiveDocument(document)
    document.waitForDone()
    return document


def new_document(width, height, model='RGBA', depth='U8', profile='sRGB-elle-V2-srgbtrc.icc'):
    """In the window, with the white background that Krita gives it."""
    return show(app.createDocument(width, height, 'Test', model, depth, profile, 72.0))


def add_layer(document, name, left, top, width, height, data):
    """`data` in the document's own format."""
    layer = document.createNode(name, 'paintlayer')
    layer.setPixelData(QByteArray(data), left, top, width, height)
    document.rootNode().addChildNode(layer, None)
    document.waitForDone()
    document.setActiveNode(layer)
    document.waitForDone()
    return layer


def names(node):
    """Top first: "Name", or "Group(Child, Child)"; masks are left out."""
    children = [child for child in reversed(node.childNodes()) if not child.type().endswith('mask')]
    return ', '.join(
        child.name() + (f'({names(child)})' if child.type() == 'grouplayer' else '') for child in children
    )


def describe(layer, bounds=None):
    """What a test can see of a layer; pixels, in Krita's order, and mask lie in files. Without bounds
    it is what shows of the layer."""
    rect = layer.bounds()
    box = (rect.x(), rect.y(), rect.width(), rect.height())
    if bounds:
        box = (bounds['left'], bounds['top'], bounds['right'] - bounds['left'], bounds['bottom'] - bounds['top'])
    masks = [child for child in layer.childNodes() if child.type() == 'transparencymask']
    ident = layer.uniqueId().toString()
    return {
        'name': layer.name(), 'left': box[0], 'top': box[1], 'width': box[2], 'height': box[3],
        'visible': layer.visible(), 'depth': layer.colorDepth(), 'profile': layer.colorProfile(),
        'pixels': save_bytes(f'{ident}.pixels', bytes(layer.pixelData(*box))),
        'mask': save_bytes(f'{ident}.mask', bytes(masks[0].pixelData(*box))) if masks else None,
    }


def save_bytes(name, data):
    (HERE / name).write_bytes(data)
    return str(HERE / name)


def history():
    """The steps that Undo knows of."""
    dock = next(one for one in app.dockers() if one.objectName() == 'History')
    model = dock.findChild(QAbstractItemView).model()
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def photograph_screen(name):
    subprocess.run(['import', '-window', 'root', str(HERE / name)], check=True)


def start():
    QTimer.singleShot(0, lambda: Driver(int(os.environ['PSP_LAYERS_DRIVER_PORT'])).setParent(QApplication.instance()))


start()
