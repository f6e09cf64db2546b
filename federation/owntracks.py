"""Stops in the words of OwnTracks (owntracks.org/booklet/tech/json): where a vehicle stands.

Pure. Stops alone: there is no way to tell the road between two of them from here, and a vehicle
that drives keeps the place of its last stop.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, NamedTuple

import msgspec

ACCURACY: Final = 20
"""Metres, of a stop's place."""
Key = tuple[str, int, int]
"""Unit, epoch and seq of the stop."""


class Stop(NamedTuple):
    """A row of the projection, and where its unit belongs; milliseconds since 1970."""

    unit: str
    epoch: int
    seq: int
    arrived: int
    departed: int | None
    lat: float
    lon: float
    name: str
    territory: str
    """Its code."""
    vehicle: str
    """Its name, of which people are shown the first two letters."""

    @property
    def key(self) -> Key:
        """Its id."""
        return self.unit, self.epoch, self.seq


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What was published of a stop."""

    arrived: int
    departed: int | None
    lat: float
    lon: float


class Message(NamedTuple):
    """To be published."""

    topic: str
    payload: bytes
    retain: bool


Degrees = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Location(msgspec.Struct, tag_field="_type", tag="location", omit_defaults=True):
    """Where it stands or stood last."""

    lat: Degrees
    lon: Degrees
    tst: int
    tid: str
    acc: int
    created_at: int
    inregions: list[str] = []
    t: str = ""


class Transition(msgspec.Struct, tag_field="_type", tag="transition"):
    """It came, or it left."""

    event: str
    desc: str
    lat: Degrees
    lon: Degrees
    tst: int
    wtst: int
    acc: int
    tid: str
    rid: str
    t: str = "c"


def news(
    stops: Iterable[Stop], known: Mapping[Key, Known], prefix: str, now: int
) -> tuple[list[Message], dict[Key, Known]]:
    """What to publish, in order, and what is known then; stops that are no longer given are not.

    `now` in milliseconds since 1970.
    """
    ordered = sorted(stops, key=lambda stop: (stop.arrived, stop.key))
    last = {stop.unit: stop.key for stop in ordered}
    found, after = [], {}
    for stop in ordered:
        before = known.get(stop.key)
        said = after[stop.key] = Known(stop.arrived, stop.departed, stop.lat, stop.lon)
        if said == before:
            continue
        topic = f"{prefix}/{stop.territory.translate(_NOT_IN_TOPICS)}/{stop.unit}"
        if last[stop.unit] == stop.key:
            found.append(Message(topic, _encode(_location(stop, now)), True))
        if before is None:
            found.append(Message(f"{topic}/event", _encode(_transition(stop, "enter")), False))
        if stop.departed is not None and (before is None or before.departed is None):
            found.append(Message(f"{topic}/event", _encode(_transition(stop, "leave")), False))
    return found, after


def _location(stop: Stop, now: int) -> Location:
    moment = stop.departed if stop.departed is not None else stop.arrived
    return Location(
        lat=stop.lat, lon=stop.lon, tst=moment // 1000, tid=_initials(stop), acc=ACCURACY,
        created_at=now // 1000, t="c",
        inregions=[stop.name] if stop.name and stop.departed is None else [],
    )  # fmt: skip


def _transition(stop: Stop, event: str) -> Transition:
    left = stop.departed if event == "leave" and stop.departed is not None else stop.arrived
    return Transition(
        event=event, desc=stop.name, lat=stop.lat, lon=stop.lon, tst=left // 1000,
        wtst=stop.arrived // 1000, acc=ACCURACY, tid=_initials(stop),
        rid=f"{stop.epoch}-{stop.seq}",
    )  # fmt: skip


def _initials(stop: Stop) -> str:
    # Cut after: a small ß becomes two letters, and OwnTracks bears two in all.
    return (stop.vehicle or stop.unit[-2:]).upper()[:2]


_encode = msgspec.json.encode
_NOT_IN_TOPICS: Final = str.maketrans("/+#\0", "----")
