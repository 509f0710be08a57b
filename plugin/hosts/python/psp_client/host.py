"""The editor around the client, in the words of its messages."""

from __future__ import annotations

from typing import NamedTuple


class Host(NamedTuple):
    name: str
    # What the user types to put the plug-in there again, which also tells it where the bridge is.
    install_command: str
