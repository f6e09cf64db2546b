"""A visitor's three touches, and what else a finger may do."""

from appliance import runtime
from protocol.incidents import HelpRequested
from protocol.visits import CheckedIn
from tests.ui.kit import WORDS, Bench, kept, new_desk
from ui import doors

BEGIN, HOUSING, YES = WORDS["welcome.begin"], WORDS["door.logement"], WORDS["confirm.yes"]
HELP, DONE = WORDS["help.ask"], WORDS["thanks.done"]


def checks_in(bench: Bench, door: str = HOUSING) -> None:
    for words in (BEGIN, door, YES):
        bench.taps(words)


def test_three_touches_make_one_check_in(bench: Bench) -> None:
    checks_in(bench)
    assert bench.at == "thanks"
    assert kept(bench.folder) == [CheckedIn(number=1, door="logement", theme="logement")]


def test_the_check_in_is_kept_before_thanks_is_shown(bench: Bench) -> None:
    rows_when_shown = []

    def shown() -> None:
        rows_when_shown.append((bench.desk.panel.screen, len(kept(bench.folder))))
        bench.app.show()

    bench.desk.on_change = shown
    checks_in(bench)
    assert rows_when_shown == [("reasons", 0), ("confirm", 0), ("thanks", 1)]


def test_no_frame_shows_a_page_over_the_one_before(bench: Bench) -> None:
    bench.hand.seconds += 1
    bench.pump()
    bench.finger(*bench.centre(bench.find(BEGIN))).touch_up()  # and no frame is drawn
    (page,) = bench.app.root.ids.manager.children
    assert page.name == "reasons"


def test_numbers_go_on_from_one_person_to_the_next(bench: Bench) -> None:
    for number in (1, 2, 3):
        checks_in(bench)
        assert bench.screen.state.number == number
        bench.taps(DONE)
    assert [event.number for event in kept(bench.folder)] == [1, 2, 3]


def test_whoever_has_no_word_for_it_speaks_to_someone(bench: Bench) -> None:
    checks_in(bench, WORDS["door.lien_social"])
    assert kept(bench.folder) == [CheckedIn(number=1, door="lien_social", theme="lien_social")]


def test_changing_ones_mind_keeps_nothing(bench: Bench) -> None:
    for words in (BEGIN, HOUSING, WORDS["confirm.change"]):
        bench.taps(words)
    assert (bench.at, kept(bench.folder)) == ("reasons", [])


def test_every_door_is_shown(bench: Bench) -> None:
    bench.taps(BEGIN)
    shown = {getattr(widget, "code", None) for widget in bench.widgets()}
    assert {door.code for door in doors.DOORS} <= shown


def test_help_is_kept_rings_and_leads_back(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.taps(HELP)
    assert bench.at == "help"
    assert kept(bench.folder) == [HelpRequested(screen="reasons")]
    assert runtime.read(bench.folder / "run", "screen")["help"] == 60_000
    bench.taps(WORDS["help.back"])
    assert bench.at == "reasons"
    assert runtime.read(bench.folder / "run", "screen")["help"] is None


def test_help_stands_in_the_same_corner_of_every_screen(bench: Bench) -> None:
    places = set()
    for words in (BEGIN, HOUSING, YES):
        places.add(bench.centre(bench.find(HELP)))
        bench.taps(words)
    places.add(bench.centre(bench.find(HELP)))
    assert len(places) == 1


def test_a_bouncing_panel_is_one_touch(bench: Bench) -> None:
    bench.taps(BEGIN)
    # *Oui* will lie where this door is.
    x, y = bench.centre(bench.find(WORDS["door.droit"]))
    bench.hand.seconds += 1
    for _ in range(4):
        bench.touches(x, y)
    assert bench.at == "confirm"
    assert kept(bench.folder) == []


def test_a_touch_told_by_two_devices_is_one_check_in(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.taps(HOUSING)
    bench.hand.seconds += 1
    place = bench.centre(bench.find(YES))
    first, second = bench.finger(*place), bench.finger(*place)
    first.touch_up()
    second.touch_up()
    bench.pump()
    assert len(kept(bench.folder)) == 1


def test_a_check_in_cites_the_stop_that_is_open(bench: Bench) -> None:
    from appliance.journal import Journal
    from appliance.twins.clock import SettableClock
    from protocol.event import Key
    from protocol.stops import Arrived, Departed

    path = bench.folder / "data" / "vehicle.db"
    vehicle = Journal.open(path, name="vehicle", clock=SettableClock())
    arrived = vehicle.append(Arrived(source="gps"))
    stop = Key(vehicle.epoch, arrived)
    checks_in(bench)
    bench.taps(DONE)
    vehicle.append(Departed(source="gps", stop=stop))
    checks_in(bench)
    vehicle.close()
    assert [event.stop for event in kept(bench.folder)] == [stop, None]


def test_the_number_goes_on_after_a_power_cut(bench: Bench) -> None:
    checks_in(bench)
    bench.desk.close()
    bench.desk = bench.app.desk = bench.app.root.desk = again = new_desk(bench.folder, bench.hand)
    for touch, value in (("begin", ""), ("chose", "sante"), ("yes", "")):
        again.touch(touch, value)
    assert again.panel.number == 2
