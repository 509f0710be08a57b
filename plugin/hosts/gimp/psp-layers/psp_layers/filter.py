"""What GIMP calls when a filter is chosen: dialog, work, and the end of it in words."""

from __future__ import annotations

from typing import Optional

import gi

gi.require_version('Gimp', '3.0')
from gi.repository import Gimp, GObject  # noqa: E402

from psp_client.messages import Progress, new_name  # noqa: E402
from psp_client.cancel_on_exit import JobGuard  # noqa: E402
from psp_client.declarations import Operation  # noqa: E402
from psp_client.job import Order  # noqa: E402

from .editor import GIMP, WORDS, connect_here, order_of  # noqa: E402
from .layers import Target  # noqa: E402
from .reply import reply  # noqa: E402
from .work import Outcome, targets_of, work  # noqa: E402


def run_filter(
    procedure: Gimp.Procedure,
    run_mode: Gimp.RunMode,
    image: Gimp.Image,
    drawables: list[Gimp.Drawable],
    config: Gimp.ProcedureConfig,
    operation: Operation,
) -> Gimp.ValueArray:
    def run() -> Optional[Gimp.ValueArray]:
        interactive = run_mode != Gimp.RunMode.NONINTERACTIVE
        instance = new_name()
        targets = targets_of(image, drawables)
        if run_mode == Gimp.RunMode.INTERACTIVE:
            # Gtk needs a screen, which a batch has not.
            from .interactive import ask

            if not ask(procedure, config, operation, targets, instance):
                return None
        outcome = _work(order_of(operation, config, interactive), instance, image, targets)
        _show(outcome, interactive)
        return _success(procedure, [image, *outcome.images][-1])

    return reply(procedure, run)


def _work(order: Order, instance: str, image: Gimp.Image, targets: list[Target]) -> Outcome:
    guard = JobGuard(GIMP, instance)
    try:
        bridge = connect_here(instance)
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
        self._tell(WORDS.say('Looking for faces'), 0.0)

    def on_progress(self, progress: Progress) -> None:
        self._tell(WORDS.progress(progress.stage, progress.place, progress.remaining), progress.share)

    def _tell(self, words: str, share: float) -> None:
        which = f' (layer {self._index + 1} of {self._count})' if self._count > 1 else ''
        Gimp.progress_set_text(f'{self._label}{which}: {words}')
        Gimp.progress_update((self._index + share) / self._count)


def _show(outcome: Outcome, interactive: bool) -> None:
    for image in outcome.images if interactive else []:
        Gimp.Display.new(image)
    Gimp.displays_flush()
    remark = WORDS.of_another_person(outcome.likeness)
    if remark is not None:
        Gimp.message(remark)
    if outcome.left_out:
        Gimp.message('Some layers were left out:\n' + '\n'.join(outcome.left_out))


def _success(procedure: Gimp.Procedure, image: Gimp.Image) -> Gimp.ValueArray:
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, GObject.Value(Gimp.Image, image))
    return values
