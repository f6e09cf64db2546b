"""Who gets a new system next, and when nobody does, whatever units report."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from federation.updates import waves
from federation.updates.waves import HOUR, SETTLE, SILENCE, Row, Seen, Step, Word

NOW = 1_780_000_000_000
NEW, OLD = "0.5.1", "0.5.0"
WORDS = st.builds(
    Word,
    heard=st.sampled_from([None, NOW, NOW - SILENCE - 1]),
    said=st.sampled_from([None, NOW - SILENCE - 1, NOW - HOUR, NOW]),
    version=st.sampled_from([OLD, NEW]),
    troubles=st.frozensets(st.sampled_from(["gps", "disk"])),
    outcome=st.sampled_from(["", "", "applied", "refused", "rolled_back"]),
)


def unit(name: str, row: Row | None = None, **word: object) -> Seen:
    usual = {"heard": NOW, "said": NOW, "version": OLD}
    return Seen(row or Row(name), Word(**(usual | word)))  # type: ignore[arg-type]


def told(name: str, wave: int = 1, **more: object) -> Row:
    return Row(name, told=NOW - 3 * SETTLE, revision=3, wave=wave)._replace(**more)


def passed(name: str, wave: int = 1) -> Row:
    return told(name, wave, applied=NOW - 2 * SETTLE, passed=NOW - SETTLE)


def fleet(*begun: Seen, of: int = 12) -> list[Seen]:
    return [*begun, *(unit(f"van-{number:02}") for number in range(len(begun), of))]


def decide(units: Sequence[Seen]) -> Step:
    return waves.decide(units, NEW, NOW)


def observed(row: Row, **word: object) -> Row:
    return waves.observe(row, unit("", **word).word, NEW, NOW)


class TestWaves:
    def test_the_first_unit_is_told_alone(self) -> None:
        assert decide(fleet()) == Step(1, ("van-00",))

    def test_nobody_else_is_told_before_it_lives_well(self) -> None:
        assert decide(fleet(unit("a", told("a")))) == Step(1)
        assert decide(fleet(unit("a", told("a", applied=NOW)))) == Step(1)
        assert decide(fleet(unit("a", told("a"), version=NEW))) == Step(1)

    def test_five_follow_it_then_all(self) -> None:
        assert decide(fleet(unit("a", passed("a")))).tell == (
            "van-01", "van-02", "van-03", "van-04", "van-05",
        )  # fmt: skip
        six = [unit(f"u{n}", passed(f"u{n}", 1 if n == 0 else 2)) for n in range(6)]
        assert decide(fleet(*six)) == Step(3, tuple(f"van-{n:02}" for n in range(6, 12)))

    def test_the_last_wave_waits_for_each_of_the_five(self) -> None:
        five = [unit(f"u{n}", passed(f"u{n}", 2)) for n in range(4)]
        slow = unit("slow", told("slow", 2))
        assert decide(fleet(unit("a", passed("a")), *five, slow)) == Step(2)

    def test_statuses_that_say_the_others_run_it_do_not_open_the_last_for_them(self) -> None:
        silent = unit("s", heard=None)
        said = [unit(f"van-{n:02}", version=NEW) for n in range(9)]
        last = decide([unit("a", passed("a")), *said, silent])
        assert last == Step(3, ("s",))
        after = [unit("a", passed("a")), unit("s", told("s", 3), heard=None), *fleet()]
        assert decide(after) == Step(2, tuple(f"van-{n:02}" for n in range(5)))

    def test_all_are_through_when_all_passed_or_ran_it_before(self) -> None:
        assert decide([unit("a", passed("a")), unit("b", version=NEW)]) == Step(2 + 1, done=True)
        assert not decide([unit("a", passed("a")), unit("b", told("b", 3))]).done

    def test_a_fleet_that_runs_it_already_is_told_nothing(self) -> None:
        assert decide([unit("a", version=NEW), unit("b", version=NEW)]) == Step(3, done=True)


class TestStopping:
    def test_the_first_failure_stops_everything_in_any_wave(self) -> None:
        for how in ("refused", "rolled_back", "trouble"):
            bad = unit("b", told("b", 2, failed=how, reason="why"))
            stop = decide(fleet(unit("a", passed("a")), bad))
            assert stop == Step(2, stop=how, unit="b", reason="why")  # type: ignore[arg-type]

    def test_an_event_tells_of_a_failure(self) -> None:
        for how in ("refused", "rolled_back"):
            row = observed(told("a"), outcome=how, reason="no room")
            assert (row.failed, row.reason) == (how, "no room")

    def test_a_document_that_it_does_not_take_is_a_failure(self) -> None:
        assert observed(told("a"), refused=(3, "unknown kind")).failed == "refused"
        assert observed(told("a"), refused=(2, "an older one")).failed == ""
        assert observed(told("a", revision=0)).failed == ""

    def test_the_old_system_long_after_the_new_one_is_a_failure(self) -> None:
        assert observed(told("a", applied=NOW - SETTLE)).failed == "rolled_back"
        assert observed(told("a", applied=NOW - SETTLE + 1)).failed == ""
        gone = observed(passed("a"))
        assert gone.failed == "rolled_back"
        assert decide(fleet(unit("a", gone))).stop == "rolled_back"

    def test_a_trouble_that_it_did_not_have_is_a_failure(self) -> None:
        row = told("a", applied=NOW - SETTLE, before=frozenset({"gps"}))
        assert observed(row, version=NEW, troubles=frozenset({"gps"})).failed == ""
        found = observed(row, version=NEW, troubles=frozenset({"gps", "disk"}))
        assert (found.failed, found.reason) == ("trouble", "disk")
        soon = row._replace(applied=NOW - SETTLE + 1)
        assert observed(soon, version=NEW, troubles=frozenset({"disk"})).failed == ""

    def test_a_word_soon_after_is_no_proof_that_it_lives_well(self) -> None:
        word = {"version": NEW, "outcome": "applied"}
        assert observed(told("a", applied=NOW - SETTLE + 1), **word).passed is None
        assert observed(told("a", applied=NOW - SETTLE), **word).passed == NOW

    def test_a_status_alone_shows_and_proves_nothing(self) -> None:
        for row in (told("a"), told("a", applied=NOW - 2 * SETTLE)):
            assert observed(row, version=NEW) == row
            assert waves.standing(unit("a", row, version=NEW), NEW, NOW) == "applied"
        before = unit("a", told("a"), version=NEW, said=NOW - 4 * SETTLE)
        assert waves.standing(before, NEW, NOW) == "told"

    def test_its_hour_begins_when_its_event_came(self) -> None:
        row = observed(told("a"), version=NEW, outcome="applied", came=NOW - HOUR // 2)
        assert (row.applied, row.passed) == (NOW - HOUR // 2, None)
        assert observed(row, version=NEW, outcome="applied").passed is None


class TestSilence:
    def test_a_silent_unit_does_not_block_for_ever(self) -> None:
        gone = unit("a", told("a"), heard=NOW - SILENCE - 1)
        assert decide(fleet(gone)) == Step(1, ("van-01",))

    def test_it_does_not_count_as_one_that_passed(self) -> None:
        assert decide([unit("a", told("a"), heard=NOW - SILENCE - 1)]) == Step(3)
        gone = unit("b", told("b", 2), heard=NOW - SILENCE - 1)
        assert len(decide(fleet(unit("a", passed("a")), gone)).tell) == 5

    def test_a_unit_that_is_silent_already_is_told_last(self) -> None:
        assert decide([unit("a", heard=None), *fleet()]) == Step(1, ("van-00",))
        assert decide([unit("a", heard=None)]) == Step(1)
        assert decide([unit("a", heard=None), unit("b", passed("b"))]) == Step(3, ("a",))

    def test_more_that_fell_silent_than_passed_want_somebody(self) -> None:
        since = NOW - SILENCE - 1
        rows = [Row(name, told=since - HOUR, wave=2) for name in ("b", "c")]
        lost = [unit(row.unit, row, heard=since) for row in rows]
        stop = decide(fleet(unit("a", passed("a")), *lost))
        assert (stop.stop, stop.unit) == ("silent", "b")
        before = [unit(row.unit, row, heard=since - 2 * HOUR) for row in rows]
        assert decide(fleet(unit("a", passed("a")), *before)).stop == ""


class TestResuming:
    def resumed(self, row: Row, *, retry: bool, **word: object) -> Row:
        return waves.resume(unit("", row, **word), NEW, NOW, retry=retry)

    def test_whoever_failed_is_left_aside_and_the_others_go_on(self) -> None:
        row = self.resumed(told("b", 2, failed="refused"), retry=False)
        assert decide(fleet(unit("a", passed("a")), unit("b", row))).tell[0] == "van-02"

    def test_or_is_tried_again(self) -> None:
        row = self.resumed(told("b", 2, failed="refused"), retry=True)
        assert row == Row("b")

    def test_a_trouble_is_looked_at_again(self) -> None:
        row = told("b", 2, applied=NOW - SETTLE, failed="trouble")
        again = self.resumed(row, retry=True)
        assert observed(again, version=NEW, outcome="applied").passed == NOW

    def test_one_that_fell_silent_is_left_aside(self) -> None:
        assert self.resumed(told("b"), retry=True, heard=None).aside

    def test_what_was_withdrawn_is_told_again(self) -> None:
        row = waves.withdraw(told("b", 2))
        assert decide(fleet(unit("a", passed("a")), unit("b", row), of=3)).tell == ("b", "van-02")

    def test_whoever_runs_it_keeps_what_told_it_so(self) -> None:
        assert not waves.withdraw(passed("a")).withdrawn
        assert not waves.withdraw(told("a", applied=NOW, failed="trouble")).withdrawn
        assert waves.withdraw(told("a", applied=NOW, failed="rolled_back")).withdrawn
        assert not waves.withdraw(Row("a")).withdrawn


def fresh(word: Word, now: int) -> Word:
    """The same word, said at this moment."""
    heard = now if word.heard == NOW else word.heard
    return word._replace(heard=heard, said=now if word.said else None)


@given(st.lists(WORDS, min_size=1, max_size=14), st.lists(st.integers(0, 13), max_size=40))
def test_never_are_more_at_work_than_their_wave_allows(words: list[Word], moves: list[int]) -> None:
    """Whatever happens, in whatever order: bounds, the first failure, one and the same answer."""
    units = [Seen(Row(f"u{n:02}"), word) for n, word in enumerate(words)]
    now = NOW
    for move in (0, *moves):
        now += HOUR
        index = move % len(units)
        word = words[move % len(words)]
        units[index] = Seen(units[index].row, fresh(word, now))
        units = [Seen(waves.observe(s.row, s.word, NEW, now), s.word) for s in units]
        before = [waves.standing(seen, NEW, now) for seen in units]
        step = waves.decide(units, NEW, now)
        assert step == waves.decide(units, NEW, now)
        failed = [s for s, how in zip(units, before, strict=True) if s.row.failed]
        assert bool(step.stop) or not failed
        if step.stop:
            assert step.tell == ()
            return
        assert list(step.tell) == sorted(step.tell), "in their order"
        busy = sum(how in ("told", "applied") for how in before)
        size = waves.SIZES[step.wave - 1]
        if size is None:
            assert "passed" in before or not step.tell
        elif step.tell:
            assert busy + len(step.tell) <= size
        units = [
            Seen(waves.tell(s, step.wave, now), s.word) if s.row.unit in step.tell else s
            for s in units
        ]
        assert not step.done or step.tell == ()
