"""The wanted system reaches whoever fetches it; what became of it reaches the federation, once."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance import runtime
from appliance.config import UnitConfig
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.update.facts import Told, Wanted
from appliance.update.folder import Folder
from appliance.uplink.cursors import Memory, uplink_file
from appliance.uplink.updates import LOOK_EVERY, Updates
from protocol.unit import UpdateApplied
from tests.appliance.uplink.conftest import Unit
from tests.appliance.uplink.small_ledger import SmallLedger
from tests.support import Mosquitto, unit_config
from tests.trusted import Trusted

APPLIED = Told(id="0" * 16, version="0.5.1", outcome="applied")
BODY = {
    "version": "0.5.1", "address": "https://updates.example/escale-0.5.1.raucb",
    "size": 330_000_000, "digest": "ab" * 32, "mobile": True,
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> UnitConfig:
    config = unit_config(tmp_path, paths={"update": str(tmp_path / "update")})
    config.paths.update.mkdir()
    return config


@pytest.fixture
def memory(config: UnitConfig) -> Iterator[Memory]:
    path = uplink_file(config.paths.data)
    journal = Journal.open(path, name="uplink", clock=SettableClock())
    yield Memory(journal)
    journal.close()


def told(config: UnitConfig) -> list[UpdateApplied]:
    with JournalReader.open(uplink_file(config.paths.data)) as reader:
        entries = list(reader.entries([UpdateApplied.TYPE]))
        return [entry.event for entry in entries if isinstance(entry.event, UpdateApplied)]


def test_what_became_of_an_update_is_told_once(config: UnitConfig, memory: Memory) -> None:
    folder = Folder(config.paths.update)
    folder.tell(APPLIED)
    for now in range(0, 20, 3):
        Updates(config.paths, memory).step(now)
    assert told(config) == [UpdateApplied(version="0.5.1", outcome="applied")]
    # The same news comes again under its name: written once more before a power cut.
    folder.tell(APPLIED)
    Updates(config.paths, memory).step(100)
    assert len(told(config)) == 1


def test_several_pieces_of_news_are_all_told(config: UnitConfig, memory: Memory) -> None:
    folder, updates = Folder(config.paths.update), Updates(config.paths, memory)
    folder.tell(APPLIED)
    updates.step(0)
    folder.tell(Told(id="1" * 16, version="0.5.2", outcome="rolled_back", reason="it hung"))
    folder.tell(Told(id="2" * 16, version="0.5.3", outcome="refused", reason="too old"))
    updates.step(LOOK_EVERY)
    assert [(one.version, one.outcome, one.reason) for one in told(config)] == [
        ("0.5.1", "applied", ""), ("0.5.2", "rolled_back", "it hung"),
        ("0.5.3", "refused", "too old"),
    ]  # fmt: skip


def test_news_whose_file_is_gone_is_forgotten(config: UnitConfig, memory: Memory) -> None:
    folder, updates = Folder(config.paths.update), Updates(config.paths, memory)
    folder.tell(APPLIED)
    updates.step(0)
    folder.drop(f"outcome-{APPLIED.id}.json")
    updates.step(LOOK_EVERY)
    assert memory.journal.database.execute("SELECT count(*) FROM told").fetchone() == (0,)


def test_files_that_are_no_news_are_left_alone(config: UnitConfig, memory: Memory) -> None:
    for name, content in (
        ("outcome-1.json", b"{"),
        ("outcome-2.json", msgspec.json.encode(APPLIED)),  # by another's name
        (f"outcome-{'3' * 16}.json", b'{"id": "' + b"3" * 16 + b'", "version": "1"}'),
    ):
        (config.paths.update / name).write_bytes(content)
    Updates(config.paths, memory).step(0)
    assert told(config) == []


def test_a_machine_without_slots_is_left_in_peace(config: UnitConfig, memory: Memory) -> None:
    config.paths.update.rmdir()
    Updates(config.paths, memory).step(0)
    assert told(config) == []
    assert not config.paths.update.exists()


def test_a_folder_that_takes_nothing_stops_nobody_and_is_tried_again(
    config: UnitConfig, memory: Memory
) -> None:
    hold(memory, 7)
    in_the_way = config.paths.update / "wanted.json.new"
    in_the_way.mkdir()
    updates = Updates(config.paths, memory)
    updates.step(0)
    assert Folder(config.paths.update).wanted is None
    in_the_way.rmdir()
    updates.step(100)
    wanted = Folder(config.paths.update).wanted
    assert wanted is not None
    assert (wanted.version, wanted.revision) == ("0.5.1", 7)


def hold(memory: Memory, revision: int) -> None:
    with memory.journal.atomic():
        memory.journal.database.conn.execute(
            "INSERT INTO document VALUES ('update', ?, ?, 0, x'')",
            (revision, msgspec.json.encode({**BODY, "later": 1})),
        )


def test_only_a_fetch_that_failed_is_a_fault(config: UnitConfig, memory: Memory) -> None:
    updates = Updates(config.paths, memory)
    assert list(updates.faults()) == []
    runtime.publish(config.paths.run, "fetch", {"state": "waiting", "why": "no Wi-Fi"})
    assert list(updates.faults()) == []
    runtime.publish(config.paths.run, "fetch", {"state": "failed", "why": "it answers 403."})
    assert list(updates.faults()) == ["update: it answers 403."]


def test_a_signed_document_becomes_what_is_fetched_and_its_end_is_in_the_ledger(
    tmp_path: Path, broker: Mosquitto, trusted: Trusted, ledger: SmallLedger
) -> None:
    config = unit_config(
        tmp_path, paths={"update": str(tmp_path / "update")}, broker={"port": broker.port}
    )
    config.paths.update.mkdir()
    folder = Folder(config.paths.update)
    unit = Unit(config, trusted)
    unit.run_until(lambda: ledger.links)
    ledger.publish("update", 3, BODY)
    unit.run_until(lambda: folder.wanted is not None)
    assert folder.wanted == msgspec.convert({**BODY, "revision": 3}, Wanted)
    ledger.publish("update", 4, {**BODY, "digest": "no digest"})
    ledger.publish("update", 5, {})
    unit.run_until(lambda: folder.wanted is None)
    folder.tell(APPLIED)
    unit.skew += LOOK_EVERY
    unit.run_until(lambda: len(ledger.rows) == 4 and unit.drained)
    own = next(epoch for epoch, _ in ledger.rows)
    bodies = [msgspec.json.decode(body) for body in ledger.bodies(own)]
    assert [(body.get("kind"), body["outcome"]) for body in bodies] == [
        ("update", "applied"), ("update", "refused"), ("update", "applied"),
        (None, "applied"),
    ]  # fmt: skip
    unit.close()
