"""What operations.json declares, as GIMP's procedures need it. Nothing in here knows GIMP.

The file is written from the bridge's own declarations (`npm run write:generated`), so that this
plug-in, the panel and the command line offer the same.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple, Union

Json = dict[str, Any]

_FILE = Path(__file__).resolve().parent.parent / 'operations.json'


class Double(NamedTuple):
    name: str
    label: str
    hint: str
    default: float
    minimum: float
    maximum: float


class Whole(NamedTuple):
    name: str
    label: str
    hint: str
    default: int
    minimum: int
    maximum: int


class Seed(NamedTuple):
    """32 bits without a sign: more than GIMP's ordinary whole numbers hold."""

    name: str
    label: str
    hint: str
    default: int
    maximum: int


class Choice(NamedTuple):
    name: str
    label: str
    hint: str
    default: str
    choices: list[tuple[str, str]]


class Switch(NamedTuple):
    name: str
    label: str
    hint: str
    default: bool


class Switches(NamedTuple):
    """Several of the listed at once: GIMP has no sets, so each member is a switch of its own."""

    name: str
    label: str
    members: list[Switch]


class Words(NamedTuple):
    name: str
    label: str
    hint: str
    default: str


Argument = Union[Double, Whole, Seed, Choice, Switch, Switches, Words]

MODEL = Words('model', 'Model', 'Name of an installed model; empty takes the best that fits.', '')
FACES = Choice(
    'faces', 'Faces', 'Which of the faces that are found get a layer.', 'all',
    [('all', 'All faces'), ('largest', 'The largest face'), ('number', 'One face, by its number')],
)
# For domains in which nobody's face would be found: cats, paintings.
FACES_OR_LAYER = FACES._replace(choices=[*FACES.choices, ('layer', 'None: the whole layer')])
FACE_NUMBER = Whole('face-number', 'Face number', 'Counted from 1, the largest first.', 1, 1, 1024)


class Operation:
    """One declared operation."""

    def __init__(self, declared: Json):
        self.id: str = declared['id']
        self.label: str = declared['label']
        self.summary: str = declared['summary']
        self.input: str = declared['input']
        self.needs_hole: bool = declared['mask'] == 'required'
        self.model_hint: str = declared['modelHint']
        self._parameters: list[Json] = declared['parameters']

    @property
    def procedure(self) -> str:
        return f'psp-layers-{self.id}'

    @property
    def finds_faces(self) -> bool:
        return self.input in ('face', 'face-or-layer')

    def arguments(self) -> list[Argument]:
        """In the order of the dialog."""
        which: dict[str, list[Argument]] = {
            'face': [FACES, FACE_NUMBER],
            'face-or-layer': [FACES_OR_LAYER, FACE_NUMBER],
        }
        faces = which.get(self.input, [])
        return [*faces, *(_argument_of(parameter) for parameter in self._parameters), MODEL]

    def parameters(self, values: Json) -> Json:
        """The wire's parameters from the values of the arguments, by the arguments' names."""
        return {p['name']: _value_of(p, values) for p in self._parameters}


def load_operations() -> list[Operation]:
    declared = json.loads(_FILE.read_text(encoding='utf-8'))
    return [Operation(operation) for operation in declared['operations']]


def plug_in_version() -> str:
    return json.loads(_FILE.read_text(encoding='utf-8'))['version']


def argument_name(name: str) -> str:
    """GIMP's spelling: matchColour -> match-colour."""
    return re.sub(r'(?<!^)([A-Z])', r'-\1', name).lower()


def _switch_name(parameter: Json, choice: Json) -> str:
    return f'{argument_name(parameter["name"])}-{argument_name(choice["value"])}'


def _argument_of(parameter: Json) -> Argument:
    name, label, hint = argument_name(parameter['name']), parameter['label'], parameter['hint']
    default = parameter['default']
    kind = parameter['kind']
    if kind == 'number' and float(parameter['step']).is_integer():
        return Whole(name, label, hint, default, parameter['min'], parameter['max'])
    if kind == 'number':
        return Double(name, label, hint, default, parameter['min'], parameter['max'])
    if kind == 'seed':
        return Seed(name, label, hint, default, parameter['max'])
    if kind == 'choice':
        choices = [(choice['value'], choice['label']) for choice in parameter['choices']]
        return Choice(name, label, hint, default, choices)
    if kind == 'set':
        members = [
            Switch(_switch_name(parameter, choice), choice['label'], hint, choice['value'] in default)
            for choice in parameter['choices']
        ]
        return Switches(name, label, members)
    if kind == 'switch':
        return Switch(name, label, hint, default)
    raise ValueError(f'operations.json declares a parameter of an unknown kind "{kind}"')


def _value_of(parameter: Json, values: Json) -> Any:
    if parameter['kind'] == 'set':
        return [c['value'] for c in parameter['choices'] if values[_switch_name(parameter, c)]]
    return values[argument_name(parameter['name'])]
