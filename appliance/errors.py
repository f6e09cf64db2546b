"""Errors a person can mend: one sentence each, never a traceback. Bugs are not here: they crash."""

from typing import Literal


class OperatorError(Exception):
    """What is wrong, where, and what to do, in one sentence."""


class JournalRefused(OperatorError):
    """The disk took nothing: the journal is as it was before the append."""

    def __init__(
        self, kind: Literal["full", "read_only", "input_output", "too_large"], message: str
    ) -> None:
        self.kind = kind
        super().__init__(message)
