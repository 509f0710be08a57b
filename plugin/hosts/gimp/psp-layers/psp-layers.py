#!/usr/bin/env python3
"""pSp Layers in GIMP 3: Filters > pSp Layers."""

import sys

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp  # noqa: E402

from psp_client.declarations import load_operations  # noqa: E402
from psp_layers.arguments import procedure_name  # noqa: E402
from psp_layers.editor import WORDS  # noqa: E402
from psp_layers.filter import run_filter  # noqa: E402
from psp_layers.part_selection import NAME, create_selecting_procedure  # noqa: E402
from psp_layers.procedures import create_procedure  # noqa: E402


class PspLayers(Gimp.PlugIn):
    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return [NAME, *(procedure_name(operation) for operation in load_operations(WORDS.language))]

    def do_create_procedure(self, name):
        if name == NAME:
            return create_selecting_procedure(self)
        for operation in load_operations(WORDS.language):
            if procedure_name(operation) == name:
                return create_procedure(self, operation, run_filter)
        return None


Gimp.main(PspLayers.__gtype__, sys.argv)
