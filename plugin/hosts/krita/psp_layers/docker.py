"""The docker: operation, faces, parameters, Run."""

from __future__ import annotations

import json
import traceback
from typing import Optional

from krita import DockWidget, Krita
from PyQt5.QtCore import QLocale, pyqtSignal
from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from psp_client.messages import Progress
from psp_client.declarations import Operation, load_operations, load_parts
from psp_client.errors import PspError
from psp_client.faces import turned_far
from psp_client.geometry import Json
from psp_client.job import Order
from psp_client.live_preview import Wish
from psp_client.words import FILES_ARE_NOTED, TURNED_FAR, Words

from .controls import Controls
from .conversation import Conversation
from .face_list import FaceList
from .part_selection import PartSelection
from .preview_picture import PreviewPicture
from .work import FoundFaces, active_layer, find_faces, run

# Where Krita keeps what was chosen last.
_SETTINGS = ('pspLayers', 'settings')


class PspDocker(DockWidget):
    _progressed = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle('pSp Layers')
        self._words = Words(QLocale().name())
        self._operations = load_operations(self._words.language)
        self._settings: Json = _load_settings()
        self._models: list[Json] = []
        # The layer whose faces are shown.
        self._searched: Optional[object] = None
        self._found: Optional[FoundFaces] = None
        # What is said when the present work has ended well.
        self._at_end = ''
        self._conversation = Conversation(self)
        self._conversation.starting.connect(lambda: self._tell(self._words.say('Starting the bridge')))
        self._conversation.ended.connect(self._on_ended)
        self._progressed.connect(self._on_progress)
        self._build()
        self._choose_operation()

    def canvasChanged(self, canvas: object) -> None:
        """Krita calls this when another document comes to the front."""

    def enterEvent(self, event: object) -> None:
        """Whoever comes to the docker is about to choose: the layer's faces are looked for then."""
        self._look()

    def _build(self) -> None:
        say = self._words.say
        content = QWidget()
        box = QVBoxLayout(content)
        self._operation_box = QComboBox()
        for operation in self._operations:
            self._operation_box.addItem(operation.label, operation.id)
        self._operation_box.setCurrentIndex(max(0, self._operation_box.findData(self._settings.get('operation'))))
        self._operation_box.currentIndexChanged.connect(lambda _: self._choose_operation())
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._faces = FaceList(self._words)
        self._faces.itemSelectionChanged.connect(self._forget_preview)
        self._faces.itemSelectionChanged.connect(self._warn_of_turned_heads)
        self._turned = QLabel(say(TURNED_FAR))
        self._turned.setWordWrap(True)
        self._turned.hide()
        self._preview = PreviewPicture(self._words)
        self._selecting = PartSelection(self._words)
        self._part_box = QComboBox()
        for value, label in load_parts(self._words.language):
            self._part_box.addItem(label, value)
        self._select_button = QPushButton(say('Select'))
        self._select_button.setToolTip(say('Selects that part of the chosen faces, instead of what is selected.'))
        self._select_button.clicked.connect(self._select_part)
        self._back_button = QPushButton(say('Back'))
        self._back_button.setToolTip(say('What was selected before.'))
        self._back_button.clicked.connect(self._select_as_before)
        self._back_button.setEnabled(False)
        parts = QHBoxLayout()
        for widget in (self._part_box, self._select_button, self._back_button):
            parts.addWidget(widget)
        self._form_place = QVBoxLayout()
        self._controls: Optional[Controls] = None
        self._model_box = QComboBox()
        self._model_box.setToolTip(say('Name of an installed model; empty takes the best that fits.'))
        self._model_box.currentIndexChanged.connect(lambda _: self._forget_preview())
        model = QFormLayout()
        model.addRow(say('Model'), self._model_box)
        self._notes = QCheckBox(say(FILES_ARE_NOTED.label))
        self._notes.setToolTip(say(FILES_ARE_NOTED.hint))
        self._notes.setChecked(self._settings.get('note') is not False)
        self._notes.toggled.connect(lambda _: self._remember())
        self._run_button = QPushButton(say('Run'))
        self._run_button.clicked.connect(self._run_or_cancel)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._message = QLabel()
        self._message.setWordWrap(True)
        for widget in (self._operation_box, self._summary, self._faces, self._turned):
            box.addWidget(widget)
        box.addLayout(parts)
        box.addWidget(self._preview)
        box.addLayout(self._form_place)
        box.addLayout(model)
        box.addWidget(self._notes)
        box.addStretch()
        # By their names others find them: screen readers, scripts and tests.
        for name, widget in {
            'operation': self._operation_box, 'faces': self._faces, 'part': self._part_box, 'select': self._select_button, 'back': self._back_button,
            'turned': self._turned, 'model': self._model_box, 'note': self._notes,
            'run': self._run_button, 'progress': self._bar, 'message': self._message,
        }.items():
            widget.setObjectName(name)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        whole = QWidget()
        outer = QVBoxLayout(whole)
        # What is pressed and what is told stays in sight.
        for widget in (scroll, self._run_button, self._bar, self._message):
            outer.addWidget(widget)
        self.setWidget(whole)

    @property
    def _operation(self) -> Operation:
        return self._operations[self._operation_box.currentIndex()]

    def _choose_operation(self) -> None:
        operation = self._operation
        if self._controls is not None:
            self._controls.setParent(None)
        remembered = self._settings.get('parameters', {}).get(operation.id, {})
        self._controls = Controls(operation, remembered, self._words)
        self._controls.changed.connect(self._remember)
        self._controls.changed.connect(self._ask_for_preview)
        self._form_place.addWidget(self._controls)
        self._summary.setText(operation.summary)
        self._faces.setVisible(operation.finds_faces)
        self._faces.clear_faces(operation.input == 'face-or-layer')
        self._searched = self._found = None
        self._warn_of_turned_heads()
        self._forget_preview()
        self._show_models()
        self._remember()

    def _show_models(self) -> None:
        self._model_box.clear()
        fitting = [model for model in self._models if self._operation.id in model['operations']]
        best = f' ({fitting[0]["name"]})' if fitting else ''
        self._model_box.addItem(self._words.say('Automatic') + best, None)
        for model in fitting:
            self._model_box.addItem(f'{model["name"]}, {model["resolution"]} px', model['name'])

    def _remember(self) -> None:
        assert self._controls is not None
        self._settings['operation'] = self._operation.id
        self._settings['note'] = self._notes.isChecked()
        self._settings.setdefault('parameters', {})[self._operation.id] = self._controls.values()
        Krita.instance().writeSetting(*_SETTINGS, json.dumps(self._settings))

    def _look(self) -> None:
        """Faces and models for what is selected now; silent where there is nothing to look at."""
        if self._conversation.busy:
            return
        try:
            _, node = active_layer()
        except PspError:
            return
        if node.uniqueId() == self._searched:
            return
        self._searched = node.uniqueId()
        self._begin('Looking for faces', 'Ready.')
        self._conversation.begin(self._look_at(node))

    def _look_at(self, node):  # type: ignore[no-untyped-def]
        self._models = yield lambda bridge: bridge.models()
        self._show_models()
        if self._operation.finds_faces:
            yield from find_faces(node, self._show_faces)

    def _show_faces(self, found: FoundFaces) -> None:
        self._found = found
        self._faces.show_faces(found.preview, found.faces, self._operation)
        self._warn_of_turned_heads()
        if not found.faces:
            self._at_end = 'No face was found.'

    def _warn_of_turned_heads(self) -> None:
        faces = self._found.faces if self._found is not None else []
        self._turned.setVisible(turned_far(self._operation, faces, self._faces.choice()))

    def _forget_preview(self) -> None:
        self._preview.forget()

    def _ask_for_preview(self) -> None:
        """While a hand moves a slider: of the chosen face, or of the largest."""
        operation, controls = self._operation, self._controls
        fitting = [model for model in self._models if operation.id in model['operations']]
        if self._found is None or controls is None or not operation.can_be_previewed or not fitting:
            return
        region = self._found.region(self._faces.choice())
        if region is not None:
            model = self._model_box.currentData() or fitting[0]['name']
            self._preview.ask(Wish(operation.id, model, controls.values(), region))

    def _select_part(self) -> None:
        if self._conversation.busy:
            return
        choice = self._faces.choice()
        self._begin('Looking for faces', 'Done.')
        self._conversation.begin(
            self._selecting.select(
                self._part_box.currentData(), self._part_box.currentText(),
                'all' if choice == 'layer' else choice, self._show_found,
            )
        )

    def _select_as_before(self) -> None:
        self._selecting.go_back()
        self._back_button.setEnabled(False)

    def _show_found(self, found: FoundFaces) -> None:
        if self._operation.finds_faces:
            self._show_faces(found)

    def _run_or_cancel(self) -> None:
        if self._conversation.busy:
            self._conversation.cancel()
            return
        assert self._controls is not None
        order = Order(
            self._operation, self._controls.values(), self._faces.choice(), self._model_box.currentData(), True,
            self._notes.isChecked(),
        )
        self._begin('Working', 'Done.')
        self._conversation.begin(
            run(self._conversation, order, self._show_faces, self._progressed.emit, self._leave_out)
        )

    def _leave_out(self, reasons: list[str]) -> None:
        if reasons:
            self._at_end = '\n'.join([self._words.say('Some layers were left out:'), *reasons])

    def _begin(self, what: str, at_end: str) -> None:
        self._at_end = at_end
        self._run_button.setText(self._words.say('Cancel'))
        self._bar.setValue(0)
        self._tell(self._words.say(what))

    def _on_progress(self, progress: Progress) -> None:
        self._bar.setValue(round(progress.share * 1000))
        self._tell(self._words.progress(progress.stage, progress.place, progress.remaining))

    def _on_ended(self, error: Optional[Exception]) -> None:
        self._run_button.setText(self._words.say('Run'))
        self._bar.setValue(1000 if error is None else 0)
        self._back_button.setEnabled(self._selecting.can_go_back)
        if error is None:
            self._tell(self._words.say(self._at_end))
        elif isinstance(error, PspError):
            self._tell(error.message)
        else:  # The one place where the unknown becomes words.
            traceback.print_exception(type(error), error, error.__traceback__)
            self._tell(f'Something unexpected went wrong: {type(error).__name__}: {error}')

    def _tell(self, text: str) -> None:
        self._message.setText(text)


def _load_settings() -> Json:
    try:
        settings = json.loads(Krita.instance().readSetting(*_SETTINGS, '{}'))
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}
