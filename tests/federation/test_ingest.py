"""What ingest answers, and what it does with what it cannot read."""

import pytest

from federation import outbox
from federation.config import Store
from federation.database import writing_web
from federation.ledger import MAX_EPOCHS
from federation.source import Delivery
from protocol import batch, topics
from protocol.errors import ProtocolError
from protocol.messages import MAX_DOCUMENT, Receipt, Rejected, Stored

from .bench import Bench, ingest_on, link, numbers, status
from .stores import on_sqlite
from .van import TRUSTED, UNIT, Van, signed

NOW = 1_777_885_200_000


def kept(bench: Bench) -> list[tuple[str, int | None, int | None, int | None]]:
    query = "SELECT unit, epoch, first, last FROM quarantine ORDER BY id"
    return [tuple(row) for row in bench.ask(query)]


def publish(store: Store, body: bytes = b'{"tours":[]}', unit: str = UNIT) -> int:
    return outbox.publish(store, TRUSTED.documents, [unit], "tour", body, NOW)[unit]


def not_yet(_payload: bytes) -> batch.Batch:
    raise ProtocolError("batch format 2 is newer than this software, which knows 1")


class TestReceipts:
    def test_one_receipt_per_unit_for_all_that_came_together(self, bench: Bench) -> None:
        van, other = Van().notes(30), Van("van-simone").notes(10)
        bench.arrive(van.delivery(1, 10), other.delivery(1, 10), van.delivery(11, 30))
        assert [r.epochs["7"].stored_to for r in bench.receipts()] == [30]
        assert [r.epochs["7"].stored_to for r in bench.receipts("van-simone")] == [10]

    def test_a_birth_is_answered_with_the_whole_state(self, bench: Bench) -> None:
        van, vehicle = Van().notes(3), Van(epoch=8).notes(2)
        bench.arrive(van.delivery(1, 3), vehicle.delivery(1, 2))
        bench.arrive(link())
        assert bench.receipt() == Receipt(
            epochs={
                "7": Stored(stored_to=3, digest=van.digest(3).hex()),
                "8": Stored(stored_to=2, digest=vehicle.digest(2).hex()),
            }
        )
        assert len(bench.receipts()) == 2

    def test_a_unit_never_seen_is_answered_too(self, bench: Bench) -> None:
        bench.arrive(link())
        assert bench.receipts() == [Receipt(epochs={})]

    def test_a_last_will_is_not_answered(self, bench: Bench) -> None:
        bench.arrive(link(online=False))
        assert bench.receipts() == []

    def test_receipts_are_not_retained(self, bench: Bench) -> None:
        bench.arrive(link())
        assert [sent.retain for sent in bench.queue.sent] == [False]

    def test_nothing_is_confirmed_or_answered_before_it_is_durable(self, bench: Bench) -> None:
        van = Van().notes(3)
        bench.ask("ALTER TABLE epoch RENAME TO elsewhere")
        bench.queue.waiting.append(van.delivery(1, 3))
        with pytest.raises(Exception, match="epoch"):
            bench.step()
        assert (bench.queue.sent, bench.queue.confirmed) == ([], [])


class TestUnits:
    def test_since_moves_only_when_the_word_changes(self, bench: Bench) -> None:
        bench.arrive(link())
        first = bench.ask("SELECT online, since FROM unit")
        bench.arrive(link())
        assert bench.ask("SELECT online, since FROM unit") == first
        bench.arrive(link(online=False))
        (online, since) = bench.ask("SELECT online, since FROM unit")[0]
        assert (online, since > first[0][1]) == (0, True)

    def test_the_latest_status_is_kept_as_it_came(self, bench: Bench) -> None:
        bench.arrive(status(version="1"), status(version="2"))
        word = status(version="2").payload
        assert bench.ask("SELECT status FROM unit") == [(word,)]

    def test_the_retained_status_that_the_broker_repeats_is_no_new_word(self, bench: Bench) -> None:
        moment = "SELECT status_received FROM unit"
        bench.arrive(status(boottime=1))
        first = bench.ask(moment)
        bench.arrive(status(boottime=1))
        assert bench.ask(moment) == first
        bench.arrive(status(boottime=60_000))
        assert bench.ask(moment) > first


class TestUnreadable:
    def test_an_unreadable_batch_counts_as_stored_and_is_listed(self, bench: Bench) -> None:
        van = Van().notes(30)
        bench.arrive(van.delivery(1, 10), van.delivery(11, 20, damaged=True))
        bench.arrive(van.delivery(21, 30))
        told = bench.receipt().epochs["7"]
        assert (told.stored_to, told.digest, told.rejected_count) == (30, van.digest(30).hex(), 1)
        (rejected,) = told.rejected
        assert (rejected.first, rejected.last) == (11, 20)
        as_it_came = van.delivery(11, 20, damaged=True).payload
        assert bench.ask("SELECT payload FROM quarantine") == [(as_it_came,)]
        assert numbers(bench.bodies()) == [*range(1, 11), *range(21, 31)]

    def test_the_digest_of_a_watermark_among_unread_rows_is_not_known(self, bench: Bench) -> None:
        van = Van().notes(5)
        bench.arrive(van.delivery(1, 5, damaged=True))
        told = bench.receipt().epochs["7"]
        assert (told.stored_to, told.digest) == (5, "")

    def test_it_is_counted_once_however_often_it_comes(self, bench: Bench) -> None:
        van = Van().notes(5)
        for _ in range(5):
            bench.arrive(van.delivery(1, 5, damaged=True))
        assert bench.receipt().epochs["7"].rejected_count == 1
        assert len(bench.ask("SELECT 1 FROM quarantine WHERE epoch IS NOT NULL")) == 1

    def test_rows_that_come_readable_after_all_settle_it(self, bench: Bench) -> None:
        van = Van().notes(10)
        bench.arrive(van.delivery(1, 10, damaged=True))
        bench.arrive(van.delivery(1, 6))
        assert bench.receipt().epochs["7"].rejected_count == 1
        bench.arrive(van.delivery(5, 10))
        assert bench.receipt().epochs["7"] == Stored(stored_to=10, digest=van.digest(10).hex())
        assert numbers(bench.bodies()) == list(range(1, 11))

    def test_no_unit_can_make_its_receipt_too_large_for_the_broker(self, bench: Bench) -> None:
        poison = [
            Van(epoch=epoch).notes(30).delivery(seq, seq, damaged=True)
            for epoch in range(1000, 1000 + MAX_EPOCHS + 50)
            for seq in (1, 3)
        ]
        poison += [
            Van(epoch=1000).notes(99).delivery(seq, seq, damaged=True) for seq in range(9, 99)
        ]
        bench.arrive(*poison)
        assert len(bench.receipt().epochs) == MAX_EPOCHS
        assert bench.receipt().epochs["1000"].rejected_count == 92
        assert max(len(sent.payload) for sent in bench.queue.sent) < MAX_DOCUMENT
        assert bench.ask("SELECT apart FROM unit") == [(100,)]

    def test_a_receipt_lists_the_last_twenty_and_counts_all(self, bench: Bench) -> None:
        van = Van().notes(25)
        bench.arrive(*(van.delivery(seq, seq, damaged=True) for seq in range(1, 26)))
        told = bench.receipt().epochs["7"]
        assert told.rejected_count == 25
        assert [item.first for item in told.rejected] == list(range(6, 26))
        assert isinstance(told.rejected[0], Rejected)

    @pytest.mark.parametrize(
        "rows", ["screen 7 1-1001", "screen 7 9-3", "screen 7 0-3", "screen seven 1-3", ""]
    )
    def test_without_a_usable_range_it_is_kept_apart_and_moves_nothing(
        self, bench: Bench, rows: str
    ) -> None:
        bench.arrive(signed(UNIT, rows, b"\x01broken"))
        assert bench.receipt() == Receipt(epochs={})
        assert kept(bench) == [(UNIT, None, None, None)]
        assert bench.ask("SELECT apart, not_authentic FROM unit") == [(1, 0)]

    @pytest.mark.parametrize("what", ["link", "status"])
    def test_words_that_are_none_are_kept_apart(self, bench: Bench, what: str) -> None:
        bench.arrive(Delivery(topics.up(UNIT, what), b"{"))
        assert kept(bench) == [(UNIT, None, None, None)]
        assert len(bench.queue.confirmed) == 1

    def test_a_request_for_a_certificate_is_left_to_provisioning(self, bench: Bench) -> None:
        bench.arrive(Delivery(topics.up(UNIT, "request"), b"for another"))
        assert (kept(bench), bench.queue.sent) == ([], [])
        assert len(bench.queue.confirmed) == 1

    def test_a_topic_that_is_none_is_kept_apart(self, bench: Bench) -> None:
        bench.arrive(Delivery("escale/v1/00/No Unit/up/batch", b"x"))
        assert kept(bench) == [("", None, None, None)]

    def test_neighbours_of_poison_are_stored_and_answered(self, bench: Bench) -> None:
        van, other = Van().notes(20), Van("van-simone").notes(5)
        poison = [
            Delivery(topics.up(UNIT, "batch"), b""),
            Delivery("no/topic", b"\xff"),
            van.delivery(1, 3)._replace(topic=topics.up("van-simone", "batch")),
        ]
        bench.arrive(van.delivery(1, 10), *poison, other.delivery(1, 5), van.delivery(11, 20))
        assert bench.receipt().epochs["7"].stored_to == 20
        assert bench.receipt("van-simone").epochs["7"].stored_to == 5
        assert len(kept(bench)) == 3
        assert bench.queue.waiting == []

    def test_a_bug_in_our_reading_is_kept_apart_like_any_unreadable_batch(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        van = Van().notes(4)
        monkeypatch.setattr(batch, "decode", lambda _: {}["missing"])
        bench.arrive(van.delivery(1, 4))
        assert bench.receipt().epochs["7"].rejected_count == 1
        assert "because of a bug" in caplog.text

    def test_newer_software_reads_what_was_kept_when_it_starts(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        van = Van().notes(9)
        older = signed(UNIT, "in other words", van.payload(7, 9))
        with monkeypatch.context() as old_software:
            old_software.setattr(batch, "decode", not_yet)
            bench.arrive(van.delivery(1, 3), van.delivery(4, 6), older)
        assert bench.receipt().epochs["7"].rejected_count == 2
        ingest_on(bench.ledger, bench.queue, bench.store, lambda: NOW)
        bench.arrive(link())
        assert bench.receipt().epochs["7"] == Stored(stored_to=9, digest=van.digest(9).hex())
        assert numbers(bench.bodies()) == list(range(1, 10))
        assert bench.ask("SELECT settled, payload FROM quarantine") == [(1, b"")] * 3

    def test_what_is_kept_apart_is_bounded_and_all_of_it_is_counted(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("federation.unread.KEPT_APART", 10)
        topic = topics.up(UNIT, "batch")
        bench.arrive(*(Delivery(topic, b"junk %d" % number) for number in range(30)))
        assert bench.ask("SELECT count(*) FROM quarantine") == [(10,)]
        assert bench.ask("SELECT payload FROM quarantine ORDER BY id")[0] == (b"junk 20",)
        assert bench.ask("SELECT apart FROM unit") == [(30,)]


class TestDocuments:
    TOUR = b'{"tours":[]}'

    def publish(self, bench: Bench, body: bytes = TOUR, unit: str = UNIT) -> int:
        return publish(bench.store, body, unit)

    def test_a_document_goes_out_when_it_is_written(self, bench: Bench) -> None:
        bench.step()
        self.publish(bench)
        bench.step()
        bench.step()
        assert bench.documents() == [("tour", 1)]

    def test_only_the_newest_revision_goes(self, bench: Bench) -> None:
        self.publish(bench)
        self.publish(bench)
        bench.step()
        assert bench.documents() == [("tour", 2)]

    def test_a_birth_that_names_an_older_revision_gets_it_again(self, bench: Bench) -> None:
        self.publish(bench)
        bench.step()
        bench.arrive(link(documents={"tour": 1}))
        assert bench.documents() == [("tour", 1)]
        bench.arrive(link())
        assert bench.documents() == [("tour", 1)] * 2

    def test_a_status_that_names_an_older_one_gets_it_once_per_birth(self, bench: Bench) -> None:
        self.publish(bench)
        bench.step()
        bench.arrive(link())
        bench.arrive(status(), status())
        assert bench.documents() == [("tour", 1)] * 2
        bench.arrive(link())
        assert bench.documents() == [("tour", 1)] * 3

    def test_each_unit_gets_its_own(self, bench: Bench) -> None:
        self.publish(bench)
        self.publish(bench, unit="van-simone")
        bench.step()
        assert bench.documents() == [("tour", 1)]
        assert bench.documents("van-simone") == [("tour", 1)]


def test_the_outbox_may_come_later_than_ingest(bench: Bench) -> None:
    bench.step()
    assert not bench.store.outbox.exists()


@on_sqlite
class TestADamagedOutbox:
    """Facts go on arriving; documents wait for a person."""

    def rot(self, bench: Bench) -> None:
        bench.store.outbox.write_bytes(b"rot" * 2000)

    def test_facts_are_stored_and_answered_and_it_is_said_once(
        self, bench: Bench, caplog: pytest.LogCaptureFixture
    ) -> None:
        van = Van().notes(30)
        bench.step()
        self.rot(bench)
        for first in range(1, 31):
            bench.arrive(van.delivery(first, first))
        assert numbers(bench.bodies()) == list(range(1, 31))
        assert bench.receipt().epochs["7"].stored_to == 30
        assert [record.getMessage() for record in caplog.records] == [
            f"no document is sent: {bench.store.outbox}: file is not a database."
            " Put a good copy in its place."
        ]

    def test_documents_go_out_half_a_minute_after_it_is_mended(self, bench: Bench) -> None:
        self.rot(bench)
        bench.step()
        bench.store.outbox.unlink()
        publish(bench.store)
        for _ in range(14):
            bench.step()
        assert bench.documents() == []
        bench.step()
        assert bench.documents() == [("tour", 1)]

    @pytest.mark.parametrize(
        "spoil",
        [
            "UPDATE document SET body = '{'",
            "UPDATE document SET body = x'ff'",
            "UPDATE document SET revision = 'x'",
            "DROP TABLE document",
        ],
    )
    def test_nor_does_a_damaged_row_stop_facts(self, bench: Bench, spoil: str) -> None:
        publish(bench.store)
        with writing_web(bench.store, "") as database:
            database.execute(spoil)
        bench.arrive(Van().notes(3).delivery(1, 3))
        assert numbers(bench.bodies()) == [1, 2, 3]
        assert bench.documents() == []
