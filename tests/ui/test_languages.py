"""Languages: offered, chosen in one touch, followed by the page, forgotten with the person."""

from pathlib import Path

import msgspec
import pytest

from protocol.documents import Settings
from protocol.incidents import HelpRequested
from tests.ui.kit import WORDS, Bench, Hand, kept, new_desk
from tests.ui.test_refused import takes
from ui.gallery.languages import SIX
from ui.languages import LOOKED_EACH
from ui.models import languages as model
from ui.models.panel import Panel
from ui.text import catalogue

OWN_NAMES = [catalogue.load(language)["language.name"] for language in SIX]


def everything(_language: str) -> bool:
    return True


def test_the_first_wish_that_is_one_is_followed() -> None:
    assert model.offered([(), ("ar", "fr")], everything) == ("ar", "fr")
    assert model.offered([("tr", "fr"), ("ar",)], everything) == ("tr", "fr")


def test_french_is_always_there_and_what_nobody_can_read_is_not() -> None:
    assert model.offered([("ar", "uk")], "ar".__eq__) == ("fr", "ar")
    assert model.offered([], everything) == ("fr",)


def test_no_more_are_offered_than_fit_and_none_twice() -> None:
    many = tuple("abcdefghijk")
    assert model.offered([("fr", "fr", *many)], everything) == ("fr", *many[:5])


def test_a_catalogue_that_no_speaker_has_read_is_off(tmp_path: Path) -> None:
    desk = new_desk(tmp_path, Hand())
    assert desk.languages.offered == ("fr",)
    house = desk.house
    screen = msgspec.structs.replace(house.config.screen, unread_languages=True)
    house.config = msgspec.structs.replace(house.config, screen=screen)
    desk.languages.look()
    assert desk.languages.offered == SIX
    desk.close()


def test_what_the_federation_wishes_arrives_while_nobody_is_there(tmp_path: Path) -> None:
    hand = Hand()
    desk = new_desk(tmp_path, hand)
    screen = msgspec.structs.replace(desk.house.config.screen, unread_languages=True)
    desk.house.config = msgspec.structs.replace(desk.house.config, screen=screen)
    the_federation_sends(tmp_path, Settings(languages=("uk", "fr")))
    hand.seconds += LOOKED_EACH
    desk.step()
    assert desk.languages.offered == ("uk", "fr")
    desk.house.set(languages=("fr", "tr"))
    desk.languages.follow(Panel())
    assert desk.languages.offered == ("fr", "tr")
    desk.close()


@pytest.fixture
def six(bench: Bench) -> Bench:
    """A vehicle with six languages."""
    bench.desk.languages.offered = SIX
    bench.app.show()
    bench.pump()
    return bench


def test_each_language_stands_in_its_own_letters_in_its_place(six: Bench) -> None:
    tiles = [six.find(name) for name in OWN_NAMES]
    places = [(round(-tile.y), round(tile.x)) for tile in tiles]
    assert places == sorted(places)
    assert len(set(places)) == 6


@pytest.mark.parametrize("language", SIX)
def test_three_touches_lead_to_a_number_in_each_language(six: Bench, language: str) -> None:
    words = catalogue.load(language)
    for key in ("language.name", "door.logement", "confirm.yes"):
        six.taps(words[key])
    assert six.at == "thanks"
    assert words["thanks.calling"] in shown(six)
    assert six.app.rtl == (language == "ar")


def test_the_language_is_forgotten_with_the_person(six: Bench) -> None:
    six.taps("العربية")
    six.passes(10_000)
    assert six.desk.panel == Panel()
    assert (six.app.words.language, six.app.rtl) == ("fr", False)
    assert WORDS["welcome.hello"] in shown(six)


def test_staff_and_drivers_read_french_whoever_stood_there_before(six: Bench) -> None:
    six.desk._show(Panel(screen="pin", language="ar"))
    six.pump()
    assert (six.app.words.language, six.app.rtl) == ("fr", False)


def test_who_reads_none_of_them_is_told_with_pictograms_and_somebody_comes(six: Bench) -> None:
    six.taps(WORDS["welcome.other_language"])
    assert six.at == "other_language"
    assert kept(six.folder)[-1] == HelpRequested(screen="other_language")
    assert six.desk.visitors.help_since is not None
    six.taps(WORDS["workshops.check_in"])
    assert (six.at, six.desk.panel.language) == ("reasons", model.OTHER)
    assert six.app.words.language == "fr"


def test_somebody_comes_though_the_call_cannot_be_kept(six: Bench) -> None:
    takes(six, nothing=True)
    six.taps(WORDS["welcome.other_language"])
    assert (six.at, kept(six.folder)) == ("other_language", [])
    assert six.desk.visitors.help_since is not None


def shown(bench: Bench) -> list[str]:
    return [widget.text for widget in bench.widgets() if getattr(widget, "text", "")]


def the_federation_sends(folder: Path, settings: Settings) -> None:
    from appliance.journal import Journal
    from appliance.twins.clock import SettableClock
    from appliance.uplink.cursors import Memory

    uplink = Journal.open(folder / "data" / "uplink.db", name="uplink", clock=SettableClock())
    with uplink.atomic():
        Memory(uplink)
        uplink.database.conn.execute(
            "INSERT OR REPLACE INTO document (kind, revision, body, applied) VALUES (?, 1, ?, 0)",
            ("settings", msgspec.json.encode(settings)),
        )
    uplink.close()
