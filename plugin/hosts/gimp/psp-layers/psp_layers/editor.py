"""GIMP as the client needs to know it: its name, its language, and what the arguments order."""

from __future__ import annotations

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp, GLib  # noqa: E402

from psp_client.bridge import Bridge  # noqa: E402
from psp_client.connect import connect  # noqa: E402
from psp_client.declarations import Json, Operation  # noqa: E402
from psp_client.host import Host  # noqa: E402
from psp_client.job import Order  # noqa: E402
from psp_client.words import Words  # noqa: E402

from .arguments import NOTE, Switches, arguments_of, wire_parameters  # noqa: E402

GIMP = Host('GIMP', 'psp-layers gimp install')
WORDS = Words(GLib.get_language_names()[0])


def connect_here(instance: str) -> Bridge:
    return connect(GIMP, instance, lambda: Gimp.progress_init(WORDS.say('Starting the bridge')))


def order_of(operation: Operation, config: Gimp.ProcedureConfig, interactive: bool) -> Order:
    values: Json = {}
    for argument in arguments_of(operation):
        for one in argument.members if isinstance(argument, Switches) else [argument]:
            values[one.name] = config.get_property(one.name)
    faces = values.get('faces', 'all')
    return Order(
        operation,
        wire_parameters(operation, values),
        values['face-number'] if faces == 'number' else faces,
        values['model'] or None,
        interactive,
        values[NOTE.name],
    )
