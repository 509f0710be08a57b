"""The one error that reaches the user: the wire's code, and a sentence with what to do next."""

from __future__ import annotations


class PspError(Exception):
    """`code` is one of protocol/errors.ts; the text is written for people."""

    def __init__(self, code: str, message: str, retryable: bool = False):
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable
