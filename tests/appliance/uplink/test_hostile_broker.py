"""A broker in the hands of somebody else: it can be silent, late and loud, and change nothing."""

import logging
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appliance.identity import store
from appliance.journal import JournalReader
from appliance.uplink.report import report
from protocol import messages, signing
from protocol.messages import Document, Receipt, Stored
from tests.appliance.uplink.conftest import Unit
from tests.appliance.uplink.small_ledger import SmallLedger
from tests.trusted import Trusted

UNIT = "van-germaine"


def saved(unit: Unit) -> int:
    """The cursor of the screen on the card."""
    lines = report(unit.config).lines
    return next(int(str(line["watermark"])) for line in lines if line["name"] == "screen")


def deliver(unit: Unit, ledger: SmallLedger, count: int) -> None:
    """Rows that are written, sent and receipted."""
    unit.write(count)
    journal = unit.journal()
    unit.run_until(lambda: ledger.stored_to(journal.epoch) == journal.head and unit.drained)


def rows_kept(unit: Unit) -> int:
    """Rows of the screen that are left after a purge four days later."""
    journal = unit.journal()
    unit.clock.advance(4 * 86_400)
    journal.housekeep(float(unit.clock.boottime()))
    with JournalReader.open(journal.path) as reader:
        return sum(bool(row.body) for row in reader.rows(0) if hasattr(row, "body"))


def given_to_a_silent_ledger(unit: Unit, ledger: SmallLedger, count: int) -> bytes:
    """Rows of which the ledger says nothing; the receipt that it would give, not signed."""
    ledger.answering = False
    unit.write(count)
    journal = unit.journal()
    unit.run_until(lambda: ledger.stored_to(journal.epoch) == journal.head)
    return messages.encode(ledger.receipt())


def unit_key(unit: Unit, _: Trusted) -> Ed25519PrivateKey:
    identity = store.load(unit.config.paths.data)
    assert identity is not None
    return identity.key


Key = Callable[[Unit, Trusted], Ed25519PrivateKey]
STRANGERS: dict[str, Key] = {
    "a key made up": lambda *_: Ed25519PrivateKey.generate(),
    "the unit's own": unit_key,
    "that of documents": lambda _, trusted: trusted.documents,
    "the root's": lambda _, trusted: trusted.root.key,
    "another federation's": lambda *_: Trusted().receipts,
}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_receipt_signed_with_another_key_moves_no_cursor_and_purges_nothing(
    unit: Unit, ledger: SmallLedger, trusted: Trusted, stranger: str
) -> None:
    honest = given_to_a_silent_ledger(unit, ledger, 20)
    key = STRANGERS[stranger](unit, trusted)
    ledger.say("receipt", signing.sign(key, "receipt", UNIT, honest))
    unit.run_until(lambda: "1 receipts were not signed" in str(list(unit.uplink._faults())))
    assert saved(unit) == 0
    assert rows_kept(unit) == 20


def test_a_receipt_that_is_unsigned_or_of_something_else_moves_no_cursor_and_purges_nothing(
    unit: Unit, ledger: SmallLedger, trusted: Trusted
) -> None:
    honest = given_to_a_silent_ledger(unit, ledger, 20)
    true = ledger.signed(honest)
    key = trusted.receipts
    for message in (
        honest,
        true[:-1],
        true[: signing.OVERHEAD] + honest.replace(b'"stored_to":20', b'"stored_to":19'),
        signing.sign(key, "receipt", "van-other", honest),
        signing.sign(key, "document", f"{UNIT} notices", honest),
        signing.sign(key, "batch", UNIT, honest),
    ):
        ledger.say("receipt", message)
    unit.run_until(lambda: "6 receipts were not signed" in str(list(unit.uplink._faults())))
    assert saved(unit) == 0
    assert rows_kept(unit) == 20
    # The control: what the ledger did sign moves it, and lets them go.
    ledger.say("receipt", true)
    unit.run_until(lambda: saved(unit) == 20)
    assert rows_kept(unit) < 2
    unit.skew += 100
    unit.run_until(lambda: "is the broker ours?" in str(ledger.statuses[-1].faults))


def test_an_old_receipt_said_again_and_again_costs_rows_sent_twice_and_nothing_else(
    unit: Unit, ledger: SmallLedger
) -> None:
    deliver(unit, ledger, 20)
    old = ledger.signed(messages.encode(ledger.receipt()))
    deliver(unit, ledger, 20)
    bodies = ledger.bodies(unit.journal().epoch)
    ledger.answering = False
    for _ in range(8):
        ledger.say("receipt", old)
        unit.run_for(0.1)
        unit.skew += 5
    unit.run_until(lambda: saved(unit) == 20)
    # It believes less than there is, never more.
    unit.write(5)
    unit.run_for(0.3)
    assert saved(unit) == 20
    ledger.answering = True
    ledger.answer()
    unit.run_until(lambda: unit.drained and saved(unit) == 45)
    assert ledger.bodies(unit.journal().epoch)[:40] == bodies
    assert ledger.forks == {}


def test_an_old_receipt_that_names_a_fork_makes_no_journal_rotate(
    unit: Unit, ledger: SmallLedger
) -> None:
    """One that was given to the box that bore this name before."""
    deliver(unit, ledger, 20)
    epoch = unit.journal().epoch
    digest = ledger.rows[epoch, 10].digest.hex()
    forked = Receipt(epochs={str(epoch): Stored(stored_to=10, digest=digest, fork_at=11)})
    for _ in range(3):
        ledger.answer(forked)
        unit.run_for(0.1)
    unit.journal().housekeep(1e9)
    assert unit.journal().epoch == epoch
    assert saved(unit) == 20


def test_forging_without_end_fills_no_log(
    unit: Unit, ledger: SmallLedger, caplog: pytest.LogCaptureFixture
) -> None:
    unit.run_until(lambda: ledger.links)
    for number in range(200):
        ledger.say("receipt", b"%d" % number)
        ledger.say("document/notices", b"%d" % number)
    unit.run_until(lambda: "200 receipts" in str(list(unit.uplink._faults())))
    unit.run_until(lambda: "200 documents" in str(list(unit.uplink._faults())))
    warned = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warned) < 20
    unit.run_until(lambda: unit.drained)
    assert unit.uplink._journal.head == 1


def test_a_document_counts_only_when_the_federation_signed_it_and_the_status_says_so(
    unit: Unit, ledger: SmallLedger, trusted: Trusted
) -> None:
    unit.run_until(lambda: ledger.links)
    forged = Document(kind="notices", revision=9, unit=UNIT, body={"texts": {"fr": "Bouh"}})
    ledger.say("document/notices", messages.encode(forged))
    unit.skew += 3
    unit.run_until(lambda: ledger.statuses and "notices" in ledger.statuses[-1].refused)
    assert "notices" not in ledger.statuses[-1].documents
    unit.uplink.close()
    unit.start()
    count = len(ledger.statuses)
    unit.run_until(lambda: len(ledger.statuses) > count)
    assert "not signed" in ledger.statuses[-1].refused["notices"].reason
    ledger.publish("notices", 1, {"texts": {"fr": "Bonjour"}})
    ledger.say("document/trust", trusted.statement(2))
    unit.run_until(lambda: unit.uplink.shelf.revisions() == {"notices": 1, "trust": 2})
    unit.skew += 3
    unit.run_until(lambda: ledger.statuses[-1].documents == {"notices": 1, "trust": 2})
    assert ledger.statuses[-1].refused == {}
