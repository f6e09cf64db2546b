"""The ledger's writer erases what it is asked to, and forgets by itself, between two messages."""

from collections.abc import Callable
from typing import Any

import pytest

from federation.config import FederationConfig
from federation.people import erasing, retention, signups
from federation.people.duties import Duties
from federation.people.store import Deed
from protocol.retention import RULES
from protocol.row import NO_DIGEST
from tests.federation.people.desk import DAY, SPRING, Desk
from tests.federation.stores import on_sqlite

MARIUS = Deed(5000, "marius", "erased", "van-germaine 7/1", "asked by phone")


@pytest.fixture
def duties(desk: Desk) -> Callable[..., Duties]:
    def made(utc: Callable[[], int] = lambda: SPRING) -> Duties:
        return Duties(FederationConfig(store=desk.store), desk.ledger, utc=utc)

    return made


def asked(desk: Desk, number: int) -> erasing.Erasure:
    return erasing.ask(desk.store, desk.find(number), MARIUS)


def test_an_erasure_is_carried_out_within_a_second_of_ingests_time(
    desk: Desk, duties: Callable[..., Duties]
) -> None:
    key = desk.sign_up(12, "Aïcha")
    envelope = desk.envelope(key)
    working = duties()
    working.step(0.0)
    erasure = asked(desk, 12)
    working.step(0.5)
    assert not erasing.is_done(desk.store, erasure)
    working.step(1.0)
    assert erasing.is_done(desk.store, erasure)
    assert envelope is not None
    left = b"".join(path.read_bytes() for path in desk.store.data.glob("ledger.sqlite*"))
    assert envelope[40:120] not in left


def test_what_was_ever_erased_is_erased_again_at_a_start(
    desk: Desk, duties: Callable[..., Duties]
) -> None:
    desk.sign_up(12, "Aïcha")
    erasure = asked(desk, 12)
    duties().step(0.0)
    # As if an older ledger had been put back.
    (event,) = desk.database.execute("SELECT id FROM event").fetchone()
    desk.database.execute("UPDATE sealed SET envelope = ?, erased = NULL", (b"0",))
    assert desk.find(12).id == event
    duties().step(0.0)
    assert erasing.is_done(desk.store, erasure)


def test_what_was_erased_is_erased_when_it_is_sent_again_to_a_ledger_that_was_put_back(
    desk: Desk, duties: Callable[..., Duties]
) -> None:
    desk.sign_up(12, "Aïcha")
    erasure = asked(desk, 12)
    # The copy that is put back is from before the sign-up.
    for table in ("sealed", "event", "epoch"):
        desk.database.execute(f"DELETE FROM {table}")
    desk.ledger.forget()
    working = duties()
    working.step(0.0)
    desk._seq, desk._digest = 0, NO_DIGEST
    desk.sign_up(12, "Aïcha")
    assert not erasing.is_done(desk.store, erasure)
    working.step(1.0)
    assert erasing.is_done(desk.store, erasure)


@on_sqlite
def test_a_damaged_web_file_keeps_nobody_from_forgetting(
    desk: Desk, duties: Callable[..., Duties], caplog: pytest.LogCaptureFixture
) -> None:
    key = desk.sign_up(12, "Aïcha")
    desk.store.outbox.write_bytes(b"no database" * 100)
    last = SPRING + RULES["federation.sealed"].days * DAY
    desk.database.execute("INSERT INTO believed VALUES (?)", (last,))
    duties(lambda: last).step(0.0)
    assert desk.envelope(key) is not None
    duties(lambda: last + DAY).step(0.0)
    assert desk.envelope(key) is None
    assert [
        record.message for record in caplog.records if "nothing can be erased" in record.message
    ]


ASKED: dict[str, tuple[str, Any]] = {
    "sign_ups": (signups._SIGN_UPS, ()),
    "named": (signups._NAMED, ()),
    "about": (signups._ABOUT, ()),
    "positions": (retention._POSITIONS, {"before": 0, "most": 1}),
    "erase": (erasing._ERASE, {"unit": "van-germaine", "epoch": 1, "seq": 1, "at": 0}),
}


@pytest.mark.parametrize("query", ASKED)
def test_no_duty_looks_through_the_whole_ledger(desk: Desk, query: str) -> None:
    """Ingest waits meanwhile: a fleet's years would cost it seconds an hour."""
    sql, values = ASKED[query]
    if desk.database.kind == "sqlite":
        told = desk.database.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = [row[3] for row in told]
    else:  # of an empty table it would read the whole, unless that is forbidden
        desk.database.execute("SET enable_seqscan = off")
        plan = [row[0] for row in desk.database.execute(f"EXPLAIN {sql}", values)]
    assert any("event" in step and "INDEX" in step.upper() for step in plan)
    assert "SCAN event" not in plan
    assert not [step for step in plan if "Seq Scan on event" in step]
