"""PostgreSQL behind the door of database.py: schemas `ledger` and `web`. Knows no event."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from .errors import OperatorError


def open_ledger(address: str, partitions: Iterable[int]) -> Any:
    """Raises OperatorError."""
    raise OperatorError("[store] postgresql is not understood yet: leave it out.")


def reading_ledger(address: str) -> AbstractContextManager[Any]:
    """Raises OperatorError."""
    raise OperatorError("[store] postgresql is not understood yet: leave it out.")


def writing_web(address: str, tables: str) -> AbstractContextManager[Any]:
    """Raises OperatorError."""
    raise OperatorError("[store] postgresql is not understood yet: leave it out.")


reading_web = reading_ledger
Watch: Any = reading_ledger
