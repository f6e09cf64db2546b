"""What several workers share is done by one: documents, copies by hand, erasing, forgetting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation import carried, outbox
from federation.config import FederationConfig, Store
from federation.database import reading_ledger
from federation.ledger import Ledger
from federation.people import store as deeds
from federation.people.duties import Duties
from federation.people.store import Deed
from federation.twins.queue import Queue
from protocol.topics import partition

from .bench import Bench, ingest_on, link
from .stores import on_postgresql
from .test_carried import packed
from .van import TRUSTED, Van

pytestmark = on_postgresql
NOW = 1_777_885_200_000
DAY = 86_400_000
ONE, OTHER = "van-germaine", "van-paulette"
"""Of two workers."""


@pytest.fixture
def workers(store: Store) -> Iterator[tuple[Bench, Bench]]:
    """The one with partition 0 and that of ONE, the one with the rest."""
    first = {0, partition(ONE)}
    assert partition(OTHER) not in first
    benches = []
    for partitions in (first, set(range(16)) - first):
        ledger, queue = Ledger.open(store, partitions), Queue()
        benches.append(Bench(ledger, queue, ingest_on(ledger, queue, store, lambda: NOW), store))
    yield benches[0], benches[1]
    for bench in benches:
        bench.ledger.close()


def test_each_sends_the_documents_of_its_own_units(workers: tuple[Bench, Bench]) -> None:
    first, second = workers
    outbox.publish(first.store, TRUSTED.documents, [ONE, OTHER], "tour", b'{"tours":[]}', NOW)
    for bench in workers:
        bench.step()
        bench.step()
    assert (first.documents(ONE), first.documents(OTHER)) == ([("tour", 1)], [])
    assert (second.documents(ONE), second.documents(OTHER)) == ([], [("tour", 1)])


def test_a_copy_by_hand_is_taken_by_the_one_that_writes_of_its_unit(
    workers: tuple[Bench, Bench], tmp_path: Path
) -> None:
    first, second = workers
    van = Van(OTHER).notes(5)
    copy = tmp_path / "copy"
    copy.write_bytes(packed(van, (1, 5)))
    with copy.open("rb") as file:
        (left,) = carried.unpack(file, [TRUSTED.sealing], carried.folder_of(first.store))[1]
    first.step()
    assert (left.exists(), first.keys()) == (True, [])
    second.step()
    assert (left.exists(), len(second.keys())) == (False, 5)


def test_a_message_of_another_workers_unit_is_left_to_come_again(
    workers: tuple[Bench, Bench],
) -> None:
    first, second = workers
    van = Van(OTHER).notes(5)
    first.arrive(van.delivery(1, 5))  # from a session that had its partition once
    assert (first.queue.waiting, first.receipts(OTHER), first.keys()) == ([], [], [])
    second.drain(van)
    assert len(second.keys()) == 5


def test_both_at_once_write_what_each_was_sent(workers: tuple[Bench, Bench]) -> None:
    vans = Van(ONE).notes(20), Van(OTHER).notes(20)
    for first in range(1, 20, 5):
        for bench, van in zip(workers, vans, strict=True):
            bench.arrive(link(van.unit), van.delivery(first, first + 4))
    assert len(workers[0].keys()) == 40
    assert [bench.receipt(v.unit).epochs["7"].stored_to for bench, v in zip(workers, vans)] == (  # noqa: B905
        [20, 20]
    )


def test_an_erasure_is_carried_out_by_the_one_that_writes_of_that_unit(
    workers: tuple[Bench, Bench],
) -> None:
    first, second = workers
    second.arrive(Van(OTHER).notes(1).delivery(1, 1))
    (event,) = second.ask("SELECT id FROM event")[0]
    second.ledger.database.execute(
        "INSERT INTO sealed (event, envelope) VALUES (?, ?)", (event, b"sealed")
    )
    with deeds.writing(first.store) as web:
        deeds.record(web, Deed(NOW, "marius", "erased", f"{OTHER} 7/1", "asked"))
        web.execute("INSERT INTO erasure (unit, epoch, seq, at) VALUES (?, 7, 1, ?)", (OTHER, NOW))
    settings = FederationConfig(store=first.store)
    for bench, left in ((first, b"sealed"), (second, None)):
        Duties(settings, bench.ledger, utc=lambda: NOW).step(0.0)
        with reading_ledger(first.store) as database:
            assert database.execute("SELECT envelope FROM sealed").fetchone() == (left,)


def test_the_time_that_forgetting_goes_by_is_moved_on_by_one_of_them(
    workers: tuple[Bench, Bench],
) -> None:
    """Each of sixteen moving it on by a day an hour would forget years before their time."""
    settings = FederationConfig(store=workers[0].store)
    duties = [Duties(settings, bench.ledger, utc=lambda: NOW + 99 * DAY) for bench in workers]
    workers[0].ledger.database.execute("INSERT INTO believed (utc) VALUES (?)", (NOW,))
    for duty in duties:
        duty.step(0.0)
    assert workers[0].ask("SELECT utc FROM believed") == [(NOW + DAY,)]
