"""Factory reset: on a real disk, nothing of what the unit kept is left in the raw bytes."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import cli, wipe
from appliance.config import UnitConfig
from appliance.errors import OperatorError
from appliance.first_boot import kept, network
from appliance.journal import Journal
from appliance.journal.lock import WriterLock
from appliance.keeper import copies
from appliance.twins.clock import SettableClock
from protocol.duty import Paused
from tests.support import unit_config, unit_config_file
from tests.trusted import Trusted

MEBIBYTE = 1 << 20
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own takes root")


class Card:
    """A small disk of its own, on which a unit has lived."""

    def __init__(self, folder: Path) -> None:
        self.image, self.mounted = folder / "card.img", folder / "card"
        self.mounted.mkdir()
        with self.image.open("wb") as file:
            file.truncate(16 * MEBIBYTE)
        subprocess.run(["mkfs.ext4", "-q", "-b", "4096", str(self.image)], check=True)
        mount = ["mount", "-o", "loop", str(self.image), str(self.mounted)]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        self.config = unit_config(self.mounted)
        self.data = self.config.paths.data
        self.canaries: dict[str, list[bytes]] = {}

    def found(self) -> dict[str, int]:
        """Where canaries were put → how many of them the raw bytes of the disk still tell."""
        subprocess.run(["sync", "-f", str(self.mounted)], check=True)
        raw = self.image.read_bytes()
        return {where: sum(c in raw for c in made) for where, made in self.canaries.items()}

    def put(self, where: str, count: int = 50) -> Iterator[bytes]:
        """Strings that are nowhere else in the world."""
        for _ in range(count):
            made = secrets.token_hex(16).encode()
            self.canaries.setdefault(where, []).append(made)
            yield made

    def live(self) -> None:
        """A unit's life: keys, journals, a copy, a purge, a file deleted long ago."""
        Trusted().identity_of("van-germaine", self.data)
        self.canaries["identity"] = [
            line
            for path in self.data.glob("identity/*key.pem")
            for line in path.read_bytes().splitlines()
            if not line.startswith(b"-")
        ]
        with (self.data / "identity" / "code").open("wb") as file:
            file.writelines(self.put("code", 1))
        journal = Journal.open(self.data / "screen.db", name="screen", clock=SettableClock())
        for canary in self.put("journal", 150):
            journal.append_raw(Paused.TYPE, b'{"made":"%s"}' % canary)
        for _ in copies.make(self.data):
            pass
        journal.close()
        (self.data / "screen.db-wal").write_bytes(b"".join(self.put("wal")))  # as a cut leaves it
        with (self.data / "deleted").open("wb") as file:
            file.writelines(canary * 20 for canary in self.put("deleted", 150))
        self.found()  # it is on the disk before it goes
        (self.data / "deleted").unlink()
        self.config.paths.run.mkdir(parents=True)
        (self.config.paths.run / "screen.json").write_bytes(next(self.put("run", 1)))

    def close(self) -> None:
        subprocess.run(["umount", str(self.mounted)], check=False)


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed")
    made = Card(tmp_path)
    try:
        made.live()
        yield made
    finally:
        made.close()


@needs_root
def test_nothing_is_left_in_the_raw_bytes_of_the_card(card: Card) -> None:
    before = card.found()
    assert before == {where: len(made) for where, made in card.canaries.items()}
    after: list[dict[str, int]] = []

    def tell(sentence: str) -> None:
        if "free space" in sentence:
            after.append(card.found())  # before the card is asked to forget anything

    wipe.wipe(card.config, quick=False, tell=tell)
    nothing = dict.fromkeys(card.canaries, 0)
    assert after[-1] == nothing
    assert card.found() == nothing
    assert list(card.data.iterdir()) == list(card.config.paths.run.iterdir()) == []
    assert os.statvfs(card.data).f_bfree > 2000  # its space is free again


@needs_root
def test_what_was_only_deleted_is_left_there(card: Card) -> None:
    """The control: this is what the test above would miss if it could not find anything."""
    shutil.rmtree(card.data)
    shutil.rmtree(card.config.paths.run)
    found = card.found()
    assert sum(found.values()) >= 0.8 * sum(map(len, card.canaries.values()))


@needs_root
def test_a_quick_wipe_leaves_what_was_deleted_before_and_no_file_there_was(card: Card) -> None:
    after: list[dict[str, int]] = []
    wipe.wipe(card.config, quick=True, tell=lambda _: after.append(card.found()))
    left = after[0]
    assert left.pop("deleted") == 150
    left.pop("journal")  # some of it was in files that SQLite and the copies had deleted
    assert left == dict.fromkeys(("identity", "code", "wal", "run"), 0)


@pytest.fixture
def unit(tmp_path: Path) -> UnitConfig:
    config = unit_config(tmp_path)
    Trusted().identity_of("van-germaine", config.paths.data)
    return config


def quick(unit: UnitConfig) -> list[str]:
    told: list[str] = []
    wipe.wipe(unit, quick=True, tell=told.append)
    return told


@pytest.mark.parametrize("name", ["screen", "keeper"])
def test_a_unit_at_work_is_not_wiped(unit: UnitConfig, name: str) -> None:
    held = WriterLock.take(unit.paths.data / f"{name}.db")
    with pytest.raises(
        OperatorError, match=rf"{name}\.lock is in use by process {os.getpid()}: stop"
    ):
        quick(unit)
    assert (unit.paths.data / "identity" / "key.pem").exists()
    held.release()
    quick(unit)
    assert list(unit.paths.data.iterdir()) == []


def test_keys_go_first(unit: UnitConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes in the middle: what is left cannot speak for the unit."""
    (unit.paths.data / "a-journal.db").write_bytes(b"x" * 100)

    class Cut(Exception):
        pass

    really = wipe.overwrite

    def cut(path: Path) -> Iterator[int]:
        if path.parent == unit.paths.data:
            raise Cut
        return really(path)

    monkeypatch.setattr(wipe, "overwrite", cut)
    with pytest.raises(Cut):
        quick(unit)
    assert list((unit.paths.data / "identity").iterdir()) == []
    monkeypatch.undo()
    quick(unit)
    assert list(unit.paths.data.iterdir()) == []


def test_a_link_is_removed_and_what_it_leads_to_is_not_touched(
    unit: UnitConfig, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("of somebody else")
    (unit.paths.data / "folder").symlink_to(outside)
    (unit.paths.data / "file").symlink_to(outside / "file")
    quick(unit)
    assert (outside / "file").read_text() == "of somebody else"
    assert list(unit.paths.data.iterdir()) == []


def test_what_became_of_updates_is_not_told_by_the_next_unit(unit: UnitConfig) -> None:
    update = unit.paths.update
    (update / "rauc").mkdir(parents=True)
    for name in ("wanted.json", "outcome-1.json", "bundle.raucb", "rauc/central.raucs"):
        (update / name).write_text("of the unit before")
    wipe.wipe(unit, quick=True, tell=lambda _: None)
    assert list(update.iterdir()) == []


def test_what_a_card_keeps_for_its_system_is_overwritten_too(
    unit: UnitConfig, tmp_path: Path
) -> None:
    """The depot's Wi-Fi password above all; then numbers by which a card is known again."""
    system = unit.paths.system
    system.mkdir()
    network.keep(network.Network(wifi_name="Depot", wifi_password="geheim-genug"), system)
    kept.machine_id(system)
    kept.disk_number(system)
    (system / "network").mkdir()
    (system / "network" / "wifi.nmconnection").write_text("psk=geheim-genug")
    for number, path in enumerate(sorted(system.rglob("*.*"))):
        os.link(path, tmp_path / f"same blocks {number}")
    quick(unit)
    assert list(system.iterdir()) == []
    held = [path.read_bytes() for path in tmp_path.glob("same blocks *")]
    assert held == [bytes(len(content)) for content in held]
    assert len(held) == 2


def test_a_whole_disk_is_not_a_units_folder(tmp_path: Path) -> None:
    config = unit_config(tmp_path, paths={"run": "/run"})
    config.paths.data.mkdir()
    with pytest.raises(OperatorError, match=r"/run is more than a unit's own folder"):
        quick(config)


def test_nothing_is_wiped_without_a_yes(
    unit: UnitConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(unit_config_file(tmp_path))
    assert cli.main(["--config", file, "wipe"]) == 1
    assert "this ends van-germaine" in capsys.readouterr().err
    assert (unit.paths.data / "identity" / "key.pem").exists()
    assert cli.main(["--config", file, "wipe", "--yes", "--quick"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert re.match(r"\d files are overwritten and removed from", out[0])
    assert out[-1].startswith(f"{file} stays, and so does a bundle on the small drive")
    assert cli.main(["--config", file, "wipe", "--yes", "--quick"]) == 0  # again


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="there is nothing at"):
        quick(unit_config(tmp_path))


def test_something_long_is_told_every_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wipe, "TELL_EVERY", 0.0)
    told: list[str] = []
    progress = wipe.Progress("overwriting free space", 3_000_000, told.append)
    progress.step(1_000_000)
    progress.step(1_500_000)
    assert told == ["overwriting free space: 1 of 3 MB", "overwriting free space: 2 of 3 MB"]
