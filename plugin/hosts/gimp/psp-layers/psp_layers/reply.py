"""How a procedure ends, in GIMP's terms."""

from __future__ import annotations

import traceback
from typing import Callable, Optional

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp, GLib  # noqa: E402

from psp_client.errors import PspError  # noqa: E402


def reply(procedure: Gimp.Procedure, work: Callable[[], Optional[Gimp.ValueArray]]) -> Gimp.ValueArray:
    """`work` answers with what the procedure returns, or None when the user cancelled."""
    try:
        values = work()
        if values is None:
            return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
        return values
    except PspError as error:
        message = error.message
    except Exception as error:  # The one place where the unknown becomes words.
        traceback.print_exc()
        message = f'Something unexpected went wrong: {type(error).__name__}: {error}'
    # GIMP shows this to the user, or hands it to the script that called.
    failure = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), message, 0)
    return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, failure)
