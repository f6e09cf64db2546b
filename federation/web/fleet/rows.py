"""A vehicle as a row of the fleet's table. Written by hand: 2,400 of them, each second's changes.

Not by a template, which takes 200 µs a row; end tags that HTML does without are left out, since
the whole page must travel in 60 kB. Every word of people's goes through `escape`.
"""

from functools import lru_cache
from html import escape
from typing import Final, NamedTuple

from ... import fleet_state
from ...fleet_facts import VehicleFacts
from . import reasons, words

HEADINGS: Final = (
    "Véhicule", "État", "Depuis", "Lieu", "À bord", "Complet jusqu'à", "Version",
    "Batterie, carte", "Alertes",
)  # fmt: skip
"""Of the cells below; the style sheet repeats them for phones."""


class Line(NamedTuple):
    """A vehicle on the page; equal to the one before when nothing is to be sent."""

    key: str
    rank: tuple[int, int, str, str, str]
    """Whoever needs somebody most comes first; then by territory, centre and name."""
    html: str
    name: str
    state: fleet_state.State
    place: tuple[float, float] | None
    """Latitude and longitude of its stop."""
    said: str
    """State and reason in words, for whoever listens."""
    text: str
    """What a search looks through, in small letters."""
    in_tour: bool
    waiting: int
    behind: bool
    alerts: int

    @property
    def needs_somebody(self) -> bool:
        """What the filter keeps."""
        return self.state in ("missing", "trouble") or self.alerts > 0


def line(seen: VehicleFacts, newest: str, alerts: int, now: int) -> Line:
    """A vehicle as it is shown now. `newest`: version that is wanted; alerts: open ones."""
    box, verdict = seen.box, seen.standing
    behind = is_behind(seen.version, newest)
    reason = reasons.why(verdict, list(seen.troubles), seen.facts.zone, now)
    where = box.where if box else None
    placed = where is not None and where.lat is not None and where.lon is not None
    return Line(
        key=seen.key,
        rank=(fleet_state.ORDER[verdict.state], _length(seen), *_house(seen), seen.name),
        html=_row(seen, reason, alerts, now, behind=behind),
        name=seen.name,
        state=verdict.state,
        place=(where.lat, where.lon) if placed else None,  # type: ignore[union-attr,arg-type]
        said=", ".join(filter(None, (words.STATES[verdict.state], reason))),
        text=_text(seen, where.name if where else "").casefold(),
        in_tour=seen.in_tour,
        waiting=box.backlog if box else 0,
        behind=behind,
        alerts=alerts,
    )


def newest(versions: list[str]) -> str:
    """The newest version that any vehicle has."""
    return max(filter(None, versions), key=_numbers, default="")


def is_behind(version: str, newest: str) -> bool:
    """Whether a vehicle has an older one."""
    return bool(version) and _numbers(version) < _numbers(newest)


def address(key: str) -> str:
    """Of the page of a vehicle, or of a box that rides in none."""
    return f"/vehicules/{key[1:]}/" if key.startswith("v") else f"/boitiers/{key[2:]}/"


def _row(seen: VehicleFacts, reason: str, alerts: int, now: int, *, behind: bool) -> str:
    cells = (
        _name(seen),
        f"<b>{words.STATES[seen.standing.state]}</b>" + _small(reason),
        _moment(seen.standing.since, seen, now),
        escape(_where(seen, now), quote=False),
        *_box(seen, now, behind=behind),
        f"<b class=a>{alerts}</b>" if alerts else "",
    )
    letter = words.LETTERS[seen.standing.state]
    return f"<tr class={letter}>{cells[0]}<td>" + "<td>".join(cells[1:]) + "</tr>"


def _text(seen: VehicleFacts, place: str) -> str:
    state = words.STATES[seen.standing.state]
    return " ".join((seen.name, *_house(seen), seen.unit or "", place, state))


def _house(seen: VehicleFacts) -> tuple[str, str]:
    return (seen.vehicle.territory, seen.vehicle.centre) if seen.vehicle else ("", "")


def _name(seen: VehicleFacts) -> str:
    house = f"{seen.vehicle.centre}, {seen.vehicle.territory}" if seen.vehicle else "hors registre"
    name = escape(seen.name, quote=False)
    return f"<th scope=row><a href={escape(address(seen.key))}>{name}</a>{_small(house)}"


def _box(seen: VehicleFacts, now: int, *, behind: bool) -> tuple[str, str, str, str]:
    """Waiting on board, complete up to, version, power and disk."""
    box = seen.box
    if box is None:
        return "", "", "", ""
    version = escape(seen.version)
    power = box.word.battery_volts if box.word else None
    free = box.word.disk_free if box.word else None
    return (
        words.number(box.backlog) if box.backlog else "0",
        _moment(box.complete_to, seen, now),
        f"{version} <i>en retard</i>" if behind else version,
        " · ".join(
            (*((words.volts(power),) if power is not None else ()),
             *((words.size(free),) if free is not None else ()))
        ),
    )  # fmt: skip


def _where(seen: VehicleFacts, now: int) -> str:
    where = seen.box.where if seen.box else None
    if where is None:
        return ""
    name = where.name or "lieu sans nom"
    if where.departed is None:
        return name
    return f"{name}, parti {words.moment(where.departed, seen.facts.zone, now)}"


def _moment(at: int | None, seen: VehicleFacts, now: int) -> str:
    said = words.moment(at, seen.facts.zone, now)
    if seen.facts.zone == "Europe/Paris" or at is None:
        return said
    return said + _small(words.city(seen.facts.zone))


def _small(text: str) -> str:
    return f"<small>{escape(text, quote=False)}</small>" if text else ""


def _length(seen: VehicleFacts) -> int:
    """Those that are missing longest come first; the others go by name."""
    return (seen.standing.since or 0) if seen.standing.state == "missing" else 0


@lru_cache(maxsize=256)
def _numbers(version: str) -> tuple[int, ...]:
    parts = version.partition("+")[0].replace("-", ".").split(".")
    # A unit may say anything: no word of one may take the page from all.
    return tuple(int(part[:9]) if part.isdecimal() else 0 for part in parts)
