"""Sealed fields lie beside their event, each once, until they are erased."""

import pytest

from federation.envelopes import digest_told
from protocol import sealing
from protocol.event import Key
from protocol.row import Row, Tombstone
from protocol.sealing import Binding
from protocol.workshops import Cancelled, SignedUp

from .bench import Bench
from .van import TRUSTED, UNIT, Van

RECIPIENTS = [TRUSTED.sealing.public_key(), TRUSTED.recovery.public_key()]


def sealed(van: Van, name: str = "Amina") -> bytes:
    """An envelope for the van's next row."""
    binding = Binding(van.unit, Key(van.epoch, van.head + 1))
    return sealing.seal({"first_name": name, "phone": "0601020304"}, RECIPIENTS, binding)


def sign_up(van: Van, name: str = "Amina") -> Row:
    envelope = sealed(van, name)
    event = SignedUp(workshop="w1", number=van.head + 1, sealed=sealing.digest(envelope))
    return van.append(event, envelope=envelope)


def kept(bench: Bench) -> list[tuple[int, int, bytes | None, int | None]]:
    """Epoch and seq of each event that has an envelope, the envelope, when it was erased."""
    return bench.ask(
        "SELECT epoch, seq, envelope, erased FROM sealed JOIN event ON event.id = sealed.event"
        " ORDER BY epoch, seq"
    )


def erase(bench: Bench) -> None:
    with bench.ledger.transaction():
        bench.ledger.database.execute("UPDATE sealed SET envelope = NULL, erased = 5")


def flags(bench: Bench) -> list[tuple[int, str]]:
    return bench.ask("SELECT seq, kind FROM flag ORDER BY seq, kind")


def test_the_envelope_that_its_body_tells_of_is_kept_and_can_be_opened(bench: Bench) -> None:
    van = Van().notes(2)
    row = sign_up(van)
    bench.arrive(van.delivery(1, 3))
    assert kept(bench) == [(7, 3, row.envelope, None)]
    opened = sealing.open_envelope(row.envelope or b"", [TRUSTED.sealing], Binding(UNIT, Key(7, 3)))
    assert opened == {"first_name": "Amina", "phone": "0601020304"}
    assert flags(bench) == []


def test_the_same_again_changes_nothing(bench: Bench) -> None:
    van = Van()
    row = sign_up(van)
    for _ in range(3):
        bench.arrive(van.delivery(1, 1))
    assert kept(bench) == [(7, 1, row.envelope, None)]


def test_one_that_comes_later_than_its_row_is_kept(bench: Bench) -> None:
    van = Van()
    row = sign_up(van)
    van.rows[0] = row._replace(envelope=None)
    bench.arrive(van.delivery(1, 1))
    assert kept(bench) == []
    van.rows[0] = row
    bench.arrive(van.delivery(1, 1))
    assert kept(bench) == [(7, 1, row.envelope, None)]


def test_another_than_its_body_tells_of_is_flagged_and_not_kept(bench: Bench) -> None:
    van = Van()
    row = sign_up(van)
    van.rows[0] = row._replace(envelope=sealed(van))
    bench.arrive(van.delivery(1, 1))
    assert (kept(bench), flags(bench)) == ([], [(1, "envelope_wrong")])
    assert bench.receipt().epochs["7"].stored_to == 1


def test_an_event_that_is_not_of_a_person_has_none(bench: Bench) -> None:
    van = Van()
    envelope = sealed(van)
    body = b'{"sealed":"%s","sign_up":[7,1]}' % sealing.digest(envelope).encode()
    van.append(kind=Cancelled.TYPE, body=body, envelope=envelope)
    bench.arrive(van.delivery(1, 1))
    assert (kept(bench), flags(bench)) == ([], [(1, "envelope_wrong")])


def test_a_type_of_a_newer_unit_is_taken_at_its_word(bench: Bench) -> None:
    van = Van()
    envelope = sealed(van)
    body = b'{"sealed":"%s"}' % sealing.digest(envelope).encode()
    van.append(kind="loan.opened", body=body, envelope=envelope)
    bench.arrive(van.delivery(1, 1))
    assert kept(bench) == [(7, 1, envelope, None)]


@pytest.mark.parametrize("body", [b"{}", b'{"sealed":7}', b"[]", b'{"sealed":', b"\xff"])
def test_a_body_that_tells_of_none_has_none(body: bytes) -> None:
    assert digest_told("loan.opened", body) == ""


def test_an_erased_one_never_comes_back(bench: Bench) -> None:
    van = Van()
    sign_up(van)
    bench.arrive(van.delivery(1, 1))
    erase(bench)
    bench.arrive(van.delivery(1, 1))
    assert kept(bench) == [(7, 1, None, 5)]
    assert bench.receipt().epochs["7"].fork_at is None


def test_a_tombstone_brings_none_and_gives_way_to_its_row_with_it(bench: Bench) -> None:
    van = Van()
    row = sign_up(van)
    van.rows[0] = Tombstone(1, row.type, len(row.body), row.digest)
    bench.arrive(van.delivery(1, 1))
    assert kept(bench) == []
    van.rows[0] = row
    bench.arrive(van.delivery(1, 1))
    assert kept(bench) == [(7, 1, row.envelope, None)]


class TestCopies:
    """A fact that comes under two keys has one envelope, with the first of its rows."""

    def forked(self) -> tuple[Van, Van, Van]:
        """A van with a sign-up at 4; the same with its journal rotated at 3; a clone that parts."""
        van = Van().notes(3)
        later, clone = van.restored(), Van().notes(2)
        envelope = sign_up(van).envelope
        later.rows = van.restored().rows
        later._rotate(3)
        clone.note(99)
        assert envelope is not None
        return van, later, clone

    def test_the_copy_comes_last(self, bench: Bench) -> None:
        van, later, clone = self.forked()
        bench.arrive(van.delivery(1, 4), clone.delivery(3, 3))
        bench.arrive(later.delivery(1, 2))
        assert kept(bench) == [(7, 4, van.rows[3].envelope, None)]  # type: ignore[union-attr]

    def test_the_copy_comes_first(self, bench: Bench) -> None:
        van, later, clone = self.forked()
        bench.arrive(later.delivery(1, 2))
        assert [line[0] for line in kept(bench)] == [later.epoch]
        bench.arrive(van.delivery(1, 3), clone.delivery(3, 3))
        bench.arrive(van.delivery(4, 4))
        assert kept(bench) == [(7, 4, van.rows[3].envelope, None)]  # type: ignore[union-attr]
        bench.arrive(later.delivery(1, 2))
        assert len(kept(bench)) == 1

    def test_what_was_erased_under_one_key_does_not_come_back_under_another(
        self, bench: Bench
    ) -> None:
        van, later, clone = self.forked()
        bench.arrive(van.delivery(1, 4), clone.delivery(3, 3))
        erase(bench)
        bench.arrive(later.delivery(1, 2))
        assert kept(bench) == [(7, 4, None, 5)]

    def test_nor_under_the_key_it_had_first(self, bench: Bench) -> None:
        van, later, clone = self.forked()
        bench.arrive(later.delivery(1, 2))
        erase(bench)
        bench.arrive(van.delivery(1, 3), clone.delivery(3, 3))
        bench.arrive(van.delivery(4, 4))
        assert kept(bench) == [(7, 4, None, 5)]

    def test_nor_when_both_were_there_before_anybody_knew_that_they_are_the_same(
        self, bench: Bench
    ) -> None:
        van, later, clone = self.forked()
        bench.arrive(later.delivery(1, 2), van.delivery(1, 4))
        assert len(kept(bench)) == 2
        bench.ask("UPDATE sealed SET envelope = NULL, erased = 5 WHERE event = 2")
        bench.arrive(clone.delivery(3, 3))
        bench.arrive(van.delivery(4, 4))
        assert kept(bench) == [(7, 4, None, 5)]

    def test_a_row_that_names_itself_as_the_first_keeps_its_own(self, bench: Bench) -> None:
        van, clone = Van().notes(1), Van()
        envelope = sealed(van)
        event = SignedUp(workshop="w1", number=1, sealed=sealing.digest(envelope))
        van.append(event, envelope=envelope)
        van.rows[1] = van.rows[1]._replace(origin=Key(7, 2))  # type: ignore[call-arg]
        clone.note(99)
        bench.arrive(van.delivery(1, 2), clone.delivery(1, 1))
        van.rows[1] = van.rows[1]._replace(envelope=None)  # type: ignore[call-arg]
        bench.arrive(van.delivery(2, 2))
        assert kept(bench) == [(7, 2, envelope, None)]

    def test_rows_that_name_each_other_as_the_first_do_not_hang(self, bench: Bench) -> None:
        envelope = sealed(Van())
        event = SignedUp(workshop="w1", number=1, sealed=sealing.digest(envelope))
        for epoch, other in ((7, 8), (8, 7), (8, 7)):
            van = Van(epoch=epoch)
            row = van.append(event, envelope=envelope)
            van.rows[0] = row._replace(origin=Key(other, 1))
            bench.arrive(van.delivery(1, 1))
        assert len(kept(bench)) == 1
