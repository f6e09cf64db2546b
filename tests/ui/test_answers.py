"""The questions after the number, touched: kept one by one, skipped, taken back, never lost."""

import msgspec

from protocol.documents import PlannedStop, Tour, Tours
from protocol.visits import CheckedIn, Described
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_journey import DONE, checks_in
from tests.ui.test_refused import takes
from tests.ui.test_staff import the_federation_says
from ui.models.panel import Panel

TWO, ONE = (WORDS.plural("thanks.questions", count) for count in (2, 1))
UNSAID, YES = WORDS["question.unsaid"], WORDS["first_visit.oui"]


def described(bench: Bench) -> list[Described]:
    return [event for event in kept(bench.folder) if isinstance(event, Described)]


def visit(bench: Bench) -> object:
    return bench.desk.panel.visit.key


def back(bench: Bench) -> None:
    """The arrow: a button without words."""
    header = next(each for each in bench.widgets() if type(each).__name__ == "Header")
    bench.hand.seconds += 1
    bench.touches(*bench.centre(header.children[-1]))


def test_two_answers_are_two_touches_more_and_each_is_kept_at_once(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    assert described(bench) == []
    bench.taps("3")
    assert described(bench) == [Described(visit=visit(bench), source="visitor", people=3)]
    bench.taps(YES)
    assert described(bench)[1:] == [
        Described(visit=visit(bench), source="visitor", first_visit="oui")
    ]
    assert (bench.at, bench.screen.left) == ("thanks", 0)


def test_answers_name_the_visit_by_its_key_alone(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    bench.taps("1")
    check_in, answer = kept(bench.folder)
    assert isinstance(check_in, CheckedIn)
    assert answer.visit.seq == 1


def test_nobody_must_answer(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(DONE)
    assert (bench.at, described(bench)) == ("welcome", [])


def test_who_prefers_not_to_say_is_asked_the_next_one(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    bench.taps(UNSAID)
    bench.taps(UNSAID)
    assert described(bench) == [
        Described(visit=visit(bench), source="visitor", first_visit="non_communique")
    ]
    assert bench.at == "thanks"


def test_the_number_stays_in_sight_during_the_questions(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    assert "1" in {getattr(each, "text", "") for each in bench.widgets() if not each.children}
    assert bench.screen.state.number == 1


def test_an_answer_can_be_mended(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    bench.taps("3")
    back(bench)
    bench.taps("4")
    assert [event.people for event in described(bench)] == [3, 4]
    assert bench.at == "question"


def test_back_from_the_first_one_leads_to_the_number(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    back(bench)
    assert bench.at == "thanks"
    bench.find(TWO)


def test_a_disk_that_takes_no_answer_takes_no_number_away(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    takes(bench, nothing=True)
    bench.taps("2")
    assert (bench.at, bench.screen.state.number, bench.screen.state.refused) == ("thanks", 1, True)
    assert WORDS["thanks.unanswered"] in {getattr(each, "text", "") for each in bench.widgets()}
    takes(bench, nothing=False)
    bench.desk.touch("questions")
    bench.pump()
    bench.taps("2")
    assert [event.people for event in described(bench)] == [2]


def test_which_questions_are_asked_is_set_on_board(bench: Bench) -> None:
    bench.desk.house.set(questions=("gender",))
    checks_in(bench)
    bench.taps(ONE)
    bench.taps(WORDS["gender.feminin"])
    assert described(bench) == [Described(visit=visit(bench), source="visitor", gender="feminin")]
    assert bench.at == "thanks"


def test_no_question_is_asked_where_none_is_set(bench: Bench) -> None:
    bench.desk.house.set(questions=())
    checks_in(bench)
    assert bench.screen.left == 0


def test_communes_come_from_the_tour(bench: Bench) -> None:
    stop = PlannedStop(
        **{"id": "s", "name": "Place", "lat": 49, "lon": 6.7, "opens": 0, "closes": 60},
        commune="57230",
        commune_name="Folschviller",
    )
    tours = Tours(tours=(Tour(day="2026-11-26", name="Jeudi", stops=(stop,)),))
    the_federation_says(bench, "tour", 1, msgspec.json.encode(tours))
    bench.desk.house.set(questions=("commune",))
    checks_in(bench)
    bench.taps(ONE)
    bench.taps("Folschviller")
    assert [event.commune for event in described(bench)] == ["57230"]


def test_whoever_leaves_in_between_is_forgotten_but_not_their_answer(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    bench.taps("2")
    bench.passes(35)
    assert bench.at == "still_there"
    bench.passes(10)
    assert (bench.desk.panel, bench.desk.visitors.questions) == (Panel(), ())
    assert [event.people for event in described(bench)] == [2]


def test_workshops_can_be_seen_afterwards_and_lead_back_to_the_number(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(WORDS["thanks.workshops"])
    assert bench.at == "workshops"
    bench.desk.touch("chose", "ateliers")
    assert bench.at == "workshops"
    back(bench)
    assert (bench.at, bench.screen.state.number) == ("thanks", 1)
    assert len(kept(bench.folder)) == 1


def test_an_answer_without_a_visit_means_nothing(bench: Bench) -> None:
    bench.desk.touch("answer", "3")
    assert (bench.at, kept(bench.folder)) == ("welcome", [])


def test_how_many_you_are_is_answered_with_the_same_buttons_on_both_pages(bench: Bench) -> None:
    from ui.screens.visitor.people import People
    from ui.widgets.answer import Answer

    def drawn() -> list[tuple[str, str]]:
        return [(each.text, each.pictogram) for each in bench.screen.walk() if type(each) is Answer]

    checks_in(bench)
    bench.desk.touch("questions")
    bench.pump()
    asked = drawn()
    bench.desk._show(Panel(screen="people", workshop="cv"))
    bench.pump()
    assert isinstance(bench.screen, People)
    assert drawn() == asked == [(str(count), f"persons_{count}") for count in range(1, 7)]
