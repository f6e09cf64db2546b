"""After a start: one line, and the slot is kept or given up; the fleet hears what became of it."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import msgspec
import pytest

from appliance import cli, runtime
from appliance.config import Paths, UnitConfig
from appliance.update import health
from appliance.update.facts import Told
from appliance.update.health import HUNG, PATIENCE, patience
from appliance.update.signs import Signs, written
from tests.appliance.update.unit import ROOT, Board, Restart

PLACES = ("data", "run", "update")

LINE = re.compile(
    r"escale: health (good|bad) slot=([AB]) version=(\S+) failed=(\S+) memory=(\d+)M"
    r" written=(-?[\d.]+)M frame=(yes|no) journal=(yes|no) gps=(yes|no)\n"
)


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


def on_trial(board: Board) -> str:
    """0.5.1 was written to B, and has started; its digest."""
    board.is_well()
    digest = board.has()
    with pytest.raises(Restart):
        board.installs()
    assert board.starts() == "B"
    return digest


def word(board: Board, line: str) -> list[str]:
    found = LINE.fullmatch(line)
    assert found is not None, line
    return list(found.groups())


def test_a_system_that_is_well_says_so_and_keeps_its_slot(board: Board) -> None:
    board.is_well()
    assert word(board, board.checks()) == [
        "good", "A", "0.5.0", "none", *LINE.fullmatch(board.console.read_text()).groups()[4:6],  # type: ignore[union-attr]
        "yes", "yes", "yes",
    ]  # fmt: skip
    assert board.slots.left["A"] == 3
    assert board.restarts == 0


@pytest.mark.parametrize("missing", ["frame", "journal", "vehicle"])
def test_a_new_system_without_one_of_its_signs_is_given_up(board: Board, missing: str) -> None:
    digest = on_trial(board)
    lacks(board, missing)
    line = word(board, board.checks())
    names = ("frame", "journal", "vehicle")
    assert line[0] == "bad"
    assert line[6:] == ["no" if name == missing else "yes" for name in names]
    assert (board.restarts, board.slots.left["B"]) == (1, 0)
    assert board.news == []
    assert board.starts() == "A"
    board.is_well()
    board.checks()
    (told,) = board.news
    assert (told.version, told.outcome) == ("0.5.1", "rolled_back")
    assert told.reason == Signs(*(name != missing for name in names)).missing()
    assert (board.slots.order, board.slots.trial) == (("A", "B"), False)
    assert board.folder.is_over(digest, 4)
    assert board.folder.pending is None


def lacks(board: Board, missing: str) -> None:
    data = board.config.paths.data
    if missing != "journal":
        board.is_well()
    else:
        (data / "vehicle.db").unlink()
        board.says("vehicle", duty="off")
        board.says("screen", at="welcome", quiet=1.0, drawn=3)
    if missing == "frame":
        board.says("screen", at="welcome", quiet=1.0, drawn=0)
    if missing == "vehicle":
        (board.config.paths.run / "vehicle.json").unlink()


def test_a_new_system_that_is_well_is_kept_and_told_as_applied(board: Board) -> None:
    digest = on_trial(board)
    board.is_well()
    board.release = board.release._replace(version="0.5.1", build="def")
    assert word(board, board.checks())[:3] == ["good", "B", "0.5.1"]
    assert (board.slots.order, board.slots.left["B"]) == (("B", "A"), 3)
    assert not board.slots.trial
    (told,) = board.news
    assert (told.version, told.outcome, told.reason) == ("0.5.1", "applied", "")
    assert board.folder.judged[digest].outcome == "applied"
    assert not board.folder.is_over(digest)
    board.checks()
    assert board.news == [told]


def test_a_new_system_that_hangs_has_three_starts_and_is_told_as_rolled_back(board: Board) -> None:
    on_trial(board)
    assert [board.starts() for _ in range(3)] == ["B", "B", "A"]
    board.is_well()
    board.checks()
    (told,) = board.news
    assert (told.outcome, told.reason) == ("rolled_back", HUNG)
    assert board.restarts == 0


def test_a_system_that_was_found_good_is_never_given_up(board: Board) -> None:
    for _ in range(5):
        assert board.starts() == "A"
        assert word(board, board.checks())[0] == "bad"
    assert board.restarts == 0


def test_a_check_that_is_asked_for_again_and_again_writes_nothing(board: Board) -> None:
    board.is_well()
    board.checks()
    os.utime(board.disk, ns=(0, 0))
    kept = {path: path.stat().st_mtime_ns for path in board.folder.path.rglob("*")}
    for _ in range(3):
        board.checks()
    assert board.disk.stat().st_mtime_ns == 0
    assert {path: path.stat().st_mtime_ns for path in board.folder.path.rglob("*")} == kept


def test_a_start_that_is_cut_short_does_not_count_against_a_good_system(board: Board) -> None:
    board.is_well()
    board.checks()

    def power_cut(_: float) -> None:
        raise KeyboardInterrupt

    for _ in range(9):
        assert board.starts() == "A"
        with pytest.raises(KeyboardInterrupt):
            board.checks(rest=power_cut, patience=lambda: 60.0)
    assert board.slots.left["A"] == 3


def test_the_line_comes_again_in_the_boot_that_waits_for_a_start(board: Board) -> None:
    board.is_well()
    board.has()
    with pytest.raises(Restart):
        board.installs()
    assert word(board, board.checks())[0] == "good"
    assert board.slots.primary == "B"
    assert board.slots.trial
    assert board.news == []
    assert board.folder.pending is not None


def test_it_waits_for_the_signs_and_says_meanwhile_that_it_looks(board: Board) -> None:
    on_trial(board)
    looked = []

    def passes(_: float) -> None:
        looked.append(runtime.read(board.config.paths.run, "health"))
        if len(looked) == 3:
            board.is_well()

    assert word(board, board.checks(rest=passes, patience=lambda: 60.0))[0] == "good"
    assert [told and (told["state"], told["trial"]) for told in looked] == [("checking", True)] * 3
    told = runtime.read(board.config.paths.run, "health")
    assert told is not None
    assert told["state"] == "good"


def test_without_data_the_slots_are_decided_all_the_same(board: Board) -> None:
    on_trial(board)
    for path in board.folder.path.iterdir():
        path.unlink()
    board.folder.path.rmdir()
    assert word(board, board.checks())[0] == "bad"
    assert (board.restarts, board.starts()) == (1, "A")


def test_a_full_card_keeps_nobody_in_a_bad_system(board: Board) -> None:
    on_trial(board)
    # A folder in the way is refused to everybody, root too.
    (board.folder.path / "pending.json.new").mkdir()
    board.checks()
    (board.folder.path / "pending.json.new").rmdir()
    assert (board.restarts, board.starts()) == (1, "A")


def test_a_machine_without_slots_says_its_line_and_no_more(board: Board) -> None:
    board.is_well()
    line = board.checks(script=["/does/not/exist"])
    assert line.startswith("escale: health good slot=none")


def test_what_the_disk_was_given_is_counted(tmp_path: Path) -> None:
    (tmp_path / "mmcblk0").mkdir()
    # As a card's: reads, merges, sectors, ms, writes, merges, sectors, ms…
    (tmp_path / "mmcblk0" / "stat").write_text(
        "    4211     1288   331634     9876      322      205     6348     2345  0 5000 12000\n"
    )
    (tmp_path / "disk").symlink_to(tmp_path / "dev" / "mmcblk0")
    assert written(tmp_path / "disk", tmp_path) == pytest.approx(6348 / 2048)
    assert written(tmp_path / "none", tmp_path) == -1.0


def test_a_power_cut_after_it_was_told_tells_it_under_the_same_name(board: Board) -> None:
    on_trial(board)
    board.is_well()
    board.folder.path.joinpath("judged.json.new").mkdir()
    board.checks()
    (first,) = board.news
    board.folder.path.joinpath("judged.json.new").rmdir()
    board.checks()
    assert board.news == [first]
    assert board.folder.pending is None


def test_a_slow_machine_is_waited_for_as_long_as_its_kernels_line_says(tmp_path: Path) -> None:
    line = tmp_path / "line"
    for said, expected in (("quiet", PATIENCE), ("escale.patience=900 quiet", 900.0),
                           ("escale.patience=long", PATIENCE)):  # fmt: skip
        line.write_text(f"ro {said}\n")
        assert patience(line) == expected


def test_a_new_system_that_falls_and_rises_is_not_well_for_its_good_moments(board: Board) -> None:
    on_trial(board)
    board.is_well()
    seconds, looks = [0.0], []

    def passes(_: float) -> None:
        seconds[0] += 7.0
        looks.append(seconds[0])
        board.says("screen", at="welcome", quiet=9.0, drawn=len(looks) % 3)

    line = board.checks(rest=passes, now=lambda: seconds[0], patience=lambda: 60.0, steady=20.0)
    assert line.startswith("escale: health bad slot=B")
    assert seconds[0] >= 60.0
    assert board.restarts == 1


def test_old_news_goes_when_newer_comes(board: Board) -> None:
    for number in range(12):
        told = Told(id=f"{number:016x}", version=f"0.5.{number:02}", outcome="applied")
        board.folder.tell(told)
    assert [told.version for told in board.news] == [f"0.5.{number:02}" for number in range(4, 12)]


def test_settings_that_the_new_system_cannot_read_keep_nobody_in_it(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = board.path / "damaged.toml"
    damaged.write_text("[unit]\nid = 'of another time'\n")
    seen: list[Paths] = []

    def looks(config: UnitConfig) -> int:
        seen.append(config.paths)
        return 0

    with monkeypatch.context() as patch:
        patch.setattr(health, "run", looks)
        assert cli.main(["--config", str(damaged), "health"]) == 0
    assert seen == [Paths(data=Path("/var/lib/escale"))]
    on_trial(board)
    lacks(board, "frame")
    board.config = health.settings(board.path / "missing.toml")
    board.config = msgspec.structs.replace(
        board.config, paths=Paths(**{name: board.path / name for name in PLACES})
    )
    assert word(board, board.checks())[0] == "bad"
    assert (board.restarts, board.starts()) == (1, "A")


@pytest.mark.parametrize("trial", [True, False])
@pytest.mark.parametrize(
    ("result", "status", "fell"),
    [
        ("exit-code", "1", True), ("timeout", "TERM", True), ("oom-kill", "KILL", True),
        ("signal", "SEGV", True), ("success", "0", False), ("signal", "TERM", False),
    ],
)  # fmt: skip
def test_a_check_that_falls_gives_a_system_on_trial_up(
    board: Board, result: str, status: str, *, fell: bool, trial: bool
) -> None:
    """Nobody else would: the new system's screen may be what the check fell over, too."""
    if trial:
        on_trial(board)
    before, script, restart = board.slots, board.path / "escale-slots", board.path / "restart"
    script.write_text(f'#!/bin/sh\nexec {shlex.join(board.script)} "$@"\n')
    script.chmod(0o755)
    unit = (ROOT / "systemd/escale-health.service.d/single.conf").read_text()
    (words,) = re.findall(r"ExecStopPost=-/usr/bin/sh -c '(.*)'", unit)
    words = words.replace("/opt/escale/bin/escale-slots", str(script))
    words = words.replace("/usr/bin/systemctl --no-block reboot", f"touch {restart}")
    told = {"SERVICE_RESULT": result, "EXIT_STATUS": status}
    subprocess.run(["/bin/sh", "-c", words], env=told, check=False)
    is_given_up = trial and fell
    assert restart.exists() == is_given_up
    assert board.slots == (before.bad("B") if is_given_up else before)
