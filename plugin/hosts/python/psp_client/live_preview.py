"""Small pictures of an edit while its sliders move, as plugin/core/livePreview.ts has them.

The face is encoded once; then one picture is asked for at a time, for the latest wish, so that the picture keeps
up with the hand.
"""

from __future__ import annotations

import threading
from typing import Callable, NamedTuple, Optional

from .bridge import Bridge
from .messages import Json, Pixels, Region, new_name
from .connect import connect
from .errors import PspError
from .host import Host


class Wish(NamedTuple):
    operation: str
    model: str
    parameters: Json
    region: Region


class _Encoded(NamedTuple):
    """The codes of a face, and the name under which it is joined with its photograph."""

    region: Region
    model: str
    codes: bytes
    placing: Optional[str]


class LivePreview:
    """Works on a thread of its own until it is closed. What fails leaves the last picture: the run itself
    tells what is wrong."""

    def __init__(self, host: Host, on_picture: Callable[[Pixels, float], None]):
        """`on_picture`, called on the other thread, gets the picture and its likeness to the face before, 0..1."""
        self._host = host
        # Not the instance of the runs: a connection of the same instance would end theirs.
        self._instance = new_name()
        self._on_picture = on_picture
        self._changed = threading.Condition()
        self._wish: Optional[Wish] = None
        self._closed = False
        self._encoding: Optional[tuple[Bridge, str]] = None
        # The last face and model.
        self._encoded: Optional[_Encoded] = None
        threading.Thread(target=self._work, daemon=True).start()

    def show(self, wish: Wish) -> None:
        with self._changed:
            self._wish = wish
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
            encoding = self._encoding
        if encoding is not None:
            bridge, job = encoding
            try:
                bridge.ask_to_cancel(job)
            except PspError:
                pass  # A bridge that is gone works on nothing.

    def _work(self) -> None:
        while True:
            with self._changed:
                while self._wish is None and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                wish, self._wish = self._wish, None
            assert wish is not None
            try:
                picture, likeness = self._draw(wish)
            except PspError:
                continue
            if not self._closed:
                self._on_picture(picture, likeness)

    def _draw(self, wish: Wish) -> tuple[Pixels, float]:
        bridge = connect(self._host, self._instance, lambda: None)
        try:
            face = self._encode(bridge, wish)
            return bridge.preview(wish.operation, wish.model, wish.parameters, face.codes, face.placing)
        finally:
            bridge.close()

    def _encode(self, bridge: Bridge, wish: Wish) -> _Encoded:
        known = self._encoded
        if known is not None and known.region is wish.region and known.model == wish.model:
            return known
        job = new_name()
        with self._changed:
            if self._closed:
                raise PspError('CANCELLED', 'Cancelled.')
            self._encoding = (bridge, job)
        try:
            bridge.run(job, wish.operation, wish.model, {'likeness': 'fast'}, 'interactive', [wish.region])
            bridge.wait(job, lambda progress: None)
            placing = bridge.fetch(job)[0].about.get('placing')
            codes = bridge.source_codes(job)
            bridge.forget(job)
        finally:
            self._encoding = None
        self._encoded = _Encoded(wish.region, wish.model, codes, placing)
        return self._encoded
