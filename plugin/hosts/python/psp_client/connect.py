"""Finds the bridge on this machine, starts it when it can, and says in words why not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from .bridge import Bridge
from .declarations import plug_in_version
from .errors import PspError
from .host import Host
from .websocket import HandshakeRefused, NotAWebSocket, WebSocket

_HOST = '127.0.0.1'
_DEFAULT_PORT = 9477
# Written when the plug-in is installed: the bridge's port and user folder, and how to start it.
_INSTALLED = Path(__file__).resolve().parent / 'bridge.json'
# Loading the models takes seconds; a machine that needs longer is stuck.
_START_SECONDS = 60.0
_CONNECT_SECONDS = 5.0


class Where(NamedTuple):
    """`command` starts the bridge; None when it is not known."""

    port: int
    command: Optional[list[str]]


def where_is_the_bridge() -> Where:
    installed = _installed()
    port = int(os.environ.get('PSP_LAYERS_PORT', installed.get('port', _DEFAULT_PORT)))
    command = installed.get('command')
    if not command or not Path(command[0]).exists():
        found = shutil.which('psp-layers')
        command = [found] if found else None
    return Where(port, command and [*command, 'serve', '--port', str(port)])


def user_folder() -> Path:
    """As bridge-server/folders.ts has it, but an editor in a sandbox (Flatpak, Snap) sees another
    environment than the bridge: what was installed comes before what the system says."""
    chosen = os.environ.get('PSP_LAYERS_HOME') or _installed().get('home')
    if chosen:
        return Path(chosen)
    if sys.platform == 'win32':
        return Path(os.environ.get('APPDATA', Path.home() / 'AppData' / 'Roaming')) / 'pSp Layers'
    if sys.platform == 'darwin':
        return Path.home() / 'Library' / 'Application Support' / 'pSp Layers'
    return Path(os.environ.get('XDG_CONFIG_HOME', Path.home() / '.config')) / 'psp-layers'


def _installed() -> dict[str, Any]:
    return json.loads(_INSTALLED.read_text(encoding='utf-8')) if _INSTALLED.exists() else {}


def connect(host: Host, instance: str, on_starting: Callable[[], None]) -> Bridge:
    """An open conversation; calls `on_starting` when the bridge has to be started first.
    Raises PspError."""
    where = where_is_the_bridge()
    websocket = _try_connect(host, where.port)
    if websocket is None:
        on_starting()
        websocket = _start(host, where)
    bridge = Bridge(websocket)
    try:
        bridge.greet(host.name, plug_in_version(), instance, _read_token(host), where.port)
    except BaseException:
        bridge.close()
        raise
    return bridge


def _try_connect(host: Host, port: int) -> Optional[WebSocket]:
    """None when nobody listens there."""
    try:
        return WebSocket.connect(_HOST, port, timeout=_CONNECT_SECONDS)
    except OSError:
        return None
    except HandshakeRefused as error:
        raise PspError('BUSY', error.reason or _something_else(host, port, error), True) from error
    except NotAWebSocket as error:
        raise PspError('CONNECTION_LOST', _something_else(host, port, error)) from error


def _something_else(host: Host, port: int, error: NotAWebSocket) -> str:
    return (
        f'Something else than the pSp Layers bridge uses port {port}: {error}. End it, or run '
        f'`psp-layers serve --port N` and `{host.install_command} --port N`.'
    )


def _start(host: Host, where: Where) -> WebSocket:
    if where.command is None:
        raise PspError(
            'CONNECTION_LOST',
            f'The pSp Layers bridge is not running on port {where.port}, and this plug-in does not '
            'know how to start it. Run `psp-layers serve` in a terminal, or '
            f'`{host.install_command}` once, so that {host.name} can start it.',
            retryable=True,
        )
    folder = user_folder()
    folder.mkdir(parents=True, exist_ok=True)
    # Not the bridge's own log: what it says to a terminal, a code for pairing included.
    log = folder / 'bridge-start.log'
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'wb') as output:
        process = subprocess.Popen(
            where.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **_detached()
        )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        # Asked before the look at the port: whoever lost the race for it ends, and that is fine.
        ended = process.poll() is not None
        websocket = _try_connect(host, where.port)
        if websocket is not None:
            return websocket
        if ended:
            break
        time.sleep(0.1)
    else:
        process.kill()
    raise PspError('CONNECTION_LOST', f'The pSp Layers bridge could not be started: {_last_words(log)}')


def _detached() -> dict[str, Any]:
    """The bridge outlives the plug-in that started it, also when the editor ends that by force."""
    if sys.platform == 'win32':
        return {'creationflags': subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {'start_new_session': True}


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding='utf-8', errors='replace').strip().splitlines()
    return f'{lines[-1][:400]} (more in {log})' if lines else f'it said nothing (see {log}).'


def _read_token(host: Host) -> str:
    file = user_folder() / 'token'
    try:
        return file.read_text(encoding='utf-8').strip()
    except OSError as error:
        raise PspError(
            'NOT_PAIRED',
            f'The file {file}, by which {host.name} proves itself to the bridge, cannot be read '
            f'({error.strerror}). Start the bridge as the same user who runs {host.name}.',
        ) from error
