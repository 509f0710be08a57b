"""How bridge and client prove to each other that they know the token, without saying it
(docs/protocol.md, as protocol/proof.ts has it)."""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple


class Greeting(NamedTuple):
    """What both sides know of a greeting; texts are ASCII."""

    port: int
    instance: str
    client_nonce: str
    server_nonce: str


def proof_of(secret: str, side: str, greeting: Greeting) -> str:
    """Hexadecimal; `side` is 'client' or 'server'."""
    text = '\n'.join(['psp-layers', side, *(str(part) for part in greeting)])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
