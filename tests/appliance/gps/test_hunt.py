"""Which port, which speed, and when to give up: decided without opening anything."""

from itertools import pairwise

from appliance.gps.hunt import LISTEN, LOST, SILENCE, SPEEDS, Hunt, Line

RECEIVER, MODEM = "/dev/serial/by-id/usb-u-blox", "/dev/ttyUSB0"


def found(line: Line, now: float = 0.0) -> Hunt:
    """A hunt that has just proven this line right."""
    hunt = Hunt()
    hunt.look([line.path])
    hunt.next(now)
    hunt.opened(now)
    hunt.heard(line, 2, now)
    return hunt


def tried(hunt: Hunt, count: int, now: float = 100.0) -> list[Line | None]:
    return [hunt.next(now) for _ in range(count)]


def test_every_speed_of_a_port_is_tried_before_the_next_port() -> None:
    hunt = Hunt()
    hunt.look([RECEIVER, MODEM])
    assert tried(hunt, 7) == [*(Line(RECEIVER, speed) for speed in SPEEDS), Line(MODEM, 9600)]


def test_the_remembered_port_and_speed_come_first() -> None:
    hunt = Hunt(Line(MODEM, 38400))
    hunt.look([RECEIVER, MODEM])
    assert tried(hunt, 2) == [Line(MODEM, 38400), Line(MODEM, 9600)]
    assert tried(hunt, 5)[-1] == Line(RECEIVER, 38400)


def test_a_speed_is_given_two_and_a_half_seconds() -> None:
    hunt = Hunt()
    hunt.opened(10.0)
    assert (hunt.verdict(10.0 + LISTEN - 0.1), hunt.verdict(10.0 + LISTEN)) == ("stay", "turn")


def test_two_good_sentences_prove_a_line_and_one_does_not() -> None:
    line, hunt = Line(RECEIVER, 9600), Hunt()
    hunt.opened(0.0)
    hunt.heard(line, 1, 1.0)
    assert (hunt.proven, hunt.good) == (False, None)
    hunt.heard(line, 1, 2.0)
    assert (hunt.proven, hunt.good) == (True, line)


def test_silence_opens_the_port_again_and_then_leaves_it() -> None:
    hunt = found(Line(RECEIVER, 9600))
    assert hunt.verdict(SILENCE - 0.1) == "stay"
    assert hunt.verdict(SILENCE) == "reopen"
    hunt.opened(SILENCE)
    assert hunt.verdict(SILENCE + 5) == "stay"
    assert hunt.verdict(LOST) == "leave"


def test_after_long_silence_every_other_port_goes_first() -> None:
    line = Line(RECEIVER, 9600)
    hunt = found(line)
    hunt.look([RECEIVER, MODEM])
    hunt.leave(line)
    assert tried(hunt, 7)[::6] == [Line(MODEM, 9600), line]


def test_a_port_that_appears_is_tried_at_once_at_the_known_speed() -> None:
    hunt = found(Line(RECEIVER, 38400))
    hunt.failed(Line(RECEIVER, 38400))
    hunt.look([])
    assert tried(hunt, 2) == [None, None]
    assert hunt.look([MODEM])
    assert tried(hunt, 1) == [Line(MODEM, 38400)]


def test_rounds_without_success_are_one_to_five_seconds_apart() -> None:
    hunt = Hunt()
    hunt.look([])
    now, starts = 0.0, []
    for _ in range(6):
        assert hunt.next(now) is None
        while now < hunt._resume:
            now += 0.25
        starts.append(now)
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert (min(pauses), max(pauses)) == (1.5, 5.0)
