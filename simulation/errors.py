"""Errors a person can mend: one sentence each, never a traceback. Bugs are not here: they crash."""


class OperatorError(Exception):
    """What is wrong, where, and what to do, in one sentence."""
