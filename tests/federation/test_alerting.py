"""Alerts: a delay before, quiet after, unknown changes nothing, one storm is one alert."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation import alert_network, alerting
from federation.alerting import DAY, HOUR, MINUTE, RHYTHMS, Alert, Key, Look, Verdict, usual_delay

START = 1_790_000_000_000


class Watch:
    """Alerting as the site runs it: live ones in, live and ended ones out."""

    def __init__(self) -> None:
        self.held: dict[Key, Alert] = {}
        self.told: list[tuple[str, str, str]] = []
        """(subject, kind, opened or closed), as a digest would tell them: not those folded."""
        self.now = START

    def step(self, *looks: Look, after: int = 0) -> None:
        self.now += after
        found = alert_network.step(
            alerting.step(self.held, looks, usual_delay, self.now), looks, usual_delay, self.now
        )
        for key, alert in found.items():
            before = self.held.get(key)
            was_told = before is not None and before.state == "open" and before.under is None
            if alert.state == "open" and alert.under is None and not was_told:
                self.told.append((*key, "opened"))
            if alert.state == "closed" and was_told:
                self.told.append((*key, "closed"))
        self.held = {key: alert for key, alert in found.items() if alert.is_live}

    def open(self) -> set[Key]:
        return {key for key, alert in self.held.items() if alert.state == "open"}


def look(
    verdict: Verdict, subject: str = "v1", kind: alerting.Kind = "silence", **more: object
) -> Look:
    return Look(subject, kind, str(more.pop("territory", "nord")), verdict, **more)  # type: ignore[arg-type]


def test_a_trouble_is_told_after_its_delay_and_over_after_a_while_of_quiet() -> None:
    watch = Watch()
    watch.step(look("wrong"))
    watch.step(look("wrong"), after=14 * MINUTE)
    assert not watch.told
    watch.step(look("wrong"), after=MINUTE)
    assert watch.told == [("v1", "silence", "opened")]
    watch.step(look("fine"), after=MINUTE)
    watch.step(look("fine"), after=4 * MINUTE)
    assert watch.open()
    watch.step(look("fine"), after=MINUTE)
    assert watch.told == [("v1", "silence", "opened"), ("v1", "silence", "closed")]


def test_a_trouble_that_goes_before_its_delay_was_never_one() -> None:
    watch = Watch()
    watch.step(look("wrong"))
    watch.step(look("fine"), after=14 * MINUTE)
    watch.step(look("wrong"), after=MINUTE)
    watch.step(look("wrong"), after=14 * MINUTE)
    assert not watch.told


def test_coming_and_going_is_one_alert() -> None:
    watch = Watch()
    watch.step(look("wrong"))
    watch.step(look("wrong"), after=HOUR)
    for _ in range(100):
        watch.step(look("fine"), after=2 * MINUTE)
        watch.step(look("wrong"), after=2 * MINUTE)
    assert watch.told == [("v1", "silence", "opened")]


def test_what_cannot_be_known_changes_nothing() -> None:
    watch = Watch()
    watch.step(look("wrong", kind="disk"))
    watch.step(look("wrong", kind="disk"), after=HOUR)
    for _ in range(10):
        watch.step(look("unknown", kind="disk"), after=DAY)
    assert watch.open() == {("v1", "disk")}


def test_planned_silence_is_never_an_alert() -> None:
    watch = Watch()
    for _ in range(1000):
        watch.step(look("planned"), after=HOUR)
    assert not watch.told


def test_a_silence_goes_on_over_a_planned_night_and_ends_with_a_planned_day() -> None:
    watch = Watch()
    watch.step(look("wrong"))
    watch.step(look("wrong"), after=HOUR)
    watch.step(look("planned"), after=HOUR)
    watch.step(look("wrong"), after=15 * HOUR)
    assert watch.told == [("v1", "silence", "opened")]
    watch.step(look("planned"), after=HOUR)
    watch.step(look("planned"), after=DAY)
    assert watch.told[-1] == ("v1", "silence", "closed")


def test_a_backlog_that_falls_waits_anew() -> None:
    watch = Watch()
    for waiting in range(100_000, 1000, -1000):
        watch.step(look("wrong", kind="backlog", value=waiting), after=10 * MINUTE)
    assert not watch.told
    for waiting in range(1000, 9000, 1000):
        watch.step(look("wrong", kind="backlog", value=waiting), after=10 * MINUTE)
    assert watch.told == [("v1", "backlog", "opened")]


def region(count: int, verdict: Verdict, territory: str = "nord") -> list[Look]:
    return [look(verdict, f"{territory}{n}", territory=territory) for n in range(count)]


def test_a_region_that_loses_its_network_is_one_alert() -> None:
    watch = Watch()
    watch.step(*region(12, "fine"))
    for minute in range(12):
        watch.step(*region(minute + 1, "wrong"), after=MINUTE)
    watch.step(*region(12, "wrong"), after=HOUR)
    assert watch.told == [("t:nord", "network", "opened")]
    assert len(alert_network_folded(watch)) == 12
    watch.step(*region(12, "fine"), after=HOUR)
    watch.step(*region(12, "fine"), after=HOUR)
    assert watch.told == [("t:nord", "network", "opened"), ("t:nord", "network", "closed")]


def alert_network_folded(watch: Watch) -> list[Alert]:
    return [alert for alert in watch.held.values() if alert.under == ("t:nord", "network")]


def test_the_one_that_stays_silent_when_the_network_is_back_is_told_afterwards() -> None:
    watch = Watch()
    watch.step(*region(6, "wrong"))
    watch.step(*region(6, "wrong"), after=HOUR)
    for _ in range(4):
        watch.step(look("wrong", "nord0"), *region(6, "fine")[1:], after=20 * MINUTE)
    assert watch.told == [
        ("t:nord", "network", "opened"),
        ("t:nord", "network", "closed"),
        ("nord0", "silence", "opened"),
    ]


def test_few_of_many_are_told_one_by_one() -> None:
    watch = Watch()
    for _ in range(3):
        watch.step(*region(3, "wrong"), *region(30, "fine")[3:], after=HOUR)
    assert {subject for subject, _, _ in watch.told} == {"nord0", "nord1", "nord2"}


def test_silences_of_different_hours_are_told_one_by_one() -> None:
    watch = Watch()
    for count in range(1, 5):
        watch.step(*region(count, "wrong"), *region(4, "fine")[count:], after=HOUR)
    watch.step(*region(4, "wrong"), after=HOUR)
    assert {subject for subject, _, _ in watch.told} == {"nord0", "nord1", "nord2", "nord3"}


def test_a_silence_long_after_the_network_went_is_one_of_its_own() -> None:
    watch = Watch()
    watch.step(*region(3, "wrong"), *region(5, "fine")[3:])
    watch.step(*region(3, "wrong"), *region(5, "fine")[3:], after=HOUR)
    watch.step(*region(4, "wrong"), *region(5, "fine")[4:], after=10 * HOUR)
    watch.step(*region(4, "wrong"), *region(5, "fine")[4:], after=HOUR)
    assert watch.told == [("t:nord", "network", "opened"), ("nord3", "silence", "opened")]


def test_an_operator_that_fails_everywhere_is_one_alert() -> None:
    everywhere = [look("wrong", f"v{n}", territory=f"t{n // 2}") for n in range(20)]
    watch = Watch()
    watch.step(*everywhere)
    watch.step(*everywhere, after=HOUR)
    assert watch.told == [("f", "network", "opened")]


def test_alerts_of_a_week_are_as_many_as_its_troubles() -> None:
    """12 vehicles, every two minutes: nights, flapping links, a lost region, one dead van."""
    watch = Watch()
    for minute in range(0, 7 * 24 * 60, 2):
        watch.step(*_moment(minute), after=2 * MINUTE)
    opened = [(subject, kind) for subject, kind, what in watch.told if what == "opened"]
    assert sorted(opened) == [
        ("t:sud", "network"), ("v3", "silence"), ("v5", "disk"), ("v7", "backlog"),
    ]  # fmt: skip
    assert len(watch.told) <= 2 * len(opened)


def _moment(minute: int) -> Iterable[Look]:
    day, of_day = divmod(minute, 24 * 60)
    works = 9 * 60 <= of_day < 18 * 60 and day < 5
    for number in range(12):
        territory = ("nord", "sud", "est")[number % 3]
        out = (
            (territory == "sud" and day == 2 and 600 <= of_day < 780)
            or (number == 3 and day >= 1)
            or (minute * 7 + number * 13) % 31 < 4  # a link that comes and goes all day
        )
        verdict: Verdict = ("wrong" if out else "fine") if works else "planned"
        yield look(verdict, f"v{number}", territory=territory)
        seen = works and not out
        full = number == 5 and (day >= 3 or (day == 1 and of_day < 545))
        yield look(_of(seen, full), f"v{number}", "disk", territory=territory)
        waiting = 400 + of_day if number == 7 and day == 4 and of_day > 600 else 0
        yield look(
            _of(seen, waiting > 0), f"v{number}", "backlog", territory=territory, value=waiting
        )


def _of(seen: bool, wrong: bool) -> Verdict:
    return ("wrong" if wrong else "fine") if seen else "unknown"


VERDICTS = st.sampled_from(("wrong", "fine", "planned", "unknown"))
KINDS = st.sampled_from(sorted(set(RHYTHMS) - {"network", "version"}))


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.lists(st.tuples(st.integers(0, 7), KINDS, VERDICTS))),
        max_size=40,
    )
)
def test_whatever_is_seen_every_alert_has_a_whole_life(
    moments: list[tuple[int, list[tuple[int, alerting.Kind, Verdict]]]],
) -> None:
    watch = Watch()
    first_wrong: dict[Key, int] = {}
    for minutes, seen in moments:
        watch.now += minutes * MINUTE
        looks = [look(verdict, f"v{number}", kind) for number, kind, verdict in seen]
        for each in looks:
            if each.verdict == "wrong":
                first_wrong.setdefault((each.subject, each.kind), watch.now)
        watch.step(*looks)
        for key, alert in watch.held.items():
            assert alert.key == key
            assert alert.since <= watch.now
            assert (alert.state == "open") == (alert.opened is not None)
            if alert.opened is not None:
                assert alert.opened - alert.since >= RHYTHMS[alert.kind].delay
            if key[1] != "network":
                assert alert.since >= first_wrong[key]
            if alert.under is not None:
                assert watch.held[alert.under].kind == "network"
                assert alert.kind == "silence"
    opened = [(s, k) for s, k, what in watch.told if what == "opened"]
    closed = [(s, k) for s, k, what in watch.told if what == "closed"]
    assert all(closed.count(key) <= opened.count(key) for key in closed)


@given(st.integers(1, 40), st.integers(0, 14))
def test_however_many_fall_silent_together_they_are_few_alerts(count: int, spread: int) -> None:
    watch = Watch()
    watch.step(*region(count, "fine"))
    for minute in range(spread + 1):
        part = count * (minute + 1) // (spread + 1)
        watch.step(*region(part, "wrong"), *region(count, "fine")[part:], after=MINUTE)
    for _ in range(4):
        watch.step(*region(count, "wrong"), after=30 * MINUTE)
    assert len(watch.told) <= (1 if count >= alert_network.AT_LEAST else count)


@pytest.mark.parametrize("kind", sorted(RHYTHMS))
def test_every_kind_has_words(kind: str) -> None:
    from federation.alert_words import TITLES

    assert TITLES[kind]
