"""The controls of an operation, one for each declared parameter."""

from __future__ import annotations

import random
from typing import Any, Callable

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from psp_client.declarations import Json, Operation, is_share
from psp_client.words import Words


class Control:
    """A widget, and the parameter's value in it as the wire has it."""

    def __init__(self, widget: QWidget, read: Callable[[], Any], write: Callable[[Any], None]):
        self.widget = widget
        self.read = read
        self.write = write


class Controls(QWidget):
    """A form of an operation's parameters."""

    changed = pyqtSignal()

    def __init__(self, operation: Operation, values: Json, words: Words):
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        self._controls: dict[str, Control] = {}
        for parameter in operation.parameters:
            control = _control(parameter, words, self.changed.emit)
            _restore(control, values.get(parameter['name'], parameter['default']), parameter['default'])
            control.widget.setToolTip(parameter['hint'])
            control.widget.setObjectName(parameter['name'])
            form.addRow(parameter['label'], control.widget)
            self._controls[parameter['name']] = control

    def values(self) -> Json:
        return {name: control.read() for name, control in self._controls.items()}


def _restore(control: Control, value: Any, default: Any) -> None:
    """What an older version remembered may not fit any more."""
    try:
        control.write(value)
    except (TypeError, ValueError):
        control.write(default)


def _control(parameter: Json, words: Words, changed: Callable[[], None]) -> Control:
    kind = parameter['kind']
    if kind == 'number':
        return _number(parameter, changed)
    if kind == 'seed':
        return _seed(parameter, words, changed)
    if kind == 'choice':
        return _choice(parameter, changed)
    if kind == 'set':
        return _set(parameter, changed)
    if kind == 'switch':
        return _switch(changed)
    raise ValueError(f'operations.json declares a parameter of an unknown kind "{kind}"')


def _number(parameter: Json, changed: Callable[[], None]) -> Control:
    """A slider and its number: whole, or a share in per cent, or what it is."""
    low, high, step = parameter['min'], parameter['max'], parameter['step']
    scale = 100 if is_share(parameter) else 1 if float(step).is_integer() else round(1 / step)
    slider, spin = QSlider(Qt.Horizontal), QSpinBox()
    for one in (slider, spin):
        one.setRange(round(low * scale), round(high * scale))
        one.setSingleStep(max(1, round(step * scale)))
    spin.setSuffix(' %' if scale == 100 else '')
    slider.valueChanged.connect(spin.setValue)
    spin.valueChanged.connect(slider.setValue)
    spin.valueChanged.connect(lambda _: changed())

    def read() -> float:
        return spin.value() if scale == 1 else round(spin.value() / scale, 6)

    return Control(_row(slider, spin), read, lambda value: spin.setValue(round(value * scale)))


def _seed(parameter: Json, words: Words, changed: Callable[[], None]) -> Control:
    """Krita's spin boxes hold 31 bits: a double's hold 32 exactly."""
    spin, fresh = QDoubleSpinBox(), QPushButton(words.say('New seed'))
    spin.setDecimals(0)
    spin.setRange(0, parameter['max'])
    spin.valueChanged.connect(lambda _: changed())
    fresh.clicked.connect(lambda: spin.setValue(random.getrandbits(32)))
    return Control(_row(spin, fresh), lambda: int(spin.value()), lambda value: spin.setValue(value))


def _choice(parameter: Json, changed: Callable[[], None]) -> Control:
    combo = QComboBox()
    for choice in parameter['choices']:
        combo.addItem(choice['label'], choice['value'])
    combo.currentIndexChanged.connect(lambda _: changed())

    def write(value: str) -> None:
        index = combo.findData(value)
        if index < 0:
            raise ValueError(value)
        combo.setCurrentIndex(index)

    return Control(combo, combo.currentData, write)


def _set(parameter: Json, changed: Callable[[], None]) -> Control:
    boxes = {choice['value']: QCheckBox(choice['label']) for choice in parameter['choices']}
    for box in boxes.values():
        box.toggled.connect(lambda _: changed())

    def write(values: list[str]) -> None:
        for value, box in boxes.items():
            box.setChecked(value in values)

    return Control(
        _row(*boxes.values()), lambda: [value for value, box in boxes.items() if box.isChecked()], write
    )


def _switch(changed: Callable[[], None]) -> Control:
    box = QCheckBox()
    box.toggled.connect(lambda _: changed())
    return Control(box, box.isChecked, box.setChecked)


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    return row
