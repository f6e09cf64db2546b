"""Somebody signs up for a workshop: from the door to a number, with a name or without."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance import runtime
from appliance.journal import JournalReader
from protocol import sealing
from protocol.documents import Programme, Workshop
from protocol.event import Key
from protocol.sealing import Binding
from protocol.visits import CheckedIn
from protocol.workshops import Cancelled, SignedUp
from tests.trusted import Trusted
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_journey import BEGIN, HELP, YES
from tests.ui.test_refused import takes
from tests.ui.test_staff import shown, the_federation_says
from ui.models.panel import Panel
from ui.models.typed import Typed

UNIT, LATER = "van-germaine", 4_000_000_000_000
CV = Workshop(id="cv", title="Faire son CV", starts=LATER, minutes=60, theme="logement", seats=3)
YOGA = Workshop(
    id="yoga",
    title="Yoga",
    starts=LATER - 1,
    minutes=60,
    theme="sante",
    seats=2,
    asks_name=False,
)
NEXT = WORDS["first_name.next"]


def offers(bench: Bench, *workshops: Workshop, revision: int = 1) -> None:
    """The federation's programme is on board."""
    body = msgspec.json.encode(Programme(workshops=workshops))
    the_federation_says(bench, "programme", revision, body)


@pytest.fixture
def trusted() -> Trusted:
    return Trusted()


@pytest.fixture
def sealing_bench(tmp_path: Path, trusted: Trusted) -> Iterator[Bench]:
    """A screen whose unit is enrolled: names can be sealed."""
    trusted.identity_of(UNIT, tmp_path / "data")
    with Bench(tmp_path) as ready:
        yield ready


def goes_to(bench: Bench, title: str, people: int = 1) -> None:
    for words in (BEGIN, WORDS["door.ateliers"], title, str(people)):
        bench.taps(words)


def types(bench: Bench, letters: str) -> None:
    for letter in letters:
        bench.taps(letter)


def signed_up(bench: Bench) -> list[SignedUp]:
    return [event for event in kept(bench.folder) if isinstance(event, SignedUp)]


def opened(bench: Bench, trusted: Trusted) -> list[dict[str, str]]:
    """Every envelope, as the federation opens it."""
    with JournalReader.open(bench.folder / "data" / "screen.db") as reader:
        return [
            sealing.open_envelope(
                row.envelope, [trusted.sealing], Binding(UNIT, Key(reader.epoch, row.seq))
            )
            for row in reader.rows(0)
            if row.envelope
        ]


def holds_it(bench: Bench, *secrets: str) -> list[str]:
    """Files of the unit that hold one of these, whatever the case."""
    return [
        path.name
        for path in bench.folder.rglob("*")
        if path.is_file()
        and any(secret.lower().encode() in path.read_bytes().lower() for secret in secrets)
    ]


def test_six_touches_besides_the_keys_sign_up_with_a_sealed_name(
    sealing_bench: Bench, trusted: Trusted
) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title, people=2)
    types(bench, "ZOEË-ELO")
    bench.taps(NEXT)
    types(bench, "0612345678")
    bench.taps(NEXT)
    assert bench.at == "signed_up"
    (event,) = signed_up(bench)
    assert event == SignedUp(workshop="cv", number=1, seats=2, sealed=event.sealed)
    assert opened(bench, trusted) == [{"first_name": "Zoë-Elo", "phone": "0612345678"}]
    assert "Faire son CV" in shown(bench)
    assert holds_it(bench, "zoë-elo", "0612345678") == []


def test_the_sign_up_is_kept_before_its_number_is_shown(bench: Bench) -> None:
    offers(bench, YOGA)
    rows_when_shown = []

    def note_down() -> None:
        rows_when_shown.append((bench.desk.panel.screen, len(kept(bench.folder))))
        bench.app.show()

    bench.desk.on_change = note_down
    goes_to(bench, YOGA.title)
    assert rows_when_shown[-2:] == [("people", 0), ("signed_up", 1)]


def test_without_a_name_and_without_a_phone_there_is_no_envelope(
    sealing_bench: Bench, trusted: Trusted
) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title)
    types(bench, "ANA")
    bench.taps(WORDS["first_name.without"])
    bench.taps(WORDS["phone.without"])
    assert signed_up(bench) == [SignedUp(workshop="cv", number=1)]
    assert opened(bench, trusted) == []


def test_a_workshop_that_asks_no_name_asks_none(sealing_bench: Bench) -> None:
    offers(sealing_bench, YOGA)
    goes_to(sealing_bench, YOGA.title)
    assert sealing_bench.at == "signed_up"
    assert WORDS["sign_up.unsealed"] not in shown(sealing_bench)


def test_a_unit_that_cannot_seal_asks_no_name_and_says_so_kindly(bench: Bench) -> None:
    offers(bench, CV)
    goes_to(bench, CV.title)
    assert signed_up(bench) == [SignedUp(workshop="cv", number=1)]
    assert WORDS["sign_up.unsealed"] in shown(bench)


def test_keys_that_broke_since_cost_the_name_and_not_the_seat(
    sealing_bench: Bench, trusted: Trusted
) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title)
    types(bench, "ANA")
    (bench.folder / "data" / "trust" / "statement").unlink()
    bench.taps(NEXT)
    bench.taps(WORDS["phone.without"])
    assert signed_up(bench) == [SignedUp(workshop="cv", number=1)]
    assert WORDS["sign_up.unsealed"] in shown(bench)


def test_who_comes_when_it_is_full_waits_and_is_told(bench: Bench) -> None:
    offers(bench, YOGA)
    bench.desk.capture.sign_up("yoga", 2, 0, "", "")
    goes_to(bench, YOGA.title, people=2)
    assert signed_up(bench)[-1] == SignedUp(workshop="yoga", number=2, seats=2, waiting=2)
    assert WORDS["sign_up.waiting"] in shown(bench)


def test_seats_that_were_given_back_are_free_again(bench: Bench) -> None:
    offers(bench, YOGA)
    bench.desk.capture.sign_up("yoga", 2, 0, "", "")
    with JournalReader.open(bench.folder / "data" / "screen.db") as reader:
        key = Key(reader.epoch, 1)
    bench.desk.house.journal.append(Cancelled(sign_up=key))
    goes_to(bench, YOGA.title, people=2)
    assert signed_up(bench)[-1].waiting == 0


@pytest.mark.parametrize(
    ("words", "waiting"),
    [(WORDS["group.all_wait"], 4), (WORDS["group.some_wait"].format(seats=2, waiting=2), 2)],
)
def test_a_group_is_never_split_unasked(bench: Bench, words: str, waiting: int) -> None:
    offers(bench, YOGA)
    goes_to(bench, YOGA.title, people=4)
    assert (bench.at, signed_up(bench)) == ("group", [])
    bench.taps(words)
    assert signed_up(bench) == [SignedUp(workshop="yoga", number=1, seats=4, waiting=waiting)]


def test_fewer_seats_than_a_moment_ago_are_asked_about_again(sealing_bench: Bench) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title, people=3)
    bench.taps(WORDS["first_name.without"])
    offers(bench, msgspec.structs.replace(CV, seats=1), revision=2)
    bench.taps(WORDS["phone.without"])
    assert (bench.at, signed_up(bench)) == ("people", [])
    bench.taps("3")
    assert bench.at == "group"


def test_a_workshop_withdrawn_meanwhile_leads_back_to_the_list(bench: Bench) -> None:
    offers(bench, YOGA)
    for words in (BEGIN, WORDS["door.ateliers"], YOGA.title):
        bench.taps(words)
    offers(bench, CV, revision=2)
    bench.taps("1")
    assert (bench.at, signed_up(bench)) == ("workshops", [])
    assert "Faire son CV" in shown(bench)


@pytest.mark.parametrize("door", ["ateliers", "lien_social"])
def test_without_a_programme_whoever_comes_can_still_check_in(bench: Bench, door: str) -> None:
    button = {"ateliers": "workshops.check_in", "lien_social": "workshops.talk"}[door]
    for words in (BEGIN, WORDS["door.ateliers"]):
        bench.taps(words)
    assert WORDS["workshops.none"] in shown(bench)
    bench.taps(WORDS[button])
    bench.taps(YES)
    (event,) = kept(bench.folder)
    assert isinstance(event, CheckedIn)
    assert (bench.at, event.door) == ("thanks", door)


def test_with_a_programme_too_a_number_is_one_touch_away(bench: Bench) -> None:
    offers(bench, YOGA)
    for words in (BEGIN, WORDS["door.ateliers"], WORDS["workshops.check_in"], YES):
        bench.taps(words)
    assert [type(event) for event in kept(bench.folder)] == [CheckedIn]


def test_more_workshops_than_a_page_holds_are_a_touch_away(bench: Bench) -> None:
    third = msgspec.structs.replace(CV, id="third", title="Photos", starts=LATER + 1)
    offers(bench, CV, YOGA, third)
    for words in (BEGIN, WORDS["door.ateliers"], WORDS["workshops.more"], "Photos"):
        bench.taps(words)
    assert bench.desk.panel.workshop == "third"


def test_a_half_typed_name_is_forgotten_after_the_quiet(sealing_bench: Bench) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title)
    types(bench, "XYLOPHONE")
    bench.passes(36)
    assert bench.at == "still_there"
    bench.passes(10)
    assert (bench.at, bench.desk.panel) == ("welcome", Panel())
    assert bench.desk.workshops.typed == Typed()
    assert holds_it(bench, "xylophone") == []
    assert "Xylophone" not in every_word(bench)


def test_whoever_is_still_there_finds_what_was_typed(sealing_bench: Bench) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title)
    types(bench, "ANA")
    bench.passes(36)
    bench.taps(WORDS["still_there.stay"])
    assert bench.screen.typed == "Ana"
    bench.taps(HELP)
    bench.taps(WORDS["help.back"])
    assert bench.screen.typed == "Ana"


def test_going_back_to_the_people_forgets_what_was_typed(sealing_bench: Bench) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title)
    types(bench, "ANA")
    bench.desk.touch("back")
    bench.pump()
    assert (bench.at, bench.desk.workshops.typed) == ("people", Typed())


def test_what_is_typed_is_told_to_no_process_and_printed_nowhere(
    sealing_bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench = sealing_bench
    offers(bench, CV)
    with caplog.at_level("DEBUG"):
        goes_to(bench, CV.title)
        types(bench, "XYLO")
        bench.desk._publish()
    assert "xylo" not in caplog.text.lower()
    assert "xylo" not in str(runtime.read(bench.folder / "run", "screen")).lower()
    assert "xylo" not in f"{bench.desk.workshops.typed!r} {bench.desk.panel!r}".lower()


def test_a_card_that_takes_nothing_is_said_kindly_and_may_be_tried_again(bench: Bench) -> None:
    offers(bench, YOGA)
    takes(bench, nothing=True)
    goes_to(bench, YOGA.title)
    assert bench.at == "sorry"
    assert WORDS["sign_up.refused"] in shown(bench)
    takes(bench, nothing=False)
    bench.taps(WORDS["sorry.again"])
    bench.taps("1")
    assert (bench.at, len(signed_up(bench))) == ("signed_up", 1)


def test_the_number_goes_by_itself(bench: Bench) -> None:
    offers(bench, YOGA)
    goes_to(bench, YOGA.title)
    bench.passes(60)
    assert (bench.at, bench.desk.panel) == ("welcome", Panel())


def every_word(bench: Bench) -> str:
    """The text of every label there is, on the window or on a page out of sight."""
    from kivy.uix.label import Label

    pages = bench.app.root.ids.manager.screens
    assert "first_name" in [page.name for page in pages]
    labels = [each for page in pages for each in page.walk() if isinstance(each, Label)]
    return "\n".join(label.text for label in labels)
