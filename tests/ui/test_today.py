"""The day as staff see it: what became of each visit, what counts, what is left to be done."""

import pytest

from appliance.journal import Entry
from protocol.event import Event, Key
from protocol.incidents import HelpRequested
from protocol.stop_fold import Stop
from protocol.stops import Arrived, Corrected, Departed
from protocol.visits import Cancelled, CheckedIn, Described, Left, Received, Tally
from protocol.workshops import Cancelled as GivenBack
from protocol.workshops import Changed, SignedUp
from ui.models import closing, describing, home, initials, stopped, tally, today
from ui.models.describing import Draft
from ui.models.stopped import Stops
from ui.models.today import Today

MINUTE = 60_000


def entries(*events: Event, every: int = MINUTE) -> list[Entry]:
    """Kept one a minute, in one boot that knows no clock."""
    return [
        Entry(Key(1, seq), event.TYPE, event, "boot", seq * every, None)
        for seq, event in enumerate(events, 1)
    ]


def came(number: int, door: str = "logement", **told: object) -> CheckedIn:
    return CheckedIn(number=number, door=door, theme=door, **told)


def day(*events: Event) -> Today:
    return today.fold(entries(*events), boot_id="boot")


def numbers(visits: tuple[today.Visit, ...]) -> list[int]:
    return [visit.number for visit in visits]


FIRST, SECOND = Key(1, 1), Key(1, 2)
TOLD = Described(visit=FIRST, source="staff", themes=("logement",), duration_minutes=30)


# What became of each


def test_whoever_was_received_or_went_away_waits_no_more() -> None:
    seen = day(came(1), came(2), came(3), Received(visit=FIRST), Left(visit=SECOND))
    assert numbers(seen.waiting(trial=False)) == [3]
    assert [visit.state for visit in seen.visits] == ["received", "left", "waiting"]


def test_a_check_in_struck_out_counts_and_is_shown_nowhere() -> None:
    seen = day(came(1), came(2), Cancelled(visit=FIRST, reason="mistake"))
    assert numbers(seen.counted) == numbers(seen.shown(trial=False)) == [2]


def test_a_rehearsal_is_seen_while_one_is_on_and_counts_never() -> None:
    seen = day(came(1), came(2, trial=True), Tally(theme="x", counts={}, trial=True))
    assert numbers(seen.waiting(trial=True)) == [2]
    assert numbers(seen.waiting(trial=False)) == numbers(seen.counted) == [1]
    assert seen.tallies == ()


@pytest.mark.parametrize(
    "word",
    [
        Received(visit=FIRST, trial=True),
        Left(visit=FIRST, trial=True),
        Cancelled(visit=FIRST, reason="mistake", trial=True),
        Described(visit=FIRST, source="staff", people=4, trial=True),
    ],
)
def test_what_is_said_in_a_rehearsal_changes_no_real_visit(word: Event) -> None:
    before, after = day(came(1)), day(came(1), word)
    assert after.visits == before.visits
    assert after.last_told is None
    assert day(came(1, trial=True), word).visits != day(came(1, trial=True)).visits


def test_visits_to_note_are_those_nobody_described_the_received_ones_first() -> None:
    seen = day(came(1), came(2), came(3), Received(visit=SECOND), TOLD)
    assert numbers(seen.to_note(trial=False)) == [2, 3]
    assert seen.last_told == TOLD


def test_what_a_visitor_said_is_no_description_of_staff() -> None:
    said = Described(visit=FIRST, source="visitor", people=3)
    (visit,) = day(came(1), said).visits
    assert (visit.told, visit.people, visit.is_open) == (None, 3, True)


def test_how_long_ago_needs_no_clock_within_a_boot() -> None:
    (visit,) = day(came(1)).visits
    assert today.minutes_since(visit, "boot", 13 * MINUTE, None) == 12
    assert today.minutes_since(visit, "another", 13 * MINUTE, None) is None


def test_help_asked_for_in_another_boot_is_over() -> None:
    asked = entries(HelpRequested())
    assert today.fold(asked, boot_id="boot").help_at == MINUTE
    assert today.fold(asked, boot_id="another").help_at is None


# Where


def stops(*events: Event) -> Stops:
    return stopped.fold([entries(*events)], lambda entry: entry.boottime)


def test_stops_have_a_name_and_hours() -> None:
    seen = stops(
        Arrived(source="gps", name="Place", ago=MINUTE), Departed(source="gps", stop=FIRST)
    )
    (stop,) = seen.stops
    assert (stop.id, stop.name, stop.arrived, stop.departed) == (FIRST, "Place", 0, 2 * MINUTE)


def test_a_stop_that_was_the_one_before_counts_as_it() -> None:
    one, other = Arrived(source="gps", name="Place"), Arrived(source="gps", name="Rue")
    seen = stops(one, other, Corrected(stop=SECOND, merged_into=FIRST))
    assert [stop.id for stop in seen.stops] == [FIRST]
    assert seen.of(SECOND) == FIRST
    counted = home.by_stop(day(came(1, stop=FIRST), came(2, stop=SECOND)), seen, "")
    assert counted == [home.Line("Place", 2)]


def test_a_stop_that_was_none_is_not_told() -> None:
    assert stops(Arrived(source="gps"), Corrected(stop=FIRST, cancelled=True)).stops == ()


def test_two_journals_are_one_day_in_the_order_of_boots_where_no_clock_is_known() -> None:
    late = Departed(source="driver")
    vehicle = [
        Entry(FIRST, "", Arrived(source="gps"), "night", 9 * MINUTE, None),
        Entry(SECOND, "", Arrived(source="gps"), "day", 2 * MINUTE, None),
    ]
    screen = [Entry(Key(2, 1), "", late, "day", 3 * MINUTE, None)]
    seen = stopped.fold([vehicle, screen], lambda entry: entry.utc)
    assert [(stop.id, stop.open) for stop in seen.stops] == [(FIRST, True), (SECOND, False)]


# How many


def test_the_smallest_lines_of_too_many_are_counted_together() -> None:
    lines = [home.Line(str(count), count) for count in (5, 1, 4, 2, 3)]
    assert home.fitting(lines, 3) == [home.Line("5", 5), home.Line("4", 4), home.Line("", 6)]
    assert home.fitting(lines, 5) == lines


def test_the_large_numbers_of_the_day() -> None:
    seen = day(came(1), came(2, trial=True), SignedUp(workshop="cv", number=1))
    assert home.counts(seen, Stops((Stop(id=FIRST),)), planned=4) == home.Counts(1, 1, 1, 4)


def test_sign_ups_are_people_as_they_stand_now() -> None:
    group = SignedUp(workshop="cv", number=1, seats=4, waiting=1)
    gone, fewer = (
        GivenBack(sign_up=FIRST),
        Changed(sign_up=FIRST, seats=2, waiting=0, cause="asked"),
    )
    other = SignedUp(workshop="cv", number=2)
    assert day(group).sign_ups == {"cv": 4}
    assert day(group, fewer, other).sign_ups == {"cv": 3}
    assert day(group, other, gone).sign_ups == {"cv": 1}
    assert day(group, gone).sign_ups == {}
    assert day(SignedUp(workshop="cv", number=1, trial=True)).sign_ups == {}


def test_a_tally_counts_a_touch_a_person_and_takes_one_back() -> None:
    counts: tally.Counts = {}
    for _ in range(3):
        counts = tally.counted(counts, "dix_huit_vingt_quatre:feminin")
    counts = tally.counted(counts, "moins_de_douze:masculin")
    assert tally.people(counts) == 4
    counts = tally.counted(counts, "moins_de_douze:masculin", by=-1)
    assert counts == {"dix_huit_vingt_quatre": {"feminin": 3}}
    assert tally.counted(counts, "no:where") == counts


def test_initials_are_letters_and_few() -> None:
    typed = ""
    for key in "JB1-DUP":
        typed = initials.typed(typed, key)
    assert typed == "JBDU"
    assert initials.typed(typed, "backspace") == "JBD"
    assert initials.offered(["CD", "", "AB", "CD"]) == ("AB", "CD")


# What is noted


def visit(*more: Event, door: str = "logement") -> today.Visit:
    return day(came(1, door), *more).visits[0]


def test_a_draft_begins_with_what_the_visitor_chose() -> None:
    assert describing.begun(visit()).themes == ("logement",)
    assert describing.begun(visit(door="non_communique")).themes == ()


def test_a_visit_described_before_opens_as_it_was_described() -> None:
    draft = describing.begun(visit(TOLD))
    assert (draft.themes, draft.duration, draft.mode) == (("logement",), "30", "")


@pytest.mark.parametrize("field", ["duration", "mode", "autonomy", "place", "referral"])
def test_one_choice_replaces_another_and_a_second_touch_takes_it_back(field: str) -> None:
    one, other = describing.choices(field)[:2]
    draft = describing.chosen(Draft(place=""), field, one)
    draft = describing.chosen(draft, field, other)
    assert getattr(draft, field) == other
    assert getattr(describing.chosen(draft, field, other), field) == ""
    assert describing.chosen(draft, field, "nonsense") == draft


@pytest.mark.parametrize("field", describing.SEVERAL)
def test_themes_and_materials_add_up(field: str) -> None:
    one, other = describing.choices(field)[:2]
    draft = describing.chosen(describing.chosen(Draft(), field, one), field, other)
    assert getattr(draft, field) == (one, other)
    assert getattr(describing.chosen(draft, field, one), field) == (other,)


def test_themes_near_to_the_door_come_first_and_none_is_missing() -> None:
    offered = describing.choices("themes", "famille")
    assert offered[:3] == ("famille_scolarite", "parentalite", "scolarite_et_numerique")
    assert sorted(offered) == sorted(describing.choices("themes"))


def test_what_nobody_said_is_left_out_or_not_stated() -> None:
    made = describing.described(Draft(place=""), FIRST, "AB", people=1)
    assert made == Described(visit=FIRST, source="staff", mode="non_communique", author="AB")


def test_how_many_came_is_said_again_only_when_it_changed() -> None:
    assert describing.described(Draft(people="2"), FIRST, "", people=2).people is None
    assert describing.described(Draft(people="3"), FIRST, "", people=2).people == 3


def test_like_the_one_before_keeps_how_many_came_and_what_for() -> None:
    draft = describing.like(Draft(themes=("sante",), people="4"), TOLD)
    assert (draft.themes, draft.duration, draft.people) == (("sante",), "30", "4")
    assert describing.like(Draft(), TOLD).themes == ("logement",)


@pytest.mark.parametrize("together", [Draft(duration="30"), describing.like(Draft(), TOLD)])
def test_of_several_visits_each_keeps_its_own_theme(together: Draft) -> None:
    draft = describing.for_all(together, visit(door="sante"))
    assert (draft.themes, draft.duration, draft.people) == (("sante",), "30", "1")


# The end of the day


def test_what_is_left_is_told_and_nothing_else() -> None:
    none = dict.fromkeys(("waiting", "to_note", "missing", "untold", "counted", "trial"), 0)
    assert closing.left(**none) == ()
    left = closing.left(**{**none, "to_note": 5, "trial": True})
    assert [(one.what, one.count, one.touch) for one in left] == [
        ("to_note", 5, "describe"),
        ("trial", 1, "trial"),
    ]


def test_the_sheet_of_the_day_tells_what_counted() -> None:
    seen = day(came(1, people=2), came(2, "sante"), came(3, trial=True), TOLD)
    lines = closing.sheet(
        seen,
        Stops((Stop(id=FIRST, name="Place", arrived=0, departed=MINUTE),)),
        doors=[("logement", "Logement"), ("sante", "Santé"), ("droit", "Droit")],
        title=str,
        hours=lambda *_: "9 h – 10 h",
        words=str,
    )
    assert [(line.text, line.count) for line in lines] == [
        ("sheet.visits", "2"),
        ("Logement", "1"),
        ("Santé", "1"),
        ("sheet.people", "3"),
        ("sheet.noted", "1"),
        ("sheet.stops", "1"),
        ("Place", "0"),
        ("  9 h – 10 h", ""),
    ]
