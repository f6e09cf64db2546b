"""Realistic days of a made-up unit, from a seed: rows of its three journals. Holds nobody's data.

The dictionary is trained on some profiles and seeds; the benchmarks measure others.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from protocol import codes, day, duty, incidents, sealing, stops, unit, visits, workshops
from protocol.event import Event, Key, PersonalEvent
from protocol.events import encode_body
from protocol.row import NO_DIGEST, Row, chain

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Seal = Callable[[Key], bytes]
"""Makes the envelope of the row with that key."""


class Profile(NamedTuple):
    """What distinguishes one unit's days from another's."""

    visits: tuple[int, int]
    stops: tuple[int, int]
    visitor_answers: float
    """Share of visitors who answer a question after their number."""
    staff_describe: float
    workshops: float
    """Share of days with one."""
    tallies: float
    """Share of days with a street animation."""
    questions: tuple[str, ...]
    """What visitors are asked, by list or `commune`."""
    favourite_doors: tuple[str, ...]


TRAINING = (
    Profile(
        (15, 30), (2, 3), 0.5, 0.8, 0.4, 0.1, ("first_visit", "commune"), ("famille", "emploi")
    ),
    Profile((10, 25), (3, 5), 0.3, 0.9, 0.2, 0.0, ("age_band", "gender"), ("sante", "retraite")),
    Profile((20, 40), (1, 3), 0.7, 0.5, 0.6, 0.3, ("commune", "known_via"), ("numerique",)),
)
MEASURED = (
    Profile(
        (15, 40), (2, 4), 0.6, 0.7, 0.5, 0.2, ("first_visit", "age_band"), ("logement", "droit")
    ),
    Profile((18, 35), (2, 4), 0.4, 0.85, 0.3, 0.1, ("gender", "commune"), ("impots", "sante")),
)


class _Journal:
    """Rows of one journal, chained."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.rows, self.digest = epoch, list[Row](), NO_DIGEST

    def append(self, event: Event, boot: "_Boot", at: int) -> Key:
        body, seq, boottime = encode_body(event), len(self.rows) + 1, at - boot.started
        self.digest = chain(self.digest, self.epoch, seq, event.TYPE, body, boot.id, boottime)
        self.rows.append(Row(seq, event.TYPE, body, boot.id, boottime, at, "gps", 50, self.digest))
        return Key(self.epoch, seq)

    def append_sealed(self, event: PersonalEvent, boot: "_Boot", at: int, seal: Seal) -> Key:
        envelope = seal(Key(self.epoch, len(self.rows) + 1))
        told = msgspec.structs.replace(event, sealed=sealing.digest(envelope))
        key = self.append(told, boot, at)
        self.rows[-1] = self.rows[-1]._replace(envelope=envelope)
        return key


class _Boot(NamedTuple):
    id: str
    started: int


class Unit:
    """A unit whose days are lived one after the other."""

    def __init__(self, seed: int, profile: Profile, seal: Seal | None = None) -> None:
        """Sign-ups have sealed fields where there is a `seal`."""
        self.random, self.profile, self.seal = random.Random(seed), profile, seal
        self.journals = {
            name: _Journal(self.random.getrandbits(48)) for name in ("screen", "vehicle", "uplink")
        }
        self.communes = [f"{self.random.randrange(1001, 95999):05d}" for _ in range(6)]
        self.staff = ["".join(self.random.sample("ABCDEFGJLMNPRSTV", 2)) for _ in range(3)]
        self.places = [
            (self.random.uniform(43, 50), self.random.uniform(-1, 7), commune)
            for commune in self.communes
        ]
        self.sign_ups: list[Key] = []

    def live(self, days: int, start: int = 1_780_000_000_000) -> "Unit":
        """So many days, from a midnight in milliseconds since 1970."""
        for number in range(days):
            self._day(start + number * DAY + self.random.randrange(HOUR))
        return self

    def _day(self, midnight: int) -> None:
        at = midnight + 7 * HOUR + self.random.randrange(HOUR)
        boot = _Boot(str(uuid.UUID(int=self.random.getrandbits(128), version=4)), at)
        self._say("vehicle", unit.Booted(version="0.1.0", last_stop="clean"), boot, at + 9_000)
        fix = at + self.random.randrange(30_000, 120_000)
        clock = unit.ClockSet(boot_id=boot.id, boottime=fix - at, utc=fix, source="gps", error=50)
        self._say("vehicle", clock, boot, fix)
        if self.random.random() < 0.3:
            applied = unit.SettingsApplied(
                kind=self.random.choice(("tour", "programme")),
                revision=self.random.randrange(1, 400),
                outcome="applied",
            )
            self._say("uplink", applied, boot, fix + 5_000)
        at = self._say("screen", duty.Started(), boot, fix + self.random.randrange(20 * MINUTE))
        count, number = self.random.randint(*self.profile.stops), 0
        total = self.random.randint(*self.profile.visits)
        for place in range(count):
            share = total // count + (1 if place < total % count else 0)
            at, number = self._stop(boot, at + self._about(25 * MINUTE), share, number)
            if place == count // 2 - 1:
                self._say("screen", duty.Paused(), boot, at)
                at = self._say("screen", duty.Resumed(), boot, at + self._about(45 * MINUTE))
        closed = day.Closed(check_ins=number, sign_ups=0, author=self.random.choice(self.staff))
        at = self._say("screen", closed, boot, at + self._about(15 * MINUTE))
        self._say("screen", duty.Ended(), boot, at + self._about(MINUTE))

    def _stop(self, boot: _Boot, at: int, share: int, number: int) -> tuple[int, int]:
        """One stop and who came; its end and the last number given."""
        lat, lon, commune = self.random.choice(self.places)
        word = self.journals["screen"].append(stops.Arrived(source="driver"), boot, at)
        arrived = stops.Arrived(
            source="both", ago=180_000 + self.random.randrange(60_000), cites=word,
            lat=round(lat + self.random.gauss(0, 2e-5), 6),
            lon=round(lon + self.random.gauss(0, 2e-5), 6),
            planned=f"p{commune[:3]}", name=f"Place {commune}", commune=commune,
        )  # fmt: skip
        stop = self.journals["vehicle"].append(arrived, boot, at + 180_000)
        self._say("screen", day.Unlocked(), boot, at + self._about(2 * MINUTE))
        happenings = sorted(self._visits(at + 5 * MINUTE, share, number, stop), key=_when)
        refs: dict[int, Key] = {}
        for when, who, make in happenings:
            key = self.journals["screen"].append(make(refs), boot, when)
            refs.setdefault(who, key)
            at = max(at, when)
        at = self._workshop(boot, at + self._about(MINUTE)) + self._about(5 * MINUTE)
        self._say("screen", stops.Departed(source="driver"), boot, at)
        left = stops.Departed(source="both", stop=stop, ago=self.random.randrange(20_000))
        self._say("vehicle", left, boot, at + self._about(20_000))
        return at, number + share

    def _visits(
        self, at: int, share: int, number: int, stop: Key
    ) -> Iterator[tuple[int, int, object]]:
        for who in range(share):
            at += round(self.random.expovariate(1 / (6 * MINUTE)))
            yield at, who, self._checked_in(number + who + 1, stop)
            wait = round(self.random.expovariate(1 / (8 * MINUTE)))
            if self.random.random() < self.profile.visitor_answers:
                yield at + self.random.randrange(5_000, 25_000), who, self._answered(who)
            if self.random.random() < 0.07:
                yield at + wait, who, _of(visits.Left, who)
                continue
            if self.random.random() < 0.04:
                yield (
                    at + wait,
                    who,
                    _of(visits.Cancelled, who, reason="mistake", author=self.staff[0]),
                )
                continue
            yield at + wait, who, _of(visits.Received, who)
            if self.random.random() < self.profile.staff_describe:
                lasts = self.random.choices((15, 30, 45, 60, 90), (5, 6, 4, 2, 1))[0]
                yield at + wait + self._about(lasts * MINUTE), who, self._described(who, lasts)

    def _checked_in(self, number: int, stop: Key) -> object:
        doors = list(codes.CODES["door"])[:10]
        weights = [4 if door in self.profile.favourite_doors else 1 for door in doors]
        door = self.random.choices(doors, weights)[0]
        people = self.random.choices((1, 2, 3), (80, 15, 5))[0]
        event = visits.CheckedIn(
            number=number, door=door, theme=codes.theme_of_door(door), people=people, stop=stop,
            by_staff=self.random.random() < 0.15,
        )  # fmt: skip
        return lambda refs: event

    def _answered(self, who: int) -> object:
        told = {}
        for question in self.profile.questions[: self.random.choice((1, 2, 2))]:
            known = self.communes if question == "commune" else list(codes.CODES[question])
            told[question] = self.random.choice(known)
        return _of(visits.Described, who, source="visitor", **told)

    def _described(self, who: int, lasts: int) -> object:
        choose, told = self.random, {"themes": (self._one("theme"),), "duration_minutes": lasts}
        for name, share in _STAFF_FIELDS:
            if choose.random() < share:
                told[name] = self._one(name)
        if choose.random() < 0.3:
            told["materials"] = (self._one("material"),)
        author = choose.choice(self.staff)
        return _of(visits.Described, who, source="staff", author=author, **told)

    def _workshop(self, boot: _Boot, at: int) -> int:
        """Sign-ups, an attendance sheet, a tally: as the profile has it."""
        chance = self.random.random
        for _ in range(self.random.choice((0, 1, 1, 2, 3))):
            sign_up = workshops.SignedUp(
                workshop=f"w{self.random.randrange(40)}",
                number=self.random.randrange(100, 999),
                seats=self.random.choices((1, 2), (8, 2))[0],
            )
            at += self.random.randrange(20_000, 10 * MINUTE)
            self.sign_ups.append(self._signed_up(sign_up, boot, at))
        if chance() < self.profile.workshops / 2:
            for key in self.sign_ups[-8:]:
                status = self.random.choices(("seen", "noshow", "excused"), (7, 2, 1))[0]
                sheet = workshops.Attended(
                    workshop="w7", status=status, sign_up=key, author=self.staff[0]
                )
                at = self._say("screen", sheet, boot, at + self.random.randrange(1_000, 9_000))
        if chance() < self.profile.tallies:
            bands = self.random.sample(list(codes.CODES["age_band"]), 4)
            tally = visits.Tally(
                theme="lien_social",
                counts={band: {"feminin": self.random.randrange(9)} for band in bands},
                duration_minutes=60,
            )
            at = self._say("screen", tally, boot, at + self._about(MINUTE))
        if chance() < 0.1:
            at = self._say("screen", incidents.HelpRequested(), boot, at + self._about(MINUTE))
        if chance() < 0.1:
            late = incidents.Reported(kind="delay", minutes=self.random.randrange(5, 60))
            at = self._say("screen", late, boot, at + self._about(MINUTE))
        return at

    def _signed_up(self, event: workshops.SignedUp, boot: _Boot, at: int) -> Key:
        if self.seal is None:
            return self.journals["screen"].append(event, boot, at)
        return self.journals["screen"].append_sealed(event, boot, at, self.seal)

    def _about(self, milliseconds: int) -> int:
        return round(milliseconds * self.random.uniform(0.6, 1.4))

    def _one(self, name: str) -> str:
        known = list(codes.CODES[name])
        return self.random.choices(known, [1 / (place + 2) for place in range(len(known))])[0]

    def _say(self, journal: str, event: Event, boot: _Boot, at: int) -> int:
        self.journals[journal].append(event, boot, at)
        return at


_STAFF_FIELDS = (
    ("help_level", 0.8),
    ("gender", 0.8),
    ("age_band", 0.7),
    ("social_status", 0.4),
    ("mode", 0.7),
    ("autonomy", 0.3),
    ("place_type", 0.2),
    ("referral", 0.2),
)


def _when(happening: tuple[int, int, object]) -> int:
    return happening[0]


def _of(kind: type[Event], who: int, **fields: object) -> object:
    return lambda refs: kind(visit=refs[who], **fields)
