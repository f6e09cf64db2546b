"""Names go after two years, positions after two months; no clock that jumps hurries it."""

import json
from pathlib import Path

import pytest

from federation.people.retention import Forgetting, without_position
from federation.places import Place, Places
from protocol import messages
from protocol.event import Event, Key
from protocol.messages import Status
from protocol.retention import RULES
from protocol.stops import Arrived
from protocol.workshops import Attended, Called, Changed
from tests.federation.people.desk import DAY, EPOCH, SPRING, Desk

HOUR = 3600.0
MARKET = Place("Place du Marché", "57230", 49.0737, 6.6812)
KEY = Key(EPOCH, 1)
YEARS = RULES["federation.sealed"].days
MONTHS = RULES["federation.positions"].days


class Clock:
    """Hourly turns of forgetting, at whatever the wall clock says."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.now = desk, 0.0
        self.forgetting = Forgetting(desk.database, lambda: Places([MARKET]), 3000)

    def turn(self, utc: int, times: int = 1) -> None:
        self.live([utc] * times)

    def live_until(self, utc: int) -> None:
        """Day after day, as a federation does that is always on."""
        self.live([*range(SPRING, utc, DAY), utc])

    def live(self, moments: list[int]) -> None:
        with self.desk.ledger.transaction():
            for utc in moments:
                self.now += HOUR
                assert self.forgetting.is_due(self.now)
                self.forgetting.turn(self.now, utc)


@pytest.fixture
def clock(desk: Desk) -> Clock:
    return Clock(desk)


def test_a_name_goes_two_years_after_the_last_contact(desk: Desk, clock: Clock) -> None:
    key = desk.sign_up(12, "Aïcha")
    clock.live_until(SPRING + YEARS * DAY)
    assert desk.envelope(key) is not None
    clock.live_until(SPRING + (YEARS + 1) * DAY)
    assert desk.envelope(key) is None


def test_somebody_who_came_again_is_remembered_from_then_on(desk: Desk, clock: Clock) -> None:
    key = desk.sign_up(12, "Aïcha")
    came = SPRING + 300 * DAY
    desk.tell(Attended(workshop="cv-telephone", status="present", sign_up=key), utc=came)
    clock.live_until(came + (YEARS - 1) * DAY)
    assert desk.envelope(key) is not None
    clock.live_until(came + (YEARS + 1) * DAY)
    assert desk.envelope(key) is None


@pytest.mark.parametrize(
    ("word", "is_contact"),
    [
        (Changed(sign_up=KEY, seats=2, cause="asked"), True),
        (Changed(sign_up=KEY, seats=1, cause="moved_up"), False),
        (Called(sign_up=KEY), True),
        (Called(sign_up=KEY, reached=False), False),
    ],
)
def test_only_a_word_with_the_person_is_a_contact(
    desk: Desk, clock: Clock, word: Event, is_contact: bool
) -> None:
    key = desk.sign_up(12, "Aïcha")
    desk.tell(word, utc=SPRING + 300 * DAY)
    clock.live_until(SPRING + (YEARS + 1) * DAY)
    assert (desk.envelope(key) is not None) == is_contact


def test_whoever_came_to_another_van_is_remembered_from_then_on(desk: Desk, clock: Clock) -> None:
    key = desk.sign_up(12, "Aïcha")
    came, home, desk.unit = SPRING + 300 * DAY, desk.unit, "van-marius"
    there = Attended(workshop="cv-telephone", status="seen", sign_up=key, unit=home)
    desk.tell(there, utc=came)
    clock.live_until(came + (YEARS - 1) * DAY)
    assert desk.envelope(key) is not None


def test_a_van_whose_clock_is_years_ahead_keeps_no_name_for_longer(
    desk: Desk, clock: Clock
) -> None:
    wrong = SPRING + 20 * 365 * DAY
    key = desk.sign_up(12, "Aïcha", utc=wrong, received=SPRING)
    came = Attended(workshop="cv-telephone", status="present", sign_up=key)
    desk.tell(came, utc=wrong, received=SPRING)
    clock.live_until(SPRING + (YEARS + 1) * DAY)
    assert desk.envelope(key) is None


def test_a_clock_ten_years_ahead_forgets_nothing_for_a_day_of_turns(
    desk: Desk, clock: Clock
) -> None:
    key = desk.sign_up(12, "Aïcha")
    clock.turn(SPRING)
    clock.turn(SPRING + 3650 * DAY, times=24)
    assert desk.envelope(key) is not None
    clock.turn(SPRING + DAY)
    assert desk.envelope(key) is not None


def test_a_clock_that_went_back_forgets_nothing(desk: Desk, clock: Clock) -> None:
    key = desk.sign_up(12, "Aïcha")
    clock.turn(SPRING + DAY)
    clock.turn(0)
    assert desk.envelope(key) is not None


def arrived(**more: object) -> Arrived:
    told = {"source": "gps", "lat": 49.0738, "lon": 6.6811, "name": "Place du Marché"}
    return Arrived(**(told | more))


def body(desk: Desk, seq: int) -> dict[str, object]:
    (found,) = desk.database.execute("SELECT body FROM event WHERE seq = ?", (seq,)).fetchone()
    read: dict[str, object] = json.loads(found)
    return read


def test_where_exactly_goes_after_two_months_and_the_commune_stays(
    desk: Desk, clock: Clock
) -> None:
    desk.tell(arrived())
    desk.tell(arrived(commune="57000"))
    clock.live_until(SPRING + MONTHS * DAY)
    assert body(desk, 1)["lat"] == 49.0738
    clock.live_until(SPRING + (MONTHS + 1) * DAY)
    assert body(desk, 1) == {"source": "gps", "name": "Place du Marché", "commune": "57230"}
    assert body(desk, 2)["commune"] == "57000"
    assert "lat" not in body(desk, 2)


def test_a_row_sent_again_after_its_position_went_is_no_fork(desk: Desk, clock: Clock) -> None:
    desk.tell(arrived())
    receipt = desk.ledger.receipt(desk.unit)
    clock.live_until(SPRING + (MONTHS + 1) * DAY)
    desk._seq, desk._digest = 0, bytes(8)
    desk.tell(arrived())
    assert desk.ledger.receipt(desk.unit) == receipt
    assert desk.database.execute("SELECT count(*) FROM flag").fetchone() == (0,)


def test_the_place_of_a_unit_that_fell_silent_goes_too(desk: Desk, clock: Clock) -> None:
    place = messages.Place(lat=49.07, lon=6.68, name="Marché")
    status = Status(boot_id="b", boottime=1, utc=None, version="1", journals={}, place=place)
    desk.database.execute(
        "INSERT INTO unit (unit, first_seen, status, status_received) VALUES (?, 0, ?, ?)",
        (desk.unit, messages.encode(status), SPRING),
    )
    clock.live_until(SPRING + (MONTHS + 1) * DAY)
    (left,) = desk.database.execute("SELECT status FROM unit").fetchone()
    assert messages.decode(left, Status) == messages.decode(
        messages.encode(status).replace(b',"place":' + messages.encode(place), b""), Status
    )


def test_a_position_far_from_every_known_place_leaves_no_commune() -> None:
    told = without_position(b'{"source":"gps","lat":0.0,"lon":0.0}', Places([MARKET]), 3000)
    assert told == b'{"source":"gps"}'


def test_every_rule_of_the_federation_is_carried_out_here() -> None:
    mine = {name for name, rule in RULES.items() if rule.where == "federation"}
    source = Path("federation/people/retention.py").read_text(encoding="utf-8")
    assert mine == {name for name in RULES if f'"{name}"' in source}


def test_what_nobody_could_read_goes_by_the_same_limits(desk: Desk, clock: Clock) -> None:
    keep = (
        "INSERT INTO quarantine (unit, topic, mark, epoch, first, last, reason, received,"
        " properties, payload) VALUES ('van', 't', ?, ?, 1, 1, 'r', ?, '[]', 'bytes')"
    )
    desk.database.execute(keep, (b"apart", None, SPRING))
    desk.database.execute(keep, (b"range", 7, SPRING))

    def left() -> list[bytes]:
        rows = desk.database.execute("SELECT payload FROM quarantine ORDER BY id").fetchall()
        return [bytes(row[0], "ascii") if isinstance(row[0], str) else row[0] for row in rows]

    clock.live_until(SPRING + (MONTHS + 1) * DAY)
    assert left() == [b"", b"bytes"]
    clock.live_until(SPRING + (YEARS + 1) * DAY)
    assert left() == [b"", b""]
