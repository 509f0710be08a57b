"""The bridge's side of the work on a thread of its own: Krita's interface answers meanwhile.

Work is written as a generator: what it yields is done with the bridge, beside Krita, and its answer comes
back where the generator goes on, on Krita's main thread, the only one that may touch documents.
"""

from __future__ import annotations

import threading
from typing import Any, Callable, Generator, Optional

from PyQt5.QtCore import QObject, pyqtSignal

from psp_client.bridge import Bridge
from psp_client.messages import new_name
from psp_client.connect import connect
from psp_client.errors import PspError
from psp_client.host import Host

KRITA = Host('Krita', 'psp-layers krita install')
# A question to the bridge, and work made of such questions.
Ask = Callable[[Bridge], Any]
Work = Generator[Ask, Any, None]


class Conversation(QObject):
    """One piece of work at a time; what is begun meanwhile is refused as BUSY."""

    starting = pyqtSignal()
    # Of a piece of work: None, or why it failed.
    ended = pyqtSignal(object)
    _answered = pyqtSignal(object, object)

    def __init__(self, parent: QObject):
        super().__init__(parent)
        # Jobs belong to it: the same for every connection of this docker.
        self._instance = new_name()
        self._work: Optional[Work] = None
        self._bridge: Optional[Bridge] = None
        self._job: Optional[str] = None
        self._cancelled = False
        self._answered.connect(self._go_on)

    @property
    def busy(self) -> bool:
        return self._work is not None

    def begin(self, work: Work) -> None:
        """Ends with `ended`."""
        assert self._work is None, 'one piece of work at a time'
        self._work = work
        self._cancelled = False
        self._go_on(None, None)

    def name_job(self, job: str) -> None:
        """What `cancel` cancels from now on; raises CANCELLED where that was already asked for."""
        self._job = job
        if self._cancelled:
            raise _cancelled()

    def cancel(self) -> None:
        """The bridge lets go of the job at once; without one, the work ends at its next answer."""
        self._cancelled = True
        bridge, job = self._bridge, self._job
        if bridge is not None and job is not None:
            try:
                bridge.ask_to_cancel(job)
            except PspError:
                pass  # Whoever waits for the bridge hears that it has left.

    def _go_on(self, answer: Any, error: Optional[Exception]) -> None:
        work = self._work
        assert work is not None
        try:
            if error is None and self._cancelled:
                error = _cancelled()
            ask = work.throw(error) if error is not None else work.send(answer)
        except StopIteration:
            self._end(None)
        except Exception as failure:
            self._end(failure)
        else:
            threading.Thread(target=self._ask, args=[ask], daemon=True).start()

    def _end(self, error: Optional[Exception]) -> None:
        self._work = self._job = None
        self.ended.emit(error)

    def _ask(self, ask: Ask) -> None:
        """On a thread of its own. A connection lasts for one question: Krita may then rest for hours."""
        try:
            bridge = self._bridge = connect(KRITA, self._instance, self.starting.emit)
            try:
                answer = ask(bridge)
            finally:
                self._bridge = None
                bridge.close()
        except Exception as error:
            self._answered.emit(None, error)
        else:
            self._answered.emit(answer, None)


def _cancelled() -> PspError:
    return PspError('CANCELLED', 'Cancelled. Nothing was changed.')
