"""What visitors and staff do at a stop, each of them a script. Invents people, knows none."""

from random import Random
from typing import Any, NamedTuple

from protocol import codes, incidents, visits, workshops
from protocol.documents import Workshop
from protocol.event import Code, Event, Key

from .script import Boot, Deed, Script

MINUTE = 60_000
_FIRST_NAMES = ("Amina", "Bernard", "Chloé", "Driss", "Elena", "Fatou", "Gérard", "Huong")
_SHARES = (
    ("help_level", 0.85, (4, 6, 0)),
    ("gender", 0.85, (4, 6, 0)),
    ("age_band", 0.75, (0, 1, 2, 4, 5, 4, 5, 0)),
    ("social_status", 0.4, (5, 3, 3, 1, 0)),
    ("mode", 0.7, (2, 5, 3, 0)),
    ("autonomy", 0.3, (3, 5, 2)),
    ("referral", 0.2, (4, 2, 3, 2, 2, 1, 1)),
)
_DOORS = (5, 3, 4, 3, 3, 4, 4, 6, 3, 2)


class Stand(NamedTuple):
    """One stop, as long as the vehicle stands there."""

    chance: Random
    boot: Boot
    stop: Key
    communes: tuple[str, ...]
    staff: tuple[str, ...]

    def says(self, at: int, event: Event, personal: dict[str, str] | None = None) -> Deed:
        """Something touched on the screen."""
        return Deed(at, "screen", event, self.boot, personal)


def visit(stand: Stand, at: int, number: int) -> Script:
    """Somebody comes, waits, is received, and what they came for is noted."""
    chance = stand.chance
    key = yield stand.says(at, _checked_in(stand, number))
    if chance.random() < 0.55:
        at += chance.randrange(5_000, 25_000)
        yield stand.says(at, _answered(stand, key))
    at += round(chance.expovariate(1 / (7 * MINUTE)))
    end = chance.random()
    if end < 0.06:
        yield stand.says(at, visits.Left(visit=key))
    elif end < 0.09:
        author = stand.staff[0]
        yield stand.says(at, visits.Cancelled(visit=key, reason="mistake", author=author))
    else:
        yield stand.says(at, visits.Received(visit=key))
        if chance.random() < 0.8:
            minutes = chance.choices((10, 15, 30, 45, 60), (3, 5, 6, 2, 1))[0]
            at += minutes * MINUTE
            yield stand.says(at, _described(stand, key, minutes))
    return at


def sign_up(stand: Stand, at: int, workshop: Workshop, number: int, taken: list[Key]) -> Script:
    """Somebody takes seats in a workshop; their name is sealed."""
    chance = stand.chance
    seats = chance.choices((1, 2), (8, 2))[0]
    event = workshops.SignedUp(
        workshop=workshop.id,
        number=number,
        seats=seats,
        waiting=max(len(taken) + seats - workshop.seats, 0) and seats,
        by_staff=chance.random() < 0.3,
    )
    phone = f"06 00 {chance.randrange(100):02d} {chance.randrange(100):02d} 00"
    personal = {"first_name": chance.choice(_FIRST_NAMES), "phone": phone}
    key = yield stand.says(at, event, personal)
    taken.append(key)
    if chance.random() < 0.1:
        at += chance.randrange(5 * MINUTE, 40 * MINUTE)
        yield stand.says(at, workshops.Cancelled(sign_up=key))
        taken.remove(key)
    return at


def attendance(stand: Stand, at: int, workshop: Workshop, taken: list[Key]) -> Script:
    """The attendance sheet, line by line, and perhaps somebody who just came by."""
    author = stand.staff[-1]
    for key in taken:
        at += stand.chance.randrange(1_000, 9_000)
        status = stand.chance.choices(("seen", "noshow", "excused"), (7, 2, 1))[0]
        yield stand.says(
            at,
            workshops.Attended(workshop=workshop.id, status=status, sign_up=key, author=author),
        )
    if stand.chance.random() < 0.4:
        yield stand.says(at, workshops.Attended(workshop=workshop.id, status="seen", author=author))
    return at


def tally(stand: Stand, at: int) -> Script:
    """A street animation, counted by hand."""
    bands = stand.chance.sample(list(codes.CODES["age_band"])[:-1], 4)
    counts: dict[Code, dict[Code, int]] = {
        band: {gender: stand.chance.randrange(7) for gender in ("feminin", "masculin")}
        for band in bands
    }
    yield stand.says(
        at,
        visits.Tally(
            theme="lien_social",
            counts=counts,
            stop=stand.stop,
            duration_minutes=60,
            author=stand.staff[0],
        ),
    )
    return at


def trouble(stand: Stand, at: int) -> Script:
    """Now and then something goes wrong, or somebody asks for help."""
    if stand.chance.random() < 0.3:
        yield stand.says(at, incidents.HelpRequested())
    else:
        kind = stand.chance.choices(("delay", "place_taken", "weather", "equipment"), (5, 2, 2, 1))[
            0
        ]
        minutes = stand.chance.randrange(5, 50) if kind == "delay" else None
        yield stand.says(at, incidents.Reported(kind=kind, minutes=minutes, stop=stand.stop))
    return at


def _checked_in(stand: Stand, number: int) -> visits.CheckedIn:
    doors = list(codes.CODES["door"])[: len(_DOORS)]
    door = stand.chance.choices(doors, _DOORS)[0]
    return visits.CheckedIn(
        number=number,
        door=door,
        theme=codes.theme_of_door(door),
        people=stand.chance.choices((1, 2, 3), (82, 14, 4))[0],
        stop=stand.stop,
        by_staff=stand.chance.random() < 0.15,
    )


def _answered(stand: Stand, key: Key) -> visits.Described:
    chance = stand.chance
    first = chance.choices(list(codes.CODES["first_visit"]), (4, 5, 1, 1))[0]
    commune = chance.choice((*stand.communes, *stand.communes, "autre"))
    known = chance.choice(list(codes.CODES["known_via"]))
    return visits.Described(
        visit=key,
        source="visitor",
        first_visit=first,
        commune=commune if chance.random() < 0.7 else None,
        known_via=known if chance.random() < 0.4 else None,
    )


def _described(stand: Stand, key: Key, minutes: int) -> visits.Described:
    chance = stand.chance
    told: dict[str, Any] = {
        name: chance.choices(list(codes.CODES[name]), weights)[0]
        for name, share, weights in _SHARES
        if chance.random() < share
    }
    themes = list(codes.CODES["theme"])
    return visits.Described(
        visit=key,
        source="staff",
        themes=(chance.choice(themes),),
        duration_minutes=minutes,
        materials=(chance.choice(list(codes.CODES["material"])),) if chance.random() < 0.3 else (),
        author=chance.choice(stand.staff),
        **told,
    )
