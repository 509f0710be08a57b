"""The one error that reaches the user: the wire's code, and a sentence with what to do next."""

from __future__ import annotations


# The codes of protocol/errors.ts; a newer bridge may have more, and they are read as INTERNAL.
_CODES = frozenset((
    'BAD_INPUT', 'BAD_CHECKPOINT', 'NO_FACE', 'FACE_TOO_SMALL', 'FACE_TURNED_AWAY', 'MODEL_MISSING',
    'TOO_LARGE', 'BAD_MESSAGE', 'WRONG_VERSION', 'NOT_PAIRED', 'NOT_FOUND', 'BUSY', 'CANCELLED',
    'CONNECTION_LOST', 'INFERENCE_FAILED', 'OUT_OF_MEMORY', 'OUTPUT_FAILED', 'DOCUMENT_CHANGED',
    'INTERNAL',
))

# What the picture itself rules out: of several layers the others still get theirs.
NOT_THIS_PICTURE = frozenset(('NO_FACE', 'FACE_TOO_SMALL', 'FACE_TURNED_AWAY'))


class PspError(Exception):
    """`code` is one of protocol/errors.ts; the text is written for people."""

    def __init__(self, code: str, message: str, retryable: bool = False):
        super().__init__(message)
        self.code = code if code in _CODES else 'INTERNAL'
        self.message = message
        self.retryable = retryable
