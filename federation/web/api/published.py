"""The tables of the reports for programs: masked as they are published. Counts nothing itself."""

import threading
from itertools import islice
from typing import Any

from ...reporting import package, period, snapshot
from ...reporting.making import Desk
from ...reporting.plans import Book
from .. import clock, store
from ..scope import Scope, told_by_name
from . import paging
from .fleet import at
from .paging import Number
from .problems import Refused
from .shapes import OfTable, Table

_OF_ALL = frozenset({"federation", "auditor", "funder"})
_book = Book()
_reading = threading.Lock()
"""One at a time follows the book of what was planned."""


def table(scope: Scope, query: OfTable) -> Table:
    """Some lines of one table of a period. Raises Refused."""
    begin = paging.read(query.cursor, Number) or 0
    territory = _territory(scope, query.territory)
    mine = told_by_name(scope, store.vehicles())
    wanted = period.parse(query.period)
    with _reading, snapshot.looked_at(store.config(), clock.now(), _book) as opened:
        desk = Desk(
            opened, wanted, territory, funder=not scope.may("see_reports"), vehicles=mine
        )  # fmt: skip
        facts = desk.facts()
        export, rows = _export(desk, query.table)
    shown = list(islice(rows, begin, begin + query.limit))
    more = begin + query.limit < len(rows)
    return Table(
        table=export.key,
        title=export.title,
        period=wanted.name,
        territory=territory,
        snapshot=facts.snapshot,
        complete_to=at(facts.complete_to),
        missing=[unit for unit in facts.missing if scope.reaches(unit)],
        columns=[column.name for column in export.columns],
        items=[list(row) for row in shown],
        next=paging.written(begin + query.limit) if more else None,
    )


def _export(desk: Desk, key: str) -> Any:
    found = package.exports(
        desk.published, desk.above, desk.snapshot.completeness, desk.territory,
        funder=desk.funder, vehicles=desk.vehicles,
    )  # fmt: skip
    known = []
    for export, rows in found:
        if export.key == key:
            return export, rows
        known.append(export.key)
    raise Refused(404, f"There is no table of that name within this token's reach; {known} are.")


def _territory(scope: Scope, said: str | None) -> str | None:
    """Its code; None: the whole federation, for those who see it all."""
    known = list(scope.registry.territories())
    if said is not None:
        if said not in known:
            raise Refused(404, "There is no such territory within this token's reach.")
        return said
    if scope.role in _OF_ALL and len(scope.vehicles) == len(store.vehicles().vehicles):
        return None
    if not known:
        raise Refused(404, "There is no territory within this token's reach.")
    return known[0]
