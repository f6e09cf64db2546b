"""The staff's door: three seconds on the lock, a PIN, today's list; and nothing of it outside."""

import logging
from pathlib import Path

import pytest

from appliance import runtime
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.uplink.cursors import Memory
from protocol import reset_code
from protocol.day import Closed, Unlocked
from protocol.documents import RosterLine
from protocol.incidents import HelpRequested
from tests.trusted import Trusted
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_driver import holds
from tests.ui.test_journey import checks_in
from tests.ui.test_refused import takes
from ui.models.moves import INSIDE
from ui.models.staff import Pad

PIN, OTHER = "482193", "730518"
VISITORS, FORGOTTEN = WORDS["driver.visitors"], WORDS["pin.forgotten"]
QUIT = WORDS["staff.quit"]
NAMES = ("Aïcha", "Jean-Baptiste", "Zoé", "Ana", "Bùi")


def holds_the_lock(bench: Bench, seconds: float = 3.0) -> None:
    from ui.widgets.scene import HeldLock

    holds(bench, HeldLock, seconds)


def types(bench: Bench, keys: str) -> None:
    for key in keys:
        bench.taps(key)


def is_in(bench: Bench) -> Bench:
    """Staff chose a PIN and are in."""
    holds_the_lock(bench)
    types(bench, PIN + PIN)
    assert bench.at == "staff"
    return bench


def is_at_the_list(bench: Bench) -> Bench:
    """Staff are in, and look at today's list."""
    is_in(bench)
    for touch in ("attendance", "roster"):
        bench.desk.touch(touch)
    bench.pump()
    assert bench.at == "roster"
    return bench


def is_listed(bench: Bench, *names: str) -> None:
    """These people signed up on this screen."""
    for number, name in enumerate(names, 1):
        line = RosterLine(workshop="cv", number=number, first_name=name, phone="06 12 34 56 78")
        bench.desk.staff.vault.add(line)
    bench.passes(10)


def shown(bench: Bench) -> str:
    """Every word on the window."""
    from kivy.uix.label import Label

    return "\n".join(label.text for label in bench.widgets(Label))


def the_federation_says(bench: Bench, kind: str, revision: int, body: bytes) -> None:
    """A document that the uplink has taken."""
    path = bench.folder / "data" / "uplink.db"
    uplink = Journal.open(path, name="uplink", clock=SettableClock())
    with uplink.atomic():
        Memory(uplink)
        uplink.database.conn.execute(
            "INSERT OR REPLACE INTO document (kind, revision, body, applied) VALUES (?, ?, ?, 0)",
            (kind, revision, body),
        )
    uplink.close()


# The door


def test_three_seconds_on_the_lock_ask_for_the_pin(bench: Bench) -> None:
    holds_the_lock(bench, 2.8)
    assert bench.at == "welcome"
    holds_the_lock(bench, 3.0)
    assert bench.at == "pin"


def test_the_first_pin_is_chosen_typed_twice_and_opens(bench: Bench) -> None:
    holds_the_lock(bench)
    assert WORDS["pin.choose"] in shown(bench)
    types(bench, "123456")
    assert bench.screen.note == WORDS["pin.trivial"]
    types(bench, PIN)
    assert WORDS["pin.confirm"] in shown(bench)
    types(bench, OTHER)
    assert bench.screen.note == WORDS["pin.differs"]
    types(bench, PIN + PIN)
    assert bench.at == "staff"
    assert kept(bench.folder) == [Unlocked()]


def test_the_pin_opens_and_a_wrong_one_does_not(bench: Bench) -> None:
    is_in(bench)
    bench.taps(QUIT)
    holds_the_lock(bench)
    types(bench, OTHER)
    assert (bench.at, bench.screen.note) == ("pin", WORDS["pin.wrong"])
    assert bench.screen.typed == 0
    types(bench, PIN)
    assert bench.at == "staff"
    assert kept(bench.folder) == [Unlocked(), Unlocked(failed_before=1)]


def test_a_digit_may_be_taken_back(bench: Bench) -> None:
    from ui.widgets.keypad import Key

    is_in(bench)
    bench.taps(QUIT)
    holds_the_lock(bench)
    types(bench, "48219")
    (back,) = [key for key in bench.widgets(Key) if key.pictogram == "backspace"]
    bench.touches(*bench.centre(back))
    assert bench.screen.typed == 4
    types(bench, "93")
    assert bench.at == "staff"


def test_the_screen_says_that_it_takes_a_moment_before_it_does(bench: Bench) -> None:
    """Each picture drawn: what was said on it, and whether the PIN had been looked at."""
    drawn = list[tuple[str, bool]]()

    def note_down(*_: object) -> None:
        drawn.append((getattr(bench.screen, "note", ""), bench.desk.staff.vault.has_pin))

    holds_the_lock(bench)
    types(bench, PIN)
    bench.window.bind(on_flip=note_down)
    types(bench, PIN)
    bench.window.unbind(on_flip=note_down)
    before = [note for note, looked_at in drawn if not looked_at]
    assert before[-2:] == [WORDS["pin.moment"]] * 2
    assert bench.at == "staff"


def test_after_five_wrong_pins_the_keys_are_dead_for_as_long_as_is_said(bench: Bench) -> None:
    is_in(bench)
    bench.taps(QUIT)
    holds_the_lock(bench)
    for _ in range(5):
        types(bench, OTHER)
    assert bench.screen.note == "Trop d’essais. Attendez 30 secondes."
    types(bench, PIN)
    assert (bench.at, bench.screen.typed) == ("pin", 0)
    bench.desk.house.clock.advance(30)
    bench.passes(1)
    assert bench.screen.note == WORDS["pin.wrong"]
    types(bench, PIN)
    assert bench.at == "staff"


def test_staff_may_change_the_pin(bench: Bench) -> None:
    is_in(bench)
    for touch in ("unit", "settings"):
        bench.desk.touch(touch)
    bench.pump()
    bench.taps(WORDS["staff.change"])
    assert WORDS["pin.choose"] in shown(bench)
    types(bench, OTHER + OTHER)
    assert bench.at == "staff"
    bench.taps(QUIT)
    assert bench.desk.staff.vault.unlock(PIN) == "wrong"
    assert bench.desk.staff.vault.unlock(OTHER) == "right"


def test_a_card_that_takes_nothing_lets_nobody_in_and_says_so(bench: Bench) -> None:
    holds_the_lock(bench)
    takes(bench, nothing=True)
    types(bench, PIN + PIN)
    assert (bench.at, bench.screen.note) == ("pin", WORDS["driver.refused"])


# Who leaves it open


def test_a_minute_without_a_touch_locks_where_names_are_in_sight(bench: Bench) -> None:
    is_listed(is_at_the_list(bench), *NAMES)
    bench.passes(40)
    bench.touches(5, 5)
    bench.passes(59)
    assert bench.at == "roster"
    bench.passes(1)
    assert bench.at == "welcome"
    assert not bench.desk.staff.vault.is_open


def test_two_minutes_without_a_touch_lock_everywhere_else(bench: Bench) -> None:
    is_in(bench)
    bench.passes(119)
    assert bench.at == "staff"
    bench.passes(1)
    assert bench.at == "welcome"
    assert not bench.desk.staff.vault.is_open


def test_one_touch_gives_the_panel_back_and_locks(bench: Bench) -> None:
    is_in(bench)
    bench.taps(QUIT)
    assert bench.at == "welcome"
    assert not bench.desk.staff.vault.is_open


def test_a_panel_that_moves_is_dark_and_locked(bench: Bench) -> None:
    is_listed(is_in(bench), *NAMES)
    bench.the_vehicle_says(duty="on", moving=True)
    bench.passes(1)
    assert bench.at == "dark"
    assert not bench.desk.staff.vault.is_open
    bench.the_vehicle_says(duty="on", moving=False)
    bench.passes(1)
    assert bench.at == "welcome"


def test_no_touch_alone_leads_inside(bench: Bench) -> None:
    is_in(bench)
    bench.taps(QUIT)
    for touch in ("staff", "close", "back", "change", "forgotten", "back", "done", "close"):
        bench.desk.touch(touch)
        assert bench.desk.panel.screen not in INSIDE


def test_a_pin_half_typed_is_forgotten_with_the_page(bench: Bench) -> None:
    holds_the_lock(bench)
    types(bench, "4821")
    bench.passes(60)
    assert bench.at == "welcome"
    assert bench.desk.staff.pad == Pad()


def test_who_types_fast_types_every_digit(bench: Bench) -> None:
    holds_the_lock(bench)
    bench.hand.seconds += 1
    for digit in PIN + PIN:
        bench.hand.seconds += 0.15
        bench.touches(*bench.centre(bench.find(digit)))
    assert bench.at == "staff"


# Today's list


def test_the_list_shows_who_signed_up_under_the_workshops_title(bench: Bench) -> None:
    workshop = b'{"id":"cv","title":"Mon CV","starts":0,"minutes":90,"theme":"emploi"}'
    the_federation_says(bench, "programme", 1, b'{"workshops":[%b]}' % workshop)
    is_at_the_list(bench)
    assert WORDS["staff.nobody"] in shown(bench)
    is_listed(bench, *NAMES)
    assert bench.screen.title == "Mon CV"
    told = shown(bench)
    assert all(name in told for name in NAMES[:4])
    assert "06 12 34 56 78" in told
    assert NAMES[4] not in told
    bench.taps("1 / 2")
    assert NAMES[4] in shown(bench)


def test_the_list_is_opened_when_something_changed_and_not_each_second(bench: Bench) -> None:
    is_listed(is_at_the_list(bench), *NAMES[:2])
    bench.passes(10 - bench.hand.seconds % 10)
    attendance, opened = bench.desk.attendance, []
    read = attendance.list
    attendance.list = lambda: (opened.append(1), read())[1]
    for _ in range(9):
        bench.passes(1)
    assert len(opened) == 0
    bench.desk.house.keep(HelpRequested())
    bench.passes(0)
    assert len(opened) == 1
    page = bench.screen
    bench.desk.touch("back")
    bench.pump()
    assert page._view is None


def test_seats_and_who_waits_are_told_apart() -> None:
    from ui.screens.staff.roster import seats

    line = RosterLine(workshop="cv", number=1, seats=3, waiting=2)
    assert seats(line, WORDS) == "1 place\n2 en attente"
    assert seats(RosterLine(workshop="cv", number=1, seats=2), WORDS) == "2 places"
    assert seats(RosterLine(workshop="cv", number=1, waiting=1), WORDS) == "1 en attente"


def test_a_list_lost_in_strict_mode_is_told_in_one_sentence(bench: Bench) -> None:
    is_listed(is_at_the_list(bench), *NAMES)
    vault = bench.desk.staff.vault
    vault._days._private = None  # as after a power cut
    vault.step()
    vault.unlock(PIN)
    bench.passes(1)
    assert bench.screen.why_empty == WORDS["staff.gone"]


def test_staff_are_told_in_plain_words_how_well_names_are_kept(bench: Bench) -> None:
    is_at_the_list(bench)
    assert bench.screen.safety == [
        WORDS["staff.unsealed"],
        WORDS["staff.not_enrolled"],
        WORDS["staff.strict"],
        WORDS["staff.certificate_unknown"],
    ]
    Trusted().identity_of("van-germaine", bench.folder / "data")
    bench.desk.staff.sealer.test()
    word = {"certificate_until": 1_798_761_600_000}
    runtime.publish(bench.folder / "run", "uplink", word)
    bench.passes(1)
    assert bench.screen.safety == [
        WORDS["staff.sealed"],
        WORDS["staff.strict"],
        "Certificat jusqu’au 01/01/2027.",
    ]


# The end of the day


def test_the_day_ends_with_two_touches_and_its_names_are_gone(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(WORDS["thanks.done"])
    bench.desk.capture.sign_up("cv", 2, 0, "", "")
    is_listed(is_in(bench), *NAMES)
    bench.taps(WORDS["staff.close"])
    assert bench.at == "closing"
    bench.desk.touch("back")
    bench.pump()
    assert bench.at == "staff"
    bench.taps(WORDS["staff.close"])
    bench.taps(WORDS["closing.yes"])
    assert bench.at == "day_over"
    bench.taps(WORDS["day_over.done"])
    assert bench.at == "welcome"
    assert kept(bench.folder)[-1] == Closed(check_ins=1, sign_ups=2)
    assert bench.desk.staff.vault.day_key == ""
    assert runtime.read(bench.folder / "run", "screen")["day_key"] == ""
    checks_in(bench)
    assert bench.screen.state.number == 1


def test_a_day_that_cannot_be_closed_is_still_open_and_says_so(bench: Bench) -> None:
    is_listed(is_in(bench), "Zoé")
    bench.taps(WORDS["staff.close"])
    takes(bench, nothing=True)
    bench.taps(WORDS["closing.yes"])
    assert bench.at == "closing"
    assert WORDS["driver.refused"] in shown(bench)
    takes(bench, nothing=False)
    bench.desk.touch("back")
    bench.pump()
    for touch in ("attendance", "roster"):
        bench.desk.touch(touch)
    bench.pump()
    assert "Zoé" in shown(bench)


# A PIN that was forgotten


def test_a_code_told_over_the_phone_lets_staff_choose_another_pin(bench: Bench) -> None:
    Trusted().identity_of("van-germaine", bench.folder / "data")
    is_in(bench)
    bench.taps(QUIT)
    holds_the_lock(bench)
    bench.taps(FORGOTTEN)
    challenge = bench.screen.challenge.replace(" ", "")
    types(bench, "0123456789")
    assert (bench.at, bench.screen.note) == ("reset", WORDS["reset.wrong"])
    types(bench, reset_code.answer(b"s" * 32, challenge))
    assert bench.at == "pin"
    assert WORDS["pin.choose"] in shown(bench)
    types(bench, OTHER + OTHER)
    assert bench.at == "staff"


def test_a_unit_without_its_secret_says_whom_to_call(bench: Bench) -> None:
    is_in(bench)
    bench.taps(QUIT)
    holds_the_lock(bench)
    bench.taps(FORGOTTEN)
    types(bench, "0123456789")
    assert bench.screen.note == WORDS["reset.impossible"]


def test_settings_that_forget_the_pin_put_out_whoever_is_in(bench: Bench) -> None:
    is_listed(is_in(bench), *NAMES)
    the_federation_says(bench, "settings", 4, b'{"pin_reset":1}')
    for _ in range(2):
        bench.desk.present()
        bench.passes(30)
    assert bench.at == "welcome"
    holds_the_lock(bench)
    assert WORDS["pin.choose"] in shown(bench)


# Nothing of it outside


@pytest.mark.parametrize("touch", ["done", "back"])
def test_no_name_stays_in_a_page_that_is_out_of_sight(bench: Bench, touch: str) -> None:
    is_listed(is_at_the_list(bench), *NAMES)
    page = bench.screen
    bench.desk.touch(touch)
    bench.pump()
    texts = [getattr(widget, "text", "") for widget in page.walk()]
    assert not any(name in text for name in NAMES for text in texts)


def test_a_crash_while_the_list_is_shown_leaves_no_name_in_the_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    from ui.app import CrashDoor

    is_listed(is_at_the_list(bench), *NAMES)
    assert NAMES[0] in shown(bench)
    view = bench.desk.staff.roster()
    with caplog.at_level(logging.DEBUG):
        try:
            raise LookupError(f"{view} {view.lines} {bench.desk.staff.pages(view)}")
        except LookupError as error:
            CrashDoor(bench.app).handle_exception(error)
    bench.pump()
    assert "LookupError" in caplog.text
    assert not any(name in caplog.text or "06 12" in caplog.text for name in NAMES)
    assert not any(name in shown(bench) for name in NAMES)


def test_neither_pin_nor_name_is_logged_published_or_a_title(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        is_listed(is_in(bench), *NAMES)
        bench.taps(QUIT)
        holds_the_lock(bench)
        types(bench, PIN[:5])
        told = repr(bench.desk.staff.pad)
    published = (bench.folder / "run" / "screen.json").read_text(encoding="utf-8")
    everything = caplog.text + published + told + bench.app.title
    assert not any(word in everything for word in (*NAMES, PIN, PIN[:5], "06 12"))


def test_the_run_file_names_the_days_key_and_what_is_wrong(bench: Bench) -> None:
    is_in(bench)
    word = runtime.read(bench.folder / "run", "screen")
    assert word["day_key"] == bench.desk.staff.vault.day_key != ""
    (fault,) = word["faults"]
    assert fault.startswith("names are refused, they cannot be sealed: ")


def test_the_real_cost_of_a_guess_is_that_of_the_design() -> None:
    from appliance.vault.pins import KDF
    from ui.staff import door

    assert door.KDF is KDF


def test_names_are_not_on_the_card(bench: Bench) -> None:
    is_listed(is_in(bench), *NAMES)
    card = b"".join(path.read_bytes() for path in every_file(bench.folder))
    assert not any(name.encode() in card for name in (*NAMES, PIN))


def every_file(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
