"""An operation's parameters as arguments of a GIMP procedure. Nothing in here needs GIMP."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Union

from psp_client.declarations import Json, Operation
from psp_client.words import FILES_ARE_NOTED, Words


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


class Text(NamedTuple):
    name: str
    label: str
    hint: str
    default: str


Argument = Union[Double, Whole, Seed, Choice, Switch, Switches, Text]
# What is declared here, in English.
Own = Union[Choice, Whole, Text, Switch]

MODEL = Text('model', 'Model', 'Name of an installed model; empty takes the best that fits.', '')
FACES = Choice(
    'faces', 'Faces', 'Which of the faces that are found get a layer.', 'all',
    [('all', 'All faces'), ('largest', 'The largest face'), ('number', 'One face, by its number')],
)
# For domains in which nobody's face would be found: cats, paintings.
FACES_OR_LAYER = FACES._replace(choices=[*FACES.choices, ('layer', 'None: the whole layer')])
NOTE = Switch('note', FILES_ARE_NOTED.label, FILES_ARE_NOTED.hint, True)
FACE_NUMBER = Whole('face-number', 'Face number', 'Counted from 1, the largest first.', 1, 1, 1024)


def procedure_name(operation: Operation) -> str:
    return f'psp-layers-{operation.id}'


def arguments_of(operation: Operation, words: Words = Words('en')) -> list[Argument]:  # noqa: B008
    """In the order of the dialog."""
    faces = {'face': FACES, 'face-or-layer': FACES_OR_LAYER}.get(operation.input)
    which: list[Own] = [faces, FACE_NUMBER] if faces else []
    parameters = [_argument_of(parameter) for parameter in operation.parameters]
    return [*(said(words, each) for each in which), *parameters, said(words, MODEL), said(words, NOTE)]


def said(words: Words, argument: Own) -> Own:
    """In the user's language."""
    named: Own = argument._replace(label=words.say(argument.label), hint=words.say(argument.hint))
    if isinstance(named, Choice):
        named = named._replace(choices=[(value, words.say(label)) for value, label in named.choices])
    return named


def wire_parameters(operation: Operation, values: Json) -> Json:
    """The wire's parameters from the values of the arguments, by the arguments' names."""
    return {parameter['name']: _value_of(parameter, values) for parameter in operation.parameters}


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
