"""Every type of event is told of in some table, or is named here as one that is not."""

from typing import Any

import pytest
from msgspec import inspect

from federation.database import Database
from federation.ledger import Ledger
from federation.projections.kinds import PLACED, Kind, abouts
from federation.projections.noting import read
from federation.projections.rows import OF
from protocol.event import Key
from protocol.events import TYPES

from .ground import project, store, tables, van_at

NOT_TOLD = {"staff.unlocked", "clock.set"}
"""Told by no row: an unlocking is nobody's business, a clock is in the times of all rows."""
LEAST: dict[str, bytes] = {
    "str": b'"x1"', "int": b"1", "Key": b"[7,1]", "dict": b"{}",
}  # fmt: skip


def least(name: str) -> bytes:
    """The smallest body of a type."""
    info = inspect.type_info(TYPES[name])
    assert isinstance(info, inspect.StructType)
    fields = [field for field in info.fields if field.required]
    return b"{" + b",".join(b'"%s":%s' % (f.name.encode(), _value(f.type)) for f in fields) + b"}"


def _value(kind: Any) -> bytes:
    if isinstance(kind, inspect.LiteralType):
        return b'"%s"' % str(kind.values[0]).encode()
    if isinstance(kind, inspect.StructType):
        return LEAST["Key"]
    if isinstance(kind, inspect.DictType):
        return LEAST["dict"]
    return LEAST["str"] if isinstance(kind, inspect.StrType) else LEAST["int"]


@pytest.mark.parametrize("name", sorted(TYPES))
def test_an_event_is_about_something(name: str) -> None:
    event = read(name, least(name))
    assert event is not None
    assert bool(list(abouts("van", Key(7, 1), event))) == (name not in NOT_TOLD)


def test_whatever_happens_at_a_stop_notes_the_stop_it_cites() -> None:
    for kind in PLACED:
        info = inspect.type_info(kind)
        assert isinstance(info, inspect.StructType)
        assert "stop" in {field.name for field in info.fields}


def test_the_columns_of_every_table_are_the_fields_of_its_rows(ledger: Ledger) -> None:
    database: Database = ledger.database
    for kind in set(Kind) - {Kind.AT_STOP}:
        assert database.columns(OF[kind].name) == set(OF[kind].row._fields)


def test_every_smallest_event_is_told_on_every_store(ledger: Ledger) -> None:
    van = van_at()
    for name in sorted(TYPES):
        van.append(kind=name, body=least(name))
    store(ledger, van)
    project(ledger.database)
    assert tables(ledger.database)["unreadable"] == []
    assert len(tables(ledger.database)["journey"]) == 7


def test_what_cannot_be_read_is_skipped_and_listed_and_stops_nobody(ledger: Ledger) -> None:
    van = van_at()
    van.append(kind="visit.checked_in", body=b'{"number":"one"}')
    van.append(kind="visit.checked_in", body=b'{"number":1,"door":"a","theme":"a"}')
    van.append(kind="visit.unheard_of", body=b'{"a":1}')
    store(ledger, van)
    project(ledger.database)
    found = tables(ledger.database)
    assert [(row["seq"], row["type"]) for row in found["unreadable"]] == [(1, "visit.checked_in")]
    assert [row["seq"] for row in found["visit"]] == [2]
