"""Bodies of the downlink documents. Knows not how they are applied."""

from typing import Annotated

import msgspec

from .event import Code, Count, Key, Number, RawKey, Short, Signed, whole
from .stops import Latitude, Longitude

Address = Annotated[str, whole("(https://[!-~]{1,290})?")]
"""Of a file that is asked with the unit's certificate."""
FileDigest = Annotated[str, whole("([0-9a-f]{64})?")]
"""SHA-256, in hex."""


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every document body has in common."""


class PlannedStop(Body, frozen=True, kw_only=True):
    """Where the vehicle should stand, from when to when (minutes of the local day)."""

    id: Code
    name: Short
    lat: Latitude
    lon: Longitude
    commune: Code
    """INSEE code."""
    commune_name: Short = ""
    """What people call it: who is asked where they live chooses among these."""
    opens: Count
    closes: Count
    kind: Code = "autre"
    """Code list `stop_kind`."""
    territory_class: Code | None = None
    zoning_year: int | None = None


class Tour(Body, frozen=True, kw_only=True):
    """The planned stops of one local day (YYYY-MM-DD)."""

    day: Short
    name: Short
    stops: tuple[PlannedStop, ...]


class Tours(Body, frozen=True, kw_only=True):
    """Document kind `tour`: the tours that are known, by day, and the depot."""

    tours: tuple[Tour, ...] = ()
    depot: PlannedStop | None = None


class Workshop(Body, frozen=True, kw_only=True):
    """A workshop on offer, and the seats allotted to this unit."""

    id: Code
    title: Short
    starts: Signed
    """Milliseconds since 1970."""
    minutes: Count
    theme: Code
    """Code list `theme`."""
    place: Short = ""
    seats: Count = 0
    asks_name: bool = True
    """Whether a first name and a phone number are asked for; neither is ever demanded."""
    audience: Short = ""
    """For whom it is, in the federation's words; empty: for everybody."""
    level: Code | None = None
    """Code list `level`; None: whatever somebody knows already."""


class Programme(Body, frozen=True, kw_only=True):
    """Document kind `programme`."""

    workshops: tuple[Workshop, ...] = ()


class Settings(Body, frozen=True, kw_only=True):
    """Document kind `settings`: what the federation may set on board."""

    languages: tuple[Code, ...] = ()
    """In the order in which they stand on the first page; none: as the vehicle is set."""
    keep_track_days: Count = 60
    pin_reset: Count = 0
    """A higher number than the one applied last: the PIN is forgotten, staff choose another."""


class Notices(Body, frozen=True, kw_only=True):
    """Document kind `notices`: texts shown to visitors, by language."""

    texts: dict[str, str] = {}


class RosterLine(Body, frozen=True, kw_only=True):
    """One sign-up of today or tomorrow, in clear only inside `Roster.sealed`."""

    workshop: Code
    number: Count
    seats: Count = 1
    waiting: Count = 0
    first_name: Short = ""
    phone: Short = ""
    unit: Code | None = None
    """Where the sign-up was made, and the key it has there: its attendance is told with them."""
    sign_up: Key | None = None

    def __repr__(self) -> str:
        """Tells no name: a line may end up in a log, whatever breaks around it."""
        return f"RosterLine({self.workshop!r}, {self.number})"


class Roster(Body, frozen=True, kw_only=True):
    """Document kind `roster`: today's and tomorrow's sign-ups, for nobody but today's staff."""

    day_key: RawKey = ""
    """The key it is sealed to, as the unit's status named it; empty: there is no roster."""
    sealed: bytes = b""
    """JSON list of RosterLine, sealed to it (protocol.sealing.seal_bytes, `roster_info`)."""


class Update(Body, frozen=True, kw_only=True):
    """Document kind `update`: the system this unit should run."""

    version: Short = ""
    """Empty: nothing is wanted."""
    address: Address = ""
    """Where its bundle is, asked with the unit's certificate."""
    size: Number = 0
    """Bytes of the bundle."""
    digest: FileDigest = ""
    mobile: bool = False
    """Whether it may be fetched over 4G; otherwise over the depot's Wi-Fi alone."""
    mobile_megabytes: Count = 20
    """Of 4G a day, at the most."""


def roster_info(unit: str) -> bytes:
    """What the sealed lines are bound to, besides the day key."""
    return f"escale roster 1|{unit}".encode()


BODIES: dict[str, type[Body]] = {
    "tour": Tours,
    "programme": Programme,
    "settings": Settings,
    "notices": Notices,
    "roster": Roster,
    "update": Update,
}
"""Document kind → the type of its body."""
TRUST = "trust"
"""The kind whose payload is the root's own statement (protocol.trust), not a Document."""
