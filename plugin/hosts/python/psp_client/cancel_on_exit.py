"""Cancels the bridge's jobs when an editor ends its plug-in by force.

A Cancel button may kill a plug-in without a word, so the plug-in cannot say it itself. This
program runs beside it and reads its standard input: "begin JOB" and "end JOB" lines; when the pipe
breaks while jobs are open, it cancels them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Iterable

if __name__ == '__main__':
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from psp_client.connect import connect  # noqa: E402
from psp_client.errors import PspError  # noqa: E402
from psp_client.host import Host  # noqa: E402


class JobGuard:
    """The plug-in's end of the pipe. Without the guard a cancelled job merely runs to its end."""

    def __init__(self, host: Host, instance: str):
        options: dict[str, Any] = {'start_new_session': True}
        if sys.platform == 'win32':
            options = {'creationflags': subprocess.CREATE_NO_WINDOW}
        self._process = subprocess.Popen(
            [sys.executable, __file__, instance, *host], stdin=subprocess.PIPE, text=True, **options
        )

    def begin(self, job: str) -> None:
        self._say(f'begin {job}')

    def end(self, job: str) -> None:
        self._say(f'end {job}')

    def close(self) -> None:
        """Lets the guard go; jobs that were not ended are cancelled."""
        assert self._process.stdin
        try:
            self._process.stdin.close()
        except OSError:
            pass

    def _say(self, line: str) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(f'{line}\n')
            self._process.stdin.flush()
        except OSError:
            pass  # The guard is gone; the work itself does not need it.


def open_jobs(lines: Iterable[str]) -> list[str]:
    """The jobs that were begun and not ended when the lines stop."""
    jobs: list[str] = []
    for line in lines:
        verb, job = line.split()
        if verb == 'begin':
            jobs.append(job)
        else:
            jobs.remove(job)
    return jobs


def main() -> None:
    jobs = open_jobs(sys.stdin)
    if not jobs:
        return
    try:
        bridge = connect(Host(*sys.argv[2:]), sys.argv[1], lambda: sys.exit(0))
        for job in jobs:
            bridge.cancel(job)
        bridge.close()
    except PspError:
        pass  # A bridge that is gone has nothing left to cancel.


if __name__ == '__main__':
    main()
