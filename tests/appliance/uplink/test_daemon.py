"""From journals to a ledger and back over a real broker, in good and in bad company."""

import random
import signal
import socket
import sqlite3
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from appliance import runtime
from appliance.journal import JournalReader
from appliance.uplink.report import report
from protocol import signing
from protocol.event import Key
from protocol.messages import Receipt, Stored
from protocol.row import Row, Tombstone, chain
from tests.appliance.uplink.conftest import Unit
from tests.appliance.uplink.small_ledger import SmallLedger
from tests.support import Mosquitto, eventually, unit_config
from tests.trusted import Trusted

NOISE = b'{"x":"%s"}' % random.Random(1).randbytes(3000).hex().encode()
"""A body that zstd cannot make small."""


def saved(unit: Unit) -> dict[str, int]:
    """Journal → its cursor on the card."""
    return {str(line["name"]): int(str(line["watermark"])) for line in report(unit.config).lines}


def sent_to(unit: Unit, ledger: SmallLedger, name: str = "screen") -> bool:
    journal = unit.journal(name)
    return ledger.stored_to(journal.epoch) == journal.head


def fork_of(unit: Unit, epoch: int) -> int | None:
    """Where the ledger says that an epoch forked."""
    lane = unit.uplink.lanes.of(epoch)
    return lane.cursor.fork_at if lane else None


def times_sent(ledger: SmallLedger) -> Counter[tuple[int, int]]:
    """(epoch, seq) → how often it arrived."""
    return Counter(
        (header.epoch, seq)
        for header in ledger.arrived
        for seq in range(header.first, header.last + 1)
    )


def test_rows_of_every_journal_reach_the_ledger_and_their_cursors_move(
    unit: Unit, ledger: SmallLedger
) -> None:
    names = {"screen": 250, "vehicle": 40, "cli": 1}
    written = {name: unit.write(count, name) for name, count in names.items()}
    unit.run_until(lambda: len(ledger.rows) == 291 and unit.drained)
    for name, bodies in written.items():
        assert ledger.bodies(unit.journal(name).epoch) == bodies
    screen = {"name": "screen", "head": 250, "watermark": 250, "backlog": 0, "quarantined": 0}
    assert report(unit.config).lines[0] == {**screen, "epoch": unit.journal().epoch}
    assert saved(unit) == {"screen": 250, "vehicle": 40, "uplink": 0, "cli": 1}


def test_every_row_is_sent_once_while_nothing_goes_wrong(unit: Unit, ledger: SmallLedger) -> None:
    unit.write(2000)
    unit.run_until(lambda: unit.drained)
    unit.write(5)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert set(times_sent(ledger).values()) == {1}


def test_without_receipts_nothing_counts_as_stored_and_little_is_sent_again(
    unit: Unit, ledger: SmallLedger
) -> None:
    ledger.answering = False
    unit.write(3000)
    unit.run_until(lambda: len(ledger.rows) >= 100)
    for _ in range(10):
        unit.skew += 60
        unit.run_for(0.1)
    assert saved(unit)["screen"] == 0
    assert len(ledger.rows) <= 4 * 400
    # It asks ever more rarely, with a small batch.
    assert times_sent(ledger)[unit.journal().epoch, 1] <= 8
    ledger.answering = True
    ledger.answer()
    unit.run_until(lambda: unit.drained)
    assert sent_to(unit, ledger)


def test_a_broker_that_confirmed_and_forgot_costs_no_row(
    unit: Unit, ledger: SmallLedger, broker: Mosquitto
) -> None:
    unit.write(400)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    ledger.close()
    unit.write(400)
    unit.run_until(lambda: any(lane.window.flights for lane in unit.uplink.lanes))
    unit.run_for(0.3)
    # The broker has confirmed them by now: the control is what it still knows afterwards.
    assert all(f.crossed for lane in unit.uplink.lanes for f in lane.window.flights)
    broker.kill()
    broker.wipe()
    broker.start()
    again = SmallLedger(broker, ledger.trusted)
    again.rows = ledger.rows
    unit.run_until(lambda: sent_to(unit, again) and unit.drained)
    again.close()
    assert again.bodies(unit.journal().epoch)[-1] == b'{"made":799}'


def test_rows_written_while_the_broker_is_away_leave_once_when_it_is_back(
    unit: Unit, ledger: SmallLedger, broker: Mosquitto
) -> None:
    unit.write(10)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    broker.stop()
    unit.run_until(lambda: unit.uplink.line.state == "down")
    unit.write(300)
    unit.run_for(0.5)
    broker.start()
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert set(times_sent(ledger).values()) == {1}


def test_what_the_broker_never_confirmed_is_sent_on_the_next_connection(
    unit: Unit, ledger: SmallLedger, broker: Mosquitto
) -> None:
    unit.run_until(lambda: ledger.links)
    unit.run_for(0.1)
    broker._process.send_signal(signal.SIGSTOP)
    unit.write(900)
    unit.run_until(lambda: any(lane.window.flights for lane in unit.uplink.lanes))
    broker.kill()
    broker.wipe()
    broker.start()
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)


def test_the_receipt_given_at_birth_saves_sending_twice(
    unit: Unit, ledger: SmallLedger, broker: Mosquitto
) -> None:
    unit.run_until(lambda: ledger.links)
    ledger.answering = False
    unit.write(300)
    unit.run_until(lambda: sent_to(unit, ledger))
    unit.run_for(0.1)
    ledger.answering = True
    unit.uplink.line._session._client.socket().shutdown(socket.SHUT_RDWR)
    unit.run_until(lambda: unit.drained)
    assert set(times_sent(ledger).values()) == {1}


def test_a_new_process_goes_on_from_the_cursors_on_the_card(
    unit: Unit, ledger: SmallLedger
) -> None:
    unit.write(300)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    unit.uplink.close()
    unit.start()
    unit.write(10)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert set(times_sent(ledger).values()) == {1}


def test_late_and_repeated_receipts_change_nothing(unit: Unit, ledger: SmallLedger) -> None:
    unit.write(50)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    early = ledger.receipt()
    unit.write(50)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    for _ in range(3):
        ledger.answer(early)
        ledger.answer()
        unit.skew += 15
        unit.run_for(0.2)
    assert saved(unit)["screen"] == 100
    assert set(times_sent(ledger).values()) == {1}


def test_receipts_that_are_not_of_our_rows_move_no_cursor(unit: Unit, ledger: SmallLedger) -> None:
    ledger.answering = False
    unit.write(100)
    unit.run_until(lambda: sent_to(unit, ledger))
    epoch, digest = unit.journal().epoch, ledger.rows[unit.journal().epoch, 100].digest.hex()
    for told in (
        Stored(stored_to=10**9, digest=digest),
        Stored(stored_to=101, digest=digest),
        Stored(stored_to=99, digest=digest),
        Stored(stored_to=100, digest="00" * 8),
        Stored(stored_to=100, digest=""),
    ):
        ledger.answer(Receipt(epochs={str(epoch): told}))
    for payload in (b"", b"[]", b'{"epochs":{"x":1}}', b"\xff" * 100):
        ledger.say("receipt", ledger.signed(payload))
    unit.run_until(lambda: "4 messages" in str(list(unit.uplink._faults())))
    assert saved(unit)["screen"] == 0
    ledger.answer(Receipt(epochs={str(epoch): Stored(stored_to=100, digest=digest)}))
    unit.run_until(lambda: saved(unit)["screen"] == 100)


def test_a_restored_journal_is_found_out_and_goes_on_under_a_new_epoch(
    unit: Unit, ledger: SmallLedger
) -> None:
    """Two boxes of one name: the first wrote rows 41 to 60, this one writes others there."""
    unit.write(40)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    journal = unit.journal()
    old = journal.epoch
    previous = ledger.rows[old, 40].digest
    for seq in range(41, 61):
        previous = chain(previous, old, seq, "duty.paused", b'{"other":1}', "boot-9", seq)
        ledger.rows[old, seq] = Row(
            seq, "duty.paused", b'{"other":1}', "boot-9", seq, None, "none", 0, previous
        )
    bodies = unit.write(30)
    unit.run_until(lambda: fork_of(unit, old) == 41)
    # Until the owner rotates, nothing of that epoch is sent in vain.
    batches = len(ledger.arrived)
    bodies += unit.write(5)
    unit.skew += 30
    unit.run_for(0.3)
    assert len(ledger.arrived) == batches
    journal.housekeep(1e9)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert journal.epoch != old
    rows = [row for key, row in sorted(ledger.rows.items()) if key[0] == journal.epoch]
    assert [row.body for row in rows[:35]] == bodies
    assert [row.origin for row in rows[:35]] == [Key(old, seq) for seq in range(41, 76)]
    assert ledger.bodies(old)[40:] == [b'{"other":1}'] * 20


def test_a_journal_restored_under_a_newer_memory_does_not_believe_it(
    unit: Unit, ledger: SmallLedger, tmp_path: Path
) -> None:
    unit.write(40)
    journal = unit.journal()
    copy = sqlite3.connect(tmp_path / "yesterday.db")
    journal.database.conn.backup(copy)
    copy.close()
    unit.write(60)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert saved(unit)["screen"] == 100
    journal.close()
    del unit.journals["screen"]
    for leftover in journal.path.parent.glob("screen.db*"):
        leftover.unlink()
    (tmp_path / "yesterday.db").rename(journal.path)
    unit.uplink.close()
    unit.start()
    bodies = unit.write(200)
    old = unit.journal().epoch
    unit.run_until(lambda: fork_of(unit, old) == 41)
    unit.run_until(lambda: not unit.uplink.lanes.unsaved)
    unit.journal().housekeep(1e9)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert ledger.bodies(unit.journal().epoch)[:200] == bodies


def test_a_ledger_restored_from_its_backup_gets_again_what_it_lost(
    unit: Unit, ledger: SmallLedger
) -> None:
    unit.write(100)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    for seq in range(61, 101):
        del ledger.rows[unit.journal().epoch, seq]
    ledger.answer()
    for _ in range(8):
        unit.run_for(0.2)
        unit.skew += 5
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert len(ledger.bodies(unit.journal().epoch)) == 100


def test_a_row_that_no_batch_can_carry_leaves_its_place_and_stops_nobody(
    unit: Unit, ledger: SmallLedger
) -> None:
    unit.write(20)
    journal = unit.journal()
    with journal.atomic():
        journal.database.execute("UPDATE event SET body = zeroblob(20000) WHERE id = 11")
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    buried = ledger.rows[journal.epoch, 11]
    assert isinstance(buried, Tombstone)
    assert buried.size == 20000
    assert len(ledger.bodies(journal.epoch)) == 20
    assert report(unit.config).lines[0]["quarantined"] == 1
    unit.skew += 100
    unit.run_until(lambda: ledger.statuses and ledger.statuses[-1].quarantined == 1)


def test_a_broker_that_takes_one_message_at_a_time_is_never_given_two(
    tmp_path: Path, trusted: Trusted
) -> None:
    one = "max_inflight_messages 1"
    with Mosquitto(tmp_path / "broker", trusted=trusted, extra=one) as broker:
        ledger = SmallLedger(broker, trusted)
        unit = Unit(unit_config(tmp_path, broker={"port": broker.port}), trusted)
        most = 0

        def drained() -> bool:
            nonlocal most
            session = unit.uplink.line.session
            most = max(most, len(session._marks) if session else 0)
            return sent_to(unit, ledger) and unit.drained

        unit.write(1500)
        unit.run_until(drained)
        unit.close()
        ledger.close()
        assert most == 1


def test_a_broker_of_small_messages_gets_small_batches(tmp_path: Path, trusted: Trusted) -> None:
    small = "max_packet_size 1500"
    with Mosquitto(tmp_path / "broker", trusted=trusted, extra=small) as broker:
        ledger = SmallLedger(broker, trusted)
        unit = Unit(unit_config(tmp_path, broker={"port": broker.port}), trusted)
        unit.write(300)
        unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
        assert max(ledger.sizes) <= 1500 - 256
        # One row that this broker never takes is held, told, and stops no other journal.
        unit.journal().append_raw("duty.paused", NOISE)
        unit.write(5, "vehicle")
        unit.run_until(lambda: sent_to(unit, ledger, "vehicle"))
        unit.run_until(lambda: any("max_packet_size" in fault for fault in unit.uplink._faults()))
        assert saved(unit)["screen"] == 300
        unit.close()
        ledger.close()


def test_rows_leave_with_the_time_learnt_after_they_were_made(
    unit: Unit, ledger: SmallLedger
) -> None:
    unit.write(3)
    vehicle = unit.journal("vehicle")
    vehicle.database.execute(
        "CREATE TABLE anchor (boot_id TEXT, boottime INTEGER, utc INTEGER, source TEXT,"
        " error INTEGER)"
    )
    vehicle.database.execute("INSERT INTO anchor VALUES ('boot-1', 0, 1800000000000, 'gps', 500)")
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    rows = [row for key, row in sorted(ledger.rows.items()) if key[0] == unit.journal().epoch]
    assert [(row.utc - row.boottime, row.source, row.error) for row in rows] == [
        (1800000000000, "gps", 500)
    ] * 3
    assert ledger.links[-1].utc is not None


def test_a_file_put_aside_is_drained_beside_the_live_one(unit: Unit, ledger: SmallLedger) -> None:
    bodies = unit.write(150)
    journal = unit.journals.pop("screen")
    journal.close()
    aside = unit.config.paths.data / "aside"
    aside.mkdir()
    journal.path.rename(aside / f"screen-{journal.epoch}.db")
    unit.write(20)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    assert ledger.bodies(journal.epoch) == bodies
    assert [line["name"] for line in report(unit.config).lines] == ["screen", "uplink"]


def test_a_file_put_aside_under_way_keeps_its_cursor(unit: Unit, ledger: SmallLedger) -> None:
    unit.write(100)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    bodies = unit.write(50)
    journal = unit.journals.pop("screen")
    journal.close()
    aside = unit.config.paths.data / "aside"
    aside.mkdir()
    journal.path.rename(aside / f"screen-{journal.epoch}.db")
    unit.run_until(lambda: ledger.stored_to(journal.epoch) == 150 and unit.drained)
    assert ledger.bodies(journal.epoch)[100:] == bodies
    assert set(times_sent(ledger).values()) == {1}


def test_a_journal_that_cannot_be_read_is_told_and_stops_no_other(
    unit: Unit, ledger: SmallLedger
) -> None:
    (unit.config.paths.data / "vehicle.db").write_bytes(b"not a database" * 500)
    unit.write(10)
    unit.run_until(lambda: sent_to(unit, ledger) and unit.drained)
    unit.skew += 100
    unit.run_until(lambda: any("vehicle.db" in fault for fault in ledger.statuses[-1].faults))


def test_documents_are_applied_and_what_is_held_is_told_at_birth(
    unit: Unit, ledger: SmallLedger
) -> None:
    unit.run_until(lambda: ledger.links)
    ledger.publish("notices", 3, {"texts": {"fr": "Bonjour"}})
    ledger.publish("notices", 2, {"texts": {}})
    ledger.publish("menu", 1, {})
    unit.run_until(lambda: len(ledger.rows) == 2 and unit.drained)
    own = next(epoch for epoch, _ in ledger.rows)
    assert [msgspec.json.decode(body)["outcome"] for body in ledger.bodies(own)] == [
        "applied",
        "refused",
    ]
    unit.uplink.close()
    unit.start()
    births = len(ledger.links)
    unit.run_until(lambda: any(link.online for link in ledger.links[births:]))
    assert ledger.links[-1].documents == {"notices": 3, "trust": 1}


def test_birth_status_and_last_will_tell_how_the_unit_fares(
    unit: Unit, ledger: SmallLedger
) -> None:
    unit.write(7)
    runtime.publish(
        unit.config.paths.run,
        "vehicle",
        {"duty": "on", "gps": {"state": "fix", "satellites": 9}, "battery_volts": "sick"},
    )
    unit.run_until(lambda: ledger.statuses and unit.drained)
    unit.skew += 61
    unit.run_until(lambda: ledger.statuses[-1].journals["screen"][0].watermark == 7)
    word = ledger.statuses[-1]
    assert (word.duty, word.gps.state, word.battery_volts) == ("on", "fix", None)
    assert (word.journals["screen"][0].backlog, word.link) == (0, "good")
    told = runtime.read(unit.config.paths.run, "uplink")
    assert (told["link"], told["backlog"], told["faults"]) == ("up", 0, [])
    assert ledger.links[-1].online
    unit.uplink.close()
    eventually(lambda: not ledger.links[-1].online)
    unit.start()


def test_the_status_passes_on_the_day_key_and_the_faults_of_the_screen(
    unit: Unit, ledger: SmallLedger
) -> None:
    key, fault = "0a" * 32, "names cannot be sealed: the trust statement is missing"
    runtime.publish(unit.config.paths.run, "screen", {"day_key": key, "faults": [fault]})
    unit.run_until(lambda: ledger.statuses)
    assert (ledger.statuses[-1].day_key, ledger.statuses[-1].faults) == (key, (fault,))
    said = ledger.statuses[-1].day_proof + bytes.fromhex(key)
    assert signing.verify(said, "day", unit.config.unit.id, ledger.keys).hex() == key
    runtime.publish(unit.config.paths.run, "screen", {"day_key": "not a key"})
    unit.skew += 3
    unit.run_until(lambda: ledger.statuses[-1].day_key == "")


def test_killed_without_a_word_it_is_missed_by_the_broker(unit: Unit, ledger: SmallLedger) -> None:
    unit.run_until(lambda: ledger.links)
    unit.uplink.line._session._client.socket().shutdown(socket.SHUT_RDWR)
    eventually(lambda: not ledger.links[-1].online)
    unit.run_until(lambda: ledger.links[-1].online)


def test_nobody_listening_is_a_fault_that_is_told(unit: Unit) -> None:
    unit.write(5)
    unit.run_until(lambda: "nobody" in str(list(unit.uplink._faults())))
    unit.skew += 10
    unit.run_for(0.1)
    told = runtime.read(unit.config.paths.run, "uplink")
    assert "nobody at the federation listens to this broker" in told["faults"]


def test_a_card_that_takes_no_cursor_stops_no_row(unit: Unit, ledger: SmallLedger) -> None:
    unit.run_until(lambda: ledger.links)
    unit.uplink._journal.database.execute("PRAGMA query_only = ON")
    unit.write(100)
    unit.run_until(lambda: sent_to(unit, ledger) and not unit.uplink.lanes.backlog)
    unit.run_until(lambda: unit.uplink.disk.fault is not None)
    assert saved(unit)["screen"] == 0
    unit.uplink._journal.database.execute("PRAGMA query_only = OFF")
    unit.skew += 11
    unit.run_until(lambda: unit.drained and unit.uplink.disk.fault is None)
    assert saved(unit)["screen"] == 100
    with JournalReader.open(unit.config.paths.data / "uplink.db") as reader:
        assert [row.type for row in reader.rows(0)] == ["disk.faulted"]


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_without_a_broker_it_waits_and_says_why(
    tmp_path: Path, trusted: Trusted, host: str
) -> None:
    unit = Unit(unit_config(tmp_path, broker={"host": host, "port": 1}), trusted)
    unit.write(3)
    unit.run_until(lambda: unit.uplink.line.state == "down")
    unit.skew += 3
    unit.run_for(0.1)
    told = runtime.read(unit.config.paths.run, "uplink")
    assert (told["link"], told["backlog"]) == ("down", 3)
    assert host in told["why"]
    unit.close()
