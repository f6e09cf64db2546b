"""Visits described: five touches for the common case, like the one before, later, all at once."""

import pytest
from kivy.metrics import dp

from protocol.event import Key
from protocol.visits import CheckedIn, Described, Received
from tests.ui.indoors import comes, goes_in, goes_to, told, touches_line
from tests.ui.kit import WORDS, Bench
from tests.ui.test_refused import takes
from tests.ui.test_staff import PIN, holds_the_lock, shown
from ui.theme import GAP

VISITS, NOTE, LATER = WORDS["visits.title"], WORDS["describe.note"], WORDS["describe.later"]
SAME = WORDS["describe.same"]
UNLOCKING = 1 + len(PIN)
"""Touches: the lock, held for three seconds, and a PIN."""


def visit(bench: Bench, number: int) -> Key:
    """The visit with that number."""
    found = [one.key for one in bench.desk.staff.day.today().visits if one.number == number]
    return found[-1]


def described(bench: Bench) -> list[Described]:
    return told(bench, Described)


def is_described(bench: Bench, number: int, *choices: str) -> None:
    """From the list of visits, chosen and noted."""
    touches_line(bench, number)
    for words in (*choices, NOTE):
        bench.taps(words)


def to_note(bench: Bench) -> list[int]:
    return [one.number for one in bench.desk.staff.visits.listed()]


def test_five_touches_after_unlocking_describe_a_visit(bench: Bench) -> None:
    comes(bench, "logement")
    goes_in(bench)
    count = Touches(bench)
    bench.taps(VISITS)
    touches_line(bench, 1)
    for words in ("30 min", "Fait ensemble", NOTE):
        bench.taps(words)
    assert (bench.at, count.made) == ("visits", 5)
    assert described(bench) == [
        Described(
            visit=visit(bench, 1),
            source="staff",
            themes=("logement",),
            duration_minutes=30,
            mode="accompagne",
            place_type="autre",
        )
    ]


class Touches:
    """How many times a finger has come down since."""

    def __init__(self, bench: Bench) -> None:
        self.made = 0
        bench.window.bind(on_touch_down=self._count)
        self._bench = bench

    def _count(self, *_: object) -> None:
        self.made += 1


def test_unlocking_takes_seven_more(bench: Bench) -> None:
    goes_in(bench)
    bench.taps(WORDS["staff.quit"])
    count = Touches(bench)
    holds_the_lock(bench)
    for digit in PIN:
        bench.taps(digit)
    assert (bench.at, count.made) == ("staff", UNLOCKING) == ("staff", 7)


def test_whoever_is_described_is_received_too(bench: Bench) -> None:
    comes(bench, "logement")
    goes_to(goes_in(bench), "visits")
    is_described(bench, 1)
    assert told(bench, Received) == [Received(visit=visit(bench, 1))]
    assert bench.desk.staff.queue.waiting() == ()


def test_a_visit_is_described_like_the_one_before(bench: Bench) -> None:
    comes(bench, "logement", "sante")
    goes_to(goes_in(bench), "visits")
    is_described(bench, 1, "1 h", "J’ai montré")
    is_described(bench, 2, SAME)
    first, second = described(bench)
    assert (second.visit, second.themes) == (visit(bench, 2), ("social_sante",))
    assert (second.duration_minutes, second.mode) == (first.duration_minutes, first.mode)


def test_nothing_came_before_the_first_one(bench: Bench) -> None:
    comes(bench, "logement")
    goes_to(goes_in(bench), "visits")
    touches_line(bench, 1)
    assert not bench.find(SAME).alive


def test_later_puts_a_visit_at_the_end(bench: Bench) -> None:
    comes(bench, "logement", "sante", "droit")
    goes_to(goes_in(bench), "visits")
    assert to_note(bench) == [1, 2, 3]
    touches_line(bench, 1)
    bench.taps(LATER)
    assert (bench.at, to_note(bench), described(bench)) == ("visits", [2, 3, 1], [])


def test_every_field_is_the_coops(bench: Bench) -> None:
    comes(bench, "numerique")
    goes_to(goes_in(bench), "visits")
    touches_line(bench, 1)
    several = [("themes", ["Courriel"]), ("materials", ["Ordinateur", "Téléphone"])]
    for field, choices in several:
        bench.desk.touch("field", field)
        bench.pump()
        for words in choices:
            bench.taps(words)
        bench.taps(WORDS["choices.go_on"])
    for field, words in (
        ("people", "3"),
        ("autonomy", "Fait seul"),
        ("place", "À distance"),
        ("referral", "France services"),
    ):
        bench.desk.touch("field", field)
        bench.pump()
        bench.taps(words)
        assert bench.at == "describe"
    bench.taps(NOTE)
    (made,) = described(bench)
    assert made == Described(
        visit=visit(bench, 1),
        source="staff",
        people=3,
        themes=("diagnostic_numerique", "email"),
        place_type="a_distance",
        materials=("ordinateur", "telephone"),
        autonomy="autonome",
        mode="non_communique",
        referral="aide_aux_demarches_administratives",
    )


def test_to_go_on_is_as_wide_as_the_choices_above_it(bench: Bench) -> None:
    from ui.widgets.chips import Pager

    comes(bench, "numerique")
    goes_to(goes_in(bench), "visits")
    touches_line(bench, 1)
    bench.desk.touch("field", "materials")
    bench.pump()
    grid, go_on = bench.screen.ids.lines, bench.find(WORDS["choices.go_on"])
    assert bench.screen.count == 1
    assert (go_on.x, go_on.right) == (grid.x, grid.right)
    bench.desk.touch("back")
    bench.desk.touch("field", "themes")
    bench.pump()
    (pager,) = [key for key in bench.screen.walk() if isinstance(key, Pager)]
    assert bench.screen.count > 1
    assert (bench.find(WORDS["choices.go_on"]).right, pager.right) == (
        pager.x - dp(GAP),
        grid.right,
    )


def test_a_visit_described_before_can_be_described_again(bench: Bench) -> None:
    comes(bench, "logement")
    goes_to(goes_in(bench), "visits")
    is_described(bench, 1, "1 h")
    bench.taps(WORDS["visits.all"])
    is_described(bench, 1, "2 h")
    assert [one.duration_minutes for one in described(bench)] == [60, 120]
    assert len(told(bench, Received)) == 1


def test_a_description_that_was_not_kept_is_still_there(bench: Bench) -> None:
    comes(bench, "logement")
    goes_to(goes_in(bench), "visits")
    touches_line(bench, 1)
    bench.taps("30 min")
    takes(bench, nothing=True)
    bench.taps(NOTE)
    assert (bench.at, bench.screen.draft.duration) == ("describe", "30")
    assert WORDS["driver.refused"] in shown(bench)
    takes(bench, nothing=False)
    bench.taps(NOTE)
    assert (bench.at, len(described(bench))) == ("visits", 1)


def test_at_closing_all_that_are_left_are_described_at_once(bench: Bench) -> None:
    comes(bench, "logement", "sante", "ne_sait_pas")
    are_received(bench)
    goes_to(goes_in(bench), "close")
    assert WORDS.plural("left.to_note", 3) in shown(bench)
    goes_to(bench, "describe")
    for words in ("15 min", "Fait ensemble", NOTE):
        bench.taps(words)
    assert bench.at == "closing"
    assert [one.themes for one in described(bench)] == [("logement",), ("social_sante",), ()]
    assert {one.duration_minutes for one in described(bench)} == {15}
    assert WORDS.plural("left.to_note", 3) not in shown(bench)


def are_received(bench: Bench) -> None:
    """Whoever waits."""
    for visit in bench.desk.staff.queue.waiting():
        bench.desk.house.keep(Received(visit=visit.key))


def test_at_closing_nobody_who_only_waited_is_said_to_have_been_helped(bench: Bench) -> None:
    comes(bench, "logement")
    are_received(bench)
    comes(bench, "sante")
    goes_to(goes_in(bench), "close")
    assert WORDS.plural("left.waiting", 1) in shown(bench)
    goes_to(bench, "describe", "note")
    assert [one.visit for one in described(bench)] == [visit(bench, 1)]
    assert [one.number for one in bench.desk.staff.queue.waiting()] == [2]


def test_several_are_all_described_or_none(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one is more than the journal takes."""
    comes(bench, "logement", "sante")
    are_received(bench)
    goes_to(goes_in(bench), "close", "describe")
    visits = bench.desk.staff.visits
    made = visits._described
    second = visits.shown[1]

    def described_or_refused(one: object) -> Described:
        if one is second:
            takes(bench, nothing=True)
        return made(one)

    monkeypatch.setattr(visits, "_described", described_or_refused)
    bench.taps(NOTE)
    takes(bench, nothing=False)
    assert (bench.at, described(bench)) == ("describe", [])


# Who notes


def test_initials_are_stamped_once_they_were_typed(bench: Bench) -> None:
    comes(bench, "logement", "sante")
    goes_to(goes_in(bench), "author")
    for letter in "JD":
        bench.taps(letter)
    bench.taps(WORDS["author.is"])
    assert bench.at == "staff"
    goes_to(bench, "visits")
    is_described(bench, 1)
    assert described(bench)[0].author == "JD"


def test_a_crew_of_one_is_known_next_time_and_a_crew_of_two_is_asked(bench: Bench) -> None:
    comes(bench, "logement", "sante", "droit")
    for number, initials in ((1, "JD"), (2, "AB")):
        goes_in(bench)
        assert bench.desk.staff.author() == ("" if number == 1 else "JD")
        goes_to(bench, "author")
        bench.desk.touch("is", initials)
        goes_to(bench, "visits")
        is_described(bench, number)
        goes_to(bench, "done")
        assert bench.desk.staff.author() == ""
    goes_in(bench)
    assert bench.desk.staff.author() == ""
    goes_to(bench, "author")
    bench.taps("AB")
    assert (bench.at, bench.desk.staff.author()) == ("staff", "AB")


def test_the_first_word_that_is_signed_asks_for_initials_once(bench: Bench) -> None:
    comes(bench, "logement", "sante", "droit")
    goes_to(goes_in(bench, is_asked=False), "visits")
    is_described(bench, 1, "1 h")
    assert (bench.at, described(bench)) == ("author", [])
    for letter in "JD":
        bench.taps(letter)
    bench.taps(WORDS["author.is"])
    assert (bench.at, bench.desk.staff.author()) == ("visits", "JD")
    assert [(one.author, one.duration_minutes) for one in described(bench)] == [("JD", 60)]
    is_described(bench, 2)
    assert (bench.at, described(bench)[-1].author) == ("visits", "JD")
    goes_to(bench, "done")
    goes_in(bench, is_asked=False)
    assert bench.desk.staff.signing.offered == ("JD",)


def test_whoever_says_no_initials_is_not_asked_again(bench: Bench) -> None:
    comes(bench, "logement", "sante")
    goes_to(goes_in(bench, is_asked=False), "visits")
    is_described(bench, 1)
    bench.taps(WORDS["author.skip"])
    is_described(bench, 2)
    assert (bench.at, [one.author for one in described(bench)]) == ("visits", ["", ""])
    goes_to(bench, "done")
    assert not bench.desk.staff.signing.is_asked


def test_initials_are_asked_for_again_when_the_card_took_nothing(bench: Bench) -> None:
    comes(bench, "logement")
    goes_to(goes_in(bench, is_asked=False), "visits")
    is_described(bench, 1)
    takes(bench, nothing=True)
    bench.taps(WORDS["author.skip"])
    assert (bench.at, described(bench)) == ("author", [])
    assert WORDS["driver.refused"] in shown(bench)
    takes(bench, nothing=False)
    bench.taps(WORDS["author.skip"])
    assert (bench.at, len(described(bench))) == ("visits", 1)


def test_a_draft_is_forgotten_with_its_page(bench: Bench) -> None:
    comes(bench, "logement")
    goes_to(goes_in(bench), "visits")
    touches_line(bench, 1)
    bench.taps("30 min")
    bench.passes(120)
    assert (bench.at, bench.desk.staff.visits.shown) == ("welcome", ())
    assert bench.desk.staff.visits.draft.duration == ""


# Trial mode


def test_in_trial_mode_everything_is_marked_and_nothing_counts(bench: Bench) -> None:
    goes_to(goes_in(bench), "trial")
    bench.passes(1)
    assert bench.app.root.trial
    goes_to(bench, "done")
    assert WORDS["trial.mark_everywhere"] in shown(bench)
    comes(bench, "logement")
    goes_to(goes_in(bench), "visits")
    is_described(bench, 1)
    assert all(event.trial for event in told(bench, CheckedIn, Received, Described))
    assert bench.desk.staff.day.today().counted == ()
    goes_to(bench, "trial")
    assert to_note(bench) == []


def test_trial_mode_outlives_the_process_and_not_the_day(bench: Bench) -> None:
    from ui.staff.moment import recalled

    goes_to(goes_in(bench), "trial")
    assert recalled(bench.folder / "run").trial
    goes_to(bench, "close", "yes")
    assert not recalled(bench.folder / "run").trial
    assert not bench.desk.house.trial


def test_nobody_outside_turns_it_on(bench: Bench) -> None:
    goes_to(bench, "trial")
    assert not bench.desk.house.trial
