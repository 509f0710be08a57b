"""What GIMP calls when a filter is chosen: dialog, work, and the end of it in words."""

from __future__ import annotations

import traceback
from typing import Any

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp, GLib, GObject  # noqa: E402

from psp_client.bridge import Progress, new_name  # noqa: E402
from psp_client.cancel_on_exit import JobGuard  # noqa: E402
from psp_client.connect import connect  # noqa: E402
from psp_client.declarations import Operation  # noqa: E402
from psp_client.errors import PspError  # noqa: E402
from psp_client.geometry import Json  # noqa: E402
from psp_client.host import Host  # noqa: E402
from psp_client.job import Order  # noqa: E402

from .arguments import Switches, arguments_of, wire_parameters  # noqa: E402
from .layers import Target  # noqa: E402
from .work import Outcome, targets_of, work  # noqa: E402

_GIMP = Host('GIMP', 'psp-layers gimp install')
_STAGES = {
    None: 'waiting',
    'align': 'aligning the face',
    'encode': 'encoding',
    'decode': 'decoding',
    'paste': 'pasting back',
}


def run_filter(
    procedure: Gimp.Procedure,
    run_mode: Gimp.RunMode,
    image: Gimp.Image,
    drawables: list[Gimp.Drawable],
    config: Gimp.ProcedureConfig,
    operation: Operation,
) -> Gimp.ValueArray:
    interactive = run_mode != Gimp.RunMode.NONINTERACTIVE
    instance = new_name()
    try:
        targets = targets_of(image, drawables)
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from .dialog import ask  # Gtk needs a screen, which a batch has not.

            if not ask(procedure, config, operation, _models(instance, operation)):
                return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
        outcome = _work(_order(operation, config, interactive), instance, image, targets)
        _show(outcome, interactive)
        return _success(procedure, [image, *outcome.images][-1])
    except PspError as error:
        message = error.message
    except Exception as error:  # The one place where the unknown becomes words.
        traceback.print_exc()
        message = f'Something unexpected went wrong: {type(error).__name__}: {error}'
    # GIMP shows this to the user, or hands it to the script that called.
    failure = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), message, 0)
    return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, failure)


def _models(instance: str, operation: Operation) -> list[Json]:
    """Installed models that serve the operation. Raises MODEL_MISSING with the file to import.
    The conversation ends here: a dialog may stay open for longer than the bridge listens."""
    bridge = _connect(instance)
    try:
        return operation.models(bridge.models())
    finally:
        bridge.close()


def _connect(instance: str) -> Any:
    return connect(_GIMP, instance, lambda: Gimp.progress_init('Starting the pSp Layers bridge'))


def _order(operation: Operation, config: Gimp.ProcedureConfig, interactive: bool) -> Order:
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
    )


def _work(order: Order, instance: str, image: Gimp.Image, targets: list[Target]) -> Outcome:
    guard = JobGuard(_GIMP, instance)
    try:
        bridge = _connect(instance)
        try:
            return work(bridge, guard, order, image, targets, _GimpProgress(order.operation.label))
        finally:
            bridge.close()
    finally:
        guard.close()
        Gimp.progress_end()


class _GimpProgress:
    """The bar and the words in GIMP's status line."""

    def __init__(self, label: str):
        self._label = label
        self._index = 0
        self._count = 1
        Gimp.progress_init(label)

    def on_layer(self, index: int, count: int) -> None:
        self._index, self._count = index, count
        self._tell('looking for faces', 0.0)

    def on_progress(self, progress: Progress) -> None:
        words = _STAGES.get(progress.stage, 'working')
        if progress.place:
            words += f' for {progress.place} other {"job" if progress.place == 1 else "jobs"}'
        if progress.remaining is not None and progress.remaining >= 1:
            words += f', {progress.remaining:.0f} s left'
        self._tell(words, progress.share)

    def _tell(self, words: str, share: float) -> None:
        which = f' (layer {self._index + 1} of {self._count})' if self._count > 1 else ''
        Gimp.progress_set_text(f'{self._label}{which}: {words}')
        Gimp.progress_update((self._index + share) / self._count)


def _show(outcome: Outcome, interactive: bool) -> None:
    for image in outcome.images if interactive else []:
        Gimp.Display.new(image)
    Gimp.displays_flush()
    if outcome.left_out:
        Gimp.message('Some layers were left out:\n' + '\n'.join(outcome.left_out))


def _success(procedure: Gimp.Procedure, image: Gimp.Image) -> Gimp.ValueArray:
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, GObject.Value(Gimp.Image, image))
    return values
