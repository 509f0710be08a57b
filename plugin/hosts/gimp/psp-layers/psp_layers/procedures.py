"""One GIMP procedure per declared operation: its arguments, its place in the menu, its words."""

from __future__ import annotations

from typing import Callable

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp, GObject  # noqa: E402

from psp_client.declarations import Operation  # noqa: E402

from .arguments import (  # noqa: E402
    Argument,
    Choice,
    Double,
    Seed,
    Switch,
    Switches,
    Whole,
    arguments_of,
    procedure_name,
)
from .editor import WORDS  # noqa: E402

MENU = '<Image>/Filters/pSp Layers'
_HELP = (
    'The face is found in each selected layer, sent to the pSp Layers bridge on this machine, and '
    'the result comes back as a new layer with a mask, directly above.'
)


def create_procedure(plug_in: Gimp.PlugIn, operation: Operation, run: Callable) -> Gimp.Procedure:
    name = procedure_name(operation)
    procedure = image_procedure(plug_in, name, operation.label, run, operation)
    procedure.set_documentation(operation.summary, f'{operation.summary} {_HELP}', None)
    for argument in arguments_of(operation, WORDS):
        add_argument(procedure, argument)
    procedure.add_image_return_value(
        'result', 'Result', 'The image with the new layers: the same, or the new one that was made',
        False, GObject.ParamFlags.READWRITE,
    )
    return procedure


def image_procedure(plug_in: Gimp.PlugIn, name: str, label: str, run: Callable, data: object) -> Gimp.Procedure:
    """In the plug-in's menu, for one or more selected layers."""
    procedure = Gimp.ImageProcedure.new(plug_in, name, Gimp.PDBProcType.PLUGIN, run, data)
    # Indexed images cannot hold the results: their menu entries are greyed out.
    procedure.set_image_types('RGB*, GRAY*')
    procedure.set_sensitivity_mask(
        Gimp.ProcedureSensitivityMask.DRAWABLE | Gimp.ProcedureSensitivityMask.DRAWABLES
    )
    procedure.set_menu_label(f'{label}...')
    procedure.add_menu_path(MENU)
    procedure.set_attribution('pSp Layers', 'pSp Layers', '2026')
    return procedure


def add_argument(procedure: Gimp.Procedure, argument: Argument) -> None:
    flags = GObject.ParamFlags.READWRITE
    if isinstance(argument, Switches):
        for member in argument.members:
            label = f'{argument.label}: {member.label}'
            procedure.add_boolean_argument(member.name, label, member.hint, member.default, flags)
        return
    name, label, hint, default = argument[:4]
    if isinstance(argument, Whole):
        procedure.add_int_argument(
            name, label, hint, argument.minimum, argument.maximum, default, flags
        )
    elif isinstance(argument, Double):
        procedure.add_double_argument(
            name, label, hint, argument.minimum, argument.maximum, default, flags
        )
    elif isinstance(argument, Seed):
        procedure.add_uint_argument(name, label, hint, 0, argument.maximum, default, flags)
    elif isinstance(argument, Choice):
        choice = Gimp.Choice.new()
        for number, (value, text) in enumerate(argument.choices):
            choice.add(value, number, text, '')
        procedure.add_choice_argument(name, label, hint, choice, default, flags)
    elif isinstance(argument, Switch):
        procedure.add_boolean_argument(name, label, hint, default, flags)
    else:
        procedure.add_string_argument(name, label, hint, default, flags)
