"""A bundle that came is written when nobody is there, and tried; or refused, in one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance import runtime
from appliance.errors import OperatorError
from appliance.journal.schema import VERSION
from appliance.update import bundles, calm
from appliance.update.bundles import Manifest, Meta, _Update
from appliance.update.facts import Judgement, Wanted
from appliance.update.folder import Folder
from appliance.update.install import Edges, Installing
from appliance.update.slots import Slots
from tests.appliance.update.unit import Board, Restart


@pytest.fixture
def board(tmp_path: Path) -> Board:
    board = Board(tmp_path)
    board.is_well()
    return board


def installed(board: Board, **edges: Any) -> None:
    with pytest.raises(Restart):
        board.installs(**edges)


def while_it_is_written(board: Board, happens: Callable[[], None], **edges: Any) -> None:
    """Something happens as soon as RAUC is under way."""
    told: dict[str, Any] = {
        "release": lambda: board.release, "rauc": board.rauc, "current": lambda: board.current,
        "rest": board.passes, **edges,
    }  # fmt: skip
    installing = Installing(board.config, Edges(**told))
    happened: list[str] = []
    say = installing.say

    def says(state: str, **word: Any) -> None:
        say(state, **word)
        if state == "installing" and not happened:
            happened.append(state)
            happens()

    installing.say = says  # type: ignore[method-assign]
    installing.run()


def last_word(board: Board) -> dict[str, Any]:
    told = runtime.read(board.config.paths.run, "update")
    assert told is not None
    return told


def test_a_bundle_is_written_and_the_unit_asked_to_start_into_it(board: Board) -> None:
    digest = board.has()
    installed(board)
    assert board.slots.primary == "B"
    assert board.slots.is_tried("B")
    pending = board.folder.pending
    assert pending is not None
    assert (pending.version, pending.slot, pending.state) == ("0.5.1", "B", "installed")
    assert (pending.digest, pending.revision) == (digest, 4)
    assert board.folder.came("bundle.raucb") is None
    assert board.news == []
    assert last_word(board)["state"] == "restarting"
    assert last_word(board)["waiting"] == "0.5.1"


def test_nothing_that_came_is_nothing_to_do(board: Board) -> None:
    board.installs()
    assert board.folder.pending is None


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ({"vehicle": {"duty": "on"}}, "duty"),
        ({"vehicle": {"duty": "paused"}}, "duty"),
        ({"vehicle": {"duty": "off", "battery_low": True}}, "battery"),
        ({"screen": {"at": "reasons", "quiet": 20.0, "help": None}}, "somebody"),
        ({"screen": {"at": "welcome", "quiet": 20.0, "help": None}}, "somebody"),
        ({"screen": {"at": "welcome", "quiet": 900.0, "help": 12}}, "somebody"),
    ],
    ids=["duty", "pause", "battery", "visitor", "just-left", "help"],
)
def test_it_waits_while_it_is_not_the_time(
    board: Board, word: dict[str, dict[str, Any]], why: str
) -> None:
    board.has()
    waited = []

    def passes(_: float) -> None:
        told = last_word(board)
        waited.append((told["state"], told["why"], board.slots.primary))
        if len(waited) == 3:
            raise Restart

    for process, said in word.items():
        board.says(process, **said)
    installed(board, rest=passes)
    assert waited == [("waiting", why, "A")] * 3


def test_who_comes_while_it_is_written_is_not_sent_away_by_a_start(board: Board) -> None:
    board.has()
    waited = []

    def passes(_: float) -> None:
        waited.append(last_word(board)["state"])
        board.passes(_)
        if len(waited) == 3:
            board.is_well()

    board.says("screen", at="welcome", quiet=900.0, help=None)
    with pytest.raises(Restart):
        while_it_is_written(
            board, lambda: board.says("screen", at="reasons", quiet=1.0, help=None), rest=passes
        )
    assert waited == ["waiting", "waiting", "waiting", "restarting"]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ({"signer": "somebody"}, "not signed by the release key that this card trusts"),
        ({"compatible": "escale-pi5"}, "it is for escale-pi5, this is escale-arm64"),
        ({"journal": "0"}, "it reads journals up to 1, those on board are of 2: too old"),
        ({"version": ""}, "does not say which version"),
        ({"fails": "No space left"}, "it could not be written: No space left"),
    ],
    ids=["signature", "board", "journals", "nameless", "write"],
)
def test_what_does_not_fit_is_refused_told_once_and_never_tried_again(
    board: Board, says: dict[str, Any], reason: str
) -> None:
    board.has(**says)
    for _ in range(2):
        board.installs()
        board.has(**says)
    (told,) = board.news
    assert told.outcome == "refused"
    assert reason in told.reason
    assert board.slots.primary == "A"
    board.installs()
    assert board.folder.pending is None
    assert board.folder.came("bundle.raucb") is None


def test_published_again_it_is_tried_again(board: Board) -> None:
    digest = board.has(fails="a card that was full")
    board.installs()
    assert board.folder.is_over(digest, 4)
    assert not board.folder.is_over(digest, 5)


def test_what_is_running_already_is_put_away_without_a_word(board: Board) -> None:
    digest = board.has(version="0.5.0", build="abc")
    board.installs()
    assert board.news == []
    assert board.folder.judged[digest] == Judgement(version="0.5.0", outcome="applied", revision=4)
    assert board.folder.pending is None


def test_another_build_of_the_same_version_is_another_system(board: Board) -> None:
    board.has(version="0.5.0", build="xyz")
    installed(board)
    assert board.slots.primary == "B"


def test_what_a_stick_brought_comes_before_what_was_fetched(board: Board) -> None:
    board.has(version="0.5.1")
    board.has("stick.raucb", version="0.5.2")
    installed(board)
    pending = board.folder.pending
    assert pending is not None
    assert pending.version == "0.5.2"
    assert board.folder.came("bundle.raucb") is not None


def test_a_power_cut_while_it_is_written_begins_it_again_and_not_for_ever(board: Board) -> None:
    board.has(cut=True)
    for expected in (1, 2, 3):
        with pytest.raises(KeyboardInterrupt):
            while_it_is_written(board, _power_cut)
        pending = board.folder.pending
        assert pending is not None
        assert (pending.state, pending.tries) == ("installing", expected)
        assert board.starts() == "A"
        board.is_well()
        board.checks()
        assert board.news == []
    board.installs()
    (told,) = board.news
    assert "cut short 3 times" in told.reason
    assert board.folder.pending is None


def _power_cut() -> None:
    raise KeyboardInterrupt


def test_a_power_cut_after_the_slot_was_put_first_is_a_start_on_trial(board: Board) -> None:
    board.has()
    with pytest.raises(KeyboardInterrupt):
        while_it_is_written(board, _power_cut)  # RAUC had come to its end meanwhile
    pending = board.folder.pending
    assert pending is not None
    assert pending.state == "installing"
    assert board.starts() == "B"
    board.is_well()
    board.checks()
    (told,) = board.news
    assert (told.version, told.outcome) == ("0.5.1", "applied")


def test_a_bundle_taken_back_while_it_waits_is_not_written(board: Board) -> None:
    board.has()
    board.says("vehicle", duty="on")
    board.installs(rest=lambda _: board.folder.forget("bundle.raucb"))
    assert board.slots.primary == "A"
    assert (board.folder.pending, board.news) == (None, [])


def test_a_stick_that_comes_while_another_is_written_is_kept_for_afterwards(board: Board) -> None:
    board.has("stick.raucb")
    newer: list[str] = []
    with pytest.raises(Restart):
        while_it_is_written(
            board, lambda: newer.append(board.has("stick.raucb", version="0.5.2", build="ghi"))
        )
    came = board.folder.came("stick.raucb")
    assert came is not None
    assert [came.digest] == newer


STOPPED = Wanted(revision=5)
ANOTHER = Wanted(version="0.5.2", digest="cd" * 32, revision=5)


def waits_for_its_start(board: Board) -> str:
    """It is written; somebody is there. The digest."""
    digest = board.has()
    board.folder.want(Wanted(version="0.5.1", digest=digest, revision=4))
    with pytest.raises(KeyboardInterrupt):
        while_it_is_written(board, lambda: board.says("vehicle", duty="on"), rest=_ends)
    assert board.slots.primary == "B"
    return digest


def _ends(_: float) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("wanted", [STOPPED, ANOTHER], ids=["nothing", "another"])
def test_a_system_that_is_not_wanted_any_more_is_not_started(board: Board, wanted: Wanted) -> None:
    digest = waits_for_its_start(board)
    board.folder.want(wanted)
    board.installs()
    assert board.slots == Slots(("A", "B"), {"A": 2, "B": 0}, trial=False)
    assert (board.folder.pending, board.news) == (None, [])
    assert digest not in board.folder.judged
    assert last_word(board)["state"] == "idle"
    assert board.starts() == "A"
    board.is_well()
    board.checks()
    assert board.news == []


def test_a_stop_that_comes_while_it_waits_is_heard(board: Board) -> None:
    waits_for_its_start(board)
    board.installs(rest=lambda _: board.folder.want(STOPPED), now=iter(range(0, 999, 61)).__next__)
    assert board.slots.primary == "A"


def test_one_that_cannot_be_taken_back_is_not_started_by_us_and_stays_noted(board: Board) -> None:
    waits_for_its_start(board)
    board.folder.want(STOPPED)
    board.says("vehicle", duty="off")
    states = []

    def passes(_: float) -> None:
        states.append(last_word(board)["state"])
        board.passes(_)
        if len(states) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        board.installs(rest=passes, rauc=["/does/not/exist"])
    assert states == ["waiting"] * 3
    pending = board.folder.pending
    assert pending is not None
    assert pending.state == "installed"


def test_a_cut_while_it_is_taken_back_is_no_start_that_failed(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits_for_its_start(board)
    board.folder.want(STOPPED)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "drop", lambda *_: _power_cut())
        with pytest.raises(KeyboardInterrupt):
            board.installs()
    assert board.folder.pending is not None
    assert board.starts() == "A"
    board.is_well()
    board.checks()
    board.installs()
    assert board.folder.pending is None
    assert board.news == []
    assert board.slots.primary == "A"


def test_what_a_stick_brought_is_started_whatever_the_federation_wants(board: Board) -> None:
    board.folder.want(STOPPED)
    board.has("stick.raucb")
    installed(board)
    assert board.slots.primary == "B"


def test_a_system_that_runs_already_is_not_taken_back(board: Board) -> None:
    board.has()
    installed(board)
    assert board.starts() == "B"
    board.folder.want(STOPPED)
    with pytest.raises(KeyboardInterrupt):
        board.installs(rest=_ends)
    assert board.slots.primary == "B"
    assert board.folder.pending is not None


@pytest.mark.parametrize("noted", ["checking", "bad", None])
def test_a_system_on_trial_never_writes_over_the_one_before(
    board: Board, noted: str | None
) -> None:
    board.has()
    installed(board)
    assert board.starts() == "B"
    board.folder.pend(None)
    board.has(version="0.5.2")
    board.is_well()
    if noted:
        board.says("health", state=noted, trial=True)
    before = board.slots
    states = []

    def passes(_: float) -> None:
        states.append((last_word(board)["state"], board.slots == before))
        if len(states) == 2:
            board.checks()
        board.passes(_)

    installed(board, rest=passes)
    assert states == [("trying", True), ("trying", True), ("restarting", False)]
    assert board.slots.primary == "A"


def test_a_health_check_that_says_nothing_for_long_is_not_waited_for(board: Board) -> None:
    (board.config.paths.run / "health.json").unlink()
    board.has()
    installed(board, now=iter(range(0, 100_000, 700)).__next__)
    assert board.slots.primary == "B"


def test_a_system_on_trial_gets_its_verdict_before_the_next_one_is_written(board: Board) -> None:
    board.has()
    installed(board)
    assert board.starts() == "B"
    board.is_well()
    board.has(version="0.5.2")
    states = []

    def passes(_: float) -> None:
        states.append(last_word(board)["state"])
        if len(states) == 2:
            board.checks()
        board.passes(_)

    board.release = board.release._replace(version="0.5.1", build="def")
    installed(board, rest=passes)
    assert states == ["trying", "trying", "restarting"]
    assert board.slots.primary == "A"


def test_a_machine_that_was_not_started_from_a_slot_says_so(board: Board) -> None:
    board.line.write_text("root=/dev/sda1\n")
    with pytest.raises(OperatorError, match="not started from a slot"):
        board.installs()


@pytest.mark.parametrize(("journal", "on_board", "fits"), [
    ("2", 2, True), ("2", 3, True), ("2", 4, False), ("5", 2, True), ("", 3, True), ("", 4, False),
])  # fmt: skip
def test_a_system_reads_journals_one_version_newer_than_its_own(
    journal: str, on_board: int, fits: bool
) -> None:
    update = _Update(version="1", compatible="escale-arm64")
    manifest = Manifest(update=update, meta={"escale": Meta(journal=journal)})
    assert (bundles.misfit(manifest, on_board) == "") is fits


def test_the_journals_of_a_system_that_was_rolled_back_count(board: Board) -> None:
    data = board.config.paths.data
    assert bundles.journals_of(data) == VERSION
    head = bytearray((data / "vehicle.db").read_bytes())
    head[60:64] = (VERSION + 1).to_bytes(4, "big")
    (data / "screen.db").write_bytes(head)
    (data / "cli.db").write_bytes(b"short")
    assert bundles.journals_of(data) == VERSION + 1


def test_a_unit_that_says_nothing_may_be_mended() -> None:
    assert calm.postponed(None, None) == ""
    assert calm.postponed(None, {"duty": "on"}) == "duty"
    assert calm.postponed({"at": "new_unit", "quiet": 400.0}, None) == ""
    assert calm.postponed({"at": "new_unit", "quiet": 100.0}, None) == "somebody"
    assert calm.postponed({"at": "welcome"}, None) == "somebody"
