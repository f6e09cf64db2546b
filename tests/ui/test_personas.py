"""The people of a day, in each language: what they touch, how often, and what is kept of it."""

import pytest

from protocol.incidents import HelpRequested
from protocol.visits import CheckedIn, Described
from protocol.workshops import SignedUp
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_workshops import YOGA, offers
from ui.gallery.languages import SIX
from ui.models.panel import Panel
from ui.text import catalogue
from ui.text.catalogue import Words

HOUSING = CheckedIn(number=1, door="logement", theme="logement")


class Visitor:
    """Somebody who reads one language, and whose touches are counted."""

    def __init__(self, bench: Bench, language: str) -> None:
        self.bench, self.touches = bench, 0
        self.words: Words = catalogue.load(language)
        bench.desk.languages.offered = SIX
        bench.app.show()

    def taps(self, *keys: str) -> "Visitor":
        """One after the other, the buttons with these words, in their language."""
        for key in keys:
            self.reads(self.words[key])
        return self

    def reads(self, text: str) -> "Visitor":
        """The button with that text."""
        self.bench.taps(text)
        self.touches += 1
        return self


@pytest.fixture(params=SIX)
def visitor(request: pytest.FixtureRequest, bench: Bench) -> Visitor:
    return Visitor(bench, request.param)


@pytest.fixture(params=["ar", "uk"])
def foreigner(request: pytest.FixtureRequest, bench: Bench) -> Visitor:
    return Visitor(bench, request.param)


@pytest.fixture
def somebody(bench: Bench) -> Visitor:
    return Visitor(bench, "fr")


def shown(bench: Bench) -> set[str]:
    return {getattr(each, "text", "") for each in bench.screen.walk()}


def test_a_woman_checks_in_with_three_touches_in_her_language(visitor: Visitor) -> None:
    bench = visitor.bench
    visitor.taps("language.name", "door.logement", "confirm.yes")
    assert (visitor.touches, bench.at) == (3, "thanks")
    assert {visitor.words["thanks.number"], "1"} <= shown(bench)
    assert kept(bench.folder) == [HOUSING]
    bench.passes(15)
    assert bench.desk.panel == Panel()
    assert WORDS["welcome.hello"] in shown(bench)


def test_an_old_man_answers_two_questions_in_his_language(visitor: Visitor) -> None:
    bench = visitor.bench
    visitor.taps("language.name", "door.retraite", "confirm.yes")
    visitor.reads(visitor.words.plural("thanks.questions", 2)).reads("2")
    visitor.taps("first_visit.oui", "thanks.done")
    assert (visitor.touches, bench.at) == (7, "welcome")
    told = [event for event in kept(bench.folder) if isinstance(event, Described)]
    assert [(event.people, event.first_visit) for event in told] == [(2, None), (None, "oui")]


def test_a_mother_who_needs_time_is_waited_for_in_her_language(foreigner: Visitor) -> None:
    bench = foreigner.bench
    foreigner.taps("language.name", "door.famille")
    bench.passes(35)
    assert foreigner.words["still_there.question"] in shown(bench)
    foreigner.taps("still_there.more_time")
    bench.passes(69)
    foreigner.taps("confirm.yes")
    assert kept(bench.folder) == [CheckedIn(number=1, door="famille", theme="famille_scolarite")]


def test_a_student_asks_for_help_and_goes_on_in_her_language(foreigner: Visitor) -> None:
    bench = foreigner.bench
    foreigner.taps("language.name", "help.ask", "help.back", "door.emploi", "confirm.yes")
    called, came = kept(bench.folder)
    assert (called, came.door) == (HelpRequested(screen="reasons"), "emploi")


def test_a_couple_takes_places_with_four_touches_in_its_language(foreigner: Visitor) -> None:
    bench = foreigner.bench
    offers(bench, YOGA)
    foreigner.taps("language.name", "door.ateliers").reads(YOGA.title).reads("2")
    assert (bench.at, foreigner.touches) == ("signed_up", 4)
    assert [event.seats for event in kept(bench.folder) if isinstance(event, SignedUp)] == [2]
    foreigner.taps("sign_up.done")
    assert bench.desk.panel == Panel()


def test_who_must_not_say_why_speaks_to_somebody(somebody: Visitor) -> None:
    somebody.taps("language.name", "door.lien_social", "confirm.yes")
    assert kept(somebody.bench.folder) == [
        CheckedIn(number=1, door="lien_social", theme="lien_social")
    ]


def test_who_has_no_word_for_it_is_helped_to_find_it(somebody: Visitor) -> None:
    somebody.taps("language.name", "door.ne_sait_pas")
    assert WORDS["confirm.title_ne_sait_pas"] in shown(somebody.bench)
    somebody.taps("confirm.yes")
    assert kept(somebody.bench.folder) == [
        CheckedIn(number=1, door="ne_sait_pas", theme="non_communique")
    ]


def test_who_reads_none_of_the_languages_gets_a_person_and_a_number(somebody: Visitor) -> None:
    bench = somebody.bench
    somebody.taps("welcome.other_language")
    assert bench.desk.visitors.help_since is not None
    somebody.taps("workshops.check_in", "door.lien_social", "confirm.yes")
    called, came = kept(bench.folder)
    assert called == HelpRequested(screen="other_language")
    assert came.number == 1


def test_a_boy_who_touches_wherever_it_is_empty_changes_nothing(somebody: Visitor) -> None:
    bench = somebody.bench
    somebody.taps("language.name")
    for place in ((5, 5), (795, 5), (400, 475), (200, 455)):
        bench.hand.seconds += 1
        bench.touches(*place)
    assert (bench.at, kept(bench.folder)) == ("reasons", [])


def test_who_changes_their_mind_twice_is_counted_once(somebody: Visitor) -> None:
    somebody.taps("language.name", "door.sante", "confirm.change", "door.droit")
    somebody.taps("confirm.change", "door.impots", "confirm.yes")
    assert [event.door for event in kept(somebody.bench.folder)] == ["impots"]
