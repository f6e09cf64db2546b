"""Desired state from the federation: taken once, refused with a reason, never twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.uplink.cursors import Memory
from appliance.uplink.documents import Refused, Shelf, judge
from protocol import messages
from protocol.messages import MAX_DOCUMENT, Document

NOTICES = {"texts": {"fr": "Fermé jeudi."}}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "uplink.db", name="uplink", clock=SettableClock())
    yield opened
    opened.close()


@pytest.fixture
def shelf(journal: Journal) -> Shelf:
    return Shelf(Memory(journal), "van-germaine")


def sent(kind: str = "notices", revision: int = 1, body: Any = NOTICES, **other: str) -> bytes:
    fields = {"kind": kind, "revision": revision, "unit": "van-germaine", "body": body, **other}
    return messages.encode(Document(**fields))


def told(journal: Journal) -> list[dict[str, Any]]:
    """The bodies of the uplink's journal."""
    with JournalReader.open(journal.path) as reader:
        return [msgspec.json.decode(row.body) for row in reader.rows(0)]


def test_a_newer_document_replaces_the_one_held_and_is_told(shelf: Shelf, journal: Journal) -> None:
    assert shelf.receive("notices", sent(revision=1))
    assert shelf.receive("notices", sent(revision=3, body={"texts": {}, "later_field": 1}))
    assert shelf.revisions() == {"notices": 3}
    (row,) = journal.database.query("SELECT kind, revision, body FROM document")
    assert row == {"kind": "notices", "revision": 3, "body": b'{"texts":{},"later_field":1}'}
    assert told(journal) == [
        {"kind": "notices", "revision": 1, "outcome": "applied"},
        {"kind": "notices", "revision": 3, "outcome": "applied"},
    ]


def test_an_older_or_repeated_document_changes_and_says_nothing(
    shelf: Shelf, journal: Journal
) -> None:
    shelf.receive("notices", sent(revision=3))
    for revision in (3, 2, 0, -1):
        assert not shelf.receive("notices", sent(revision=revision, body={"texts": {}}))
    assert shelf.revisions() == {"notices": 3}
    assert len(told(journal)) == 1


@pytest.mark.parametrize(
    ("kind", "payload", "revision", "reason"),
    [
        ("notices", b"{", 0, "not a Document"),
        ("notices", b"\xff" * 20, 0, "not a Document"),
        ("notices", b"x" * (MAX_DOCUMENT + 1), 0, "bytes"),
        ("notices", sent(body={"texts": 3}), 1, "Expected"),
        ("notices", sent(unit="van-other"), 1, "van-other"),
        ("tour", sent(), 1, "notices"),
        ("menu", sent(kind="menu"), 1, "no such kind"),
        ("tour", sent("tour", body={"depot": {"id": "d", "lat": 200}}), 1, "Expected"),
    ],
)
def test_a_bad_document_is_refused_with_its_reason_and_changes_nothing(
    shelf: Shelf, journal: Journal, kind: str, payload: bytes, revision: int, reason: str
) -> None:
    shelf.receive("notices", sent(revision=0))
    assert not shelf.receive(kind, payload)
    (event,) = told(journal)
    assert reason in event.pop("reason")
    assert event == {"kind": kind, "revision": revision, "outcome": "refused"}
    assert shelf.revisions() == {}


def test_the_same_refusal_is_told_once_however_often_it_is_sent(
    shelf: Shelf, journal: Journal
) -> None:
    for _ in range(3):
        shelf.receive("menu", sent(kind="menu"))
    shelf.receive("menu", sent(kind="menu", revision=2))
    assert [event["revision"] for event in told(journal)] == [1, 2]
    assert shelf.refused == 4


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_make_the_judge_stumble(payload: bytes) -> None:
    assert isinstance(judge(payload, kind="tour", unit="van-germaine", held=0), Refused | None)
