"""Rows with what belongs to them, a few hundred at a time: SQLite bears no longer list."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, Prefetch, prefetch_related_objects

AT_ONCE = 500
_Row = TypeVar("_Row", bound=Model)


def with_their(rows: Iterable[_Row], *names: str | Prefetch) -> list[_Row]:
    """All of them, each with its `allotments` and so on at hand."""
    found = list(rows)
    for first in range(0, len(found), AT_ONCE):
        prefetch_related_objects(found[first : first + AT_ONCE], *names)
    return found
