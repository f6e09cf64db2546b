"""The tables of the reports for programs: masked as they are published. Counts nothing itself."""

import threading
from collections.abc import Iterable
from itertools import islice

from django.utils import timezone

from ...reporting import closed, frozen, package, period, snapshot
from ...reporting.columns import Export, Row
from ...reporting.making import Desk
from ...reporting.package import Facts
from ...reporting.period import Period
from ...reporting.plans import Book
from .. import clock, store
from ..scope import Scope, told_by_name
from . import paging
from .fleet import at
from .paging import Number
from .problems import Refused
from .shapes import OfTable, Table

Told = tuple[Export, tuple[Row, ...]]
_OF_ALL = frozenset({"federation", "auditor", "funder"})
_book = Book()
_reading = threading.Lock()
"""One at a time follows the book of what was planned."""


def table(scope: Scope, query: OfTable) -> Table:
    """Some lines of one table of a period. Raises Refused."""
    begin = paging.read(query.cursor, Number) or 0
    territory = _territory(scope, query.territory)
    wanted = period.parse(query.period)
    read = _live if scope.may("see_reports") else _frozen
    facts, (export, rows) = read(scope, wanted, territory, query.table)
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


def _live(scope: Scope, wanted: Period, territory: str | None, key: str) -> tuple[Facts, Told]:
    mine = told_by_name(scope, store.vehicles())
    with _reading, snapshot.looked_at(store.config(), clock.now(), _book) as opened:
        desk = Desk(opened, wanted, territory, vehicles=mine)
        found = package.exports(
            desk.published, desk.above, desk.snapshot.completeness, territory,
            funder=False, vehicles=mine,
        )  # fmt: skip
        return desk.facts(), _export(found, key)


def _frozen(_scope: Scope, wanted: Period, territory: str | None, key: str) -> tuple[Facts, Told]:
    """For a funder: of a closed period, what the page and the files say too."""
    if not closed.is_closed(wanted, timezone.localdate()):
        raise Refused(400, "This token reads quarters that ended at least a week ago.")
    with _reading:
        held = frozen.read(store.config(), wanted, clock.now(), _book).of(territory)
    return held.report.facts, _export(held.report.exports, key)


def _export(exports: Iterable[Told], key: str) -> Told:
    """That one; none after it is made."""
    known = []
    for export, rows in exports:
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
