"""How the unit fares, for staff: what waits to be sent, and one line for each thing to check. Pure.

Says keys and values, never words; what no process tells is not known rather than well.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from appliance.uplink.report import Waiting
from appliance.vault.sealer import Trouble
from protocol.enrolment import is_spare

Mark = Literal["well", "look", "bad", "unknown"]
Told = Mapping[str, Any] | None
"""The latest word of a process; None: it says nothing."""

CAUSES = {"no_route": "unit.no_route", "silence": "unit.silence", "broker": "unit.broker"}
"""Why nothing leaves, by the uplink's word for it."""
ENROLMENTS = {
    "none": "unit.no_bundle",
    "asking": "unit.not_enrolled",
    "waiting": "unit.enrol_waiting",
    "refused": "unit.enrol_refused",
}
WRONG = ("damaged", "another_root", "another_unit", "several")
"""What can be wrong with a bundle (appliance/first_boot/choosing.py)."""
Kind = Literal["unit", "spare", "nameless"]
LONGEST_NAME = 18
"""Letters of a file's name that a panel has room for."""
GIGABYTE = 1_000_000_000
TRIED = ("gps", "link")
"""Checks that the first start waits for."""


class Sending(NamedTuple):
    """What is still on board alone, and why."""

    title: str
    """Key of the sentence in large."""
    mark: Mark
    waiting: Waiting


class Check(NamedTuple):
    """One thing, and how it is."""

    name: str
    """Of its pictogram and title: `check.<name>`."""
    key: str
    """Of its sentence."""
    mark: Mark
    values: dict[str, object] = {}  # noqa: RUF012 (never written to)


def sending(uplink: Told, waiting: Waiting) -> Sending:
    """From the uplink's word and the journals on the card."""
    if uplink is None:
        return Sending("unit.stopped", "bad", waiting)
    enrolment = uplink.get("enrolment")
    if enrolment in ENROLMENTS:
        return Sending(ENROLMENTS[enrolment], "look", waiting)
    if uplink.get("link") == "up":
        key = "unit.sending" if waiting.rows else "unit.all_sent"
        return Sending(key, "look" if uplink.get("faults") else "well", waiting)
    return Sending(CAUSES.get(uplink.get("cause") or "", "unit.trying"), "look", waiting)


class Facts(NamedTuple):
    """All that is looked at."""

    vehicle: Told
    uplink: Told
    keeper: Told
    trouble: Trouble
    """Why no name can be sealed."""
    strict: bool
    """Whether a power cut takes today's names off the screen."""
    utc: int | None
    """Now, milliseconds since 1970, when it is known."""
    sound: bool
    """Whether there is a loudspeaker."""
    card: Told = None
    """What the card said when it was switched on."""


def checks(facts: Facts) -> tuple[Check, ...]:
    """One line each, in the order of the page."""
    return (
        _gps(facts.vehicle),
        _link(facts.uplink),
        _clock(facts),
        _disk(facts.keeper, facts.card),
        _journals(facts.keeper),
        _names(facts),
        _sound(facts.sound),
        _certificate(facts),
    )


class Sentence(NamedTuple):
    """A sentence of the catalogue, and what is put in."""

    key: str
    values: dict[str, object]


WRITTEN = {
    "installing": "unit.update_written",
    "restarting": "unit.update_restarts",
    "trying": "unit.update_tried",
}
OUTCOMES = {"applied": "unit.update_done", "rolled_back": "unit.update_undone"}


def update(update: Told, health: Told) -> Sentence | None:
    """From the words of whoever writes it and of whoever tries it; None: there is nothing."""
    update, health = update or {}, health or {}
    if health.get("trial") is True and health.get("state") == "checking":
        return Sentence("unit.update_tried", {})
    state, version = update.get("state"), update.get("waiting")
    share = update.get("share")
    percent = round(share * 100) if isinstance(share, int | float) else 0
    if state == "refused":
        return Sentence("unit.update_refused", {"version": version})
    if version:
        return Sentence(WRITTEN.get(str(state), "unit.update"), {"percent": percent})
    if key := OUTCOMES.get(str(health.get("outcome"))):
        return Sentence(key, {"version": health.get("version")})
    return None


def card(told: Told) -> Sentence | None:
    """What is wrong with the files that look like bundles, as the first boot found them."""
    wrong = (told or {}).get("wrong")
    if wrong not in WRONG:
        return None
    about = [name for name in (told or {}).get("about") or () if isinstance(name, str)]
    return Sentence(f"first_boot.{wrong}", {"file": ", ".join(map(_short, about[:2]))})


def _short(name: str) -> str:
    """What tells one file from another, as far as a line is long."""
    own = name.removeprefix("escale-").removesuffix(".bundle")
    return own if len(own) <= LONGEST_NAME else f"{own[: LONGEST_NAME - 1]}…"


def kind(unit: str, *, trusts: bool) -> Kind:
    """What the card is: a unit; a spare one, which a code makes a unit; one that knows nothing."""
    if not is_spare(unit):
        return "unit"
    return "spare" if trusts else "nameless"


def step(name: str, seen: Collection[str], enrolment: str, lines: Sequence[Check]) -> Mark:
    """How a step of the first start is; unknown: nobody has been there.

    To choose is done once it was looked at; what can be tested is well when the test says so.
    """
    if name == "enrol" and enrolment == "enrolled":
        return "well"
    if name not in seen:
        return "unknown"
    tested = worst(tuple(line for line in lines if line.name in TRIED))
    return {"enrol": "look", "diagnostics": "well" if tested == "well" else "look"}.get(
        name, "well"
    )


def worst(lines: tuple[Check, ...]) -> Mark:
    """The mark of all of them together."""
    marks = {line.mark for line in lines}
    return next((mark for mark in ("bad", "look", "unknown") if mark in marks), "well")


def _gps(vehicle: Told) -> Check:
    gps = (vehicle or {}).get("gps")
    state = gps.get("state") if isinstance(gps, dict) else None
    if state == "fix":
        return Check("gps", "check.gps_fix", "well", {"count": gps.get("satellites") or 0})
    if state == "no_fix":
        return Check("gps", "check.gps_no_fix", "look", {"count": gps.get("satellites") or 0})
    marks: dict[str, Mark] = {"absent": "bad", "silent": "bad", "off_duty": "well"}
    if state in marks:
        return Check("gps", f"check.gps_{state}", marks[state])
    return Check("gps", "check.silent", "bad")


def _link(uplink: Told) -> Check:
    if uplink is None:
        return Check("link", "check.silent", "bad")
    if uplink.get("link") == "up":
        return Check("link", "check.link_up", "well")
    if uplink.get("enrolment") in ENROLMENTS:
        return Check("link", "check.link_not_enrolled", "look")
    cause = uplink.get("cause")
    return Check("link", f"check.link_{cause}" if cause in CAUSES else "check.link_trying", "look")


def _clock(facts: Facts) -> Check:
    if facts.utc is not None:
        return Check("clock", "check.clock_known", "well")
    return Check("clock", "check.clock_unknown", "look")


def _disk(keeper: Told, card: Told) -> Check:
    if keeper is None:
        return Check("disk", "check.silent", "bad")
    free = keeper.get("disk_free")
    values: dict[str, object] = {"free": max(0, free or 0) // GIGABYTE}
    marks: dict[str, Mark] = {"low": "look", "full": "bad"}
    state = keeper.get("disk_state")
    if state in marks:
        return Check("disk", f"check.disk_{state}", marks[state], values)
    if (card or {}).get("data") == "repaired":
        return Check("disk", "check.disk_repaired", "look")
    if (card or {}).get("faults"):
        return Check("disk", "check.disk_unready", "look")
    return Check("disk", "check.disk_ok", "well", values)


def _journals(keeper: Told) -> Check:
    found = (keeper or {}).get("integrity")
    if not isinstance(found, dict):
        return Check("journals", "check.silent", "bad")
    if any(word not in ("", "ok") for word in found.values()):
        return Check("journals", "check.journals_damaged", "bad")
    return Check("journals", "check.journals_ok", "well")


def _names(facts: Facts) -> Check:
    if facts.trouble:
        key = "check.names_refused" if facts.trouble == "not_trusted" else "check.names_not_yet"
        return Check("names", key, "look")
    return Check("names", "check.names_strict" if facts.strict else "check.names_resume", "well")


def _certificate(facts: Facts) -> Check:
    until = (facts.uplink or {}).get("certificate_until")
    if not isinstance(until, int):
        return Check("certificate", "check.certificate_none", "unknown")
    if facts.utc is not None and facts.utc >= until:
        return Check("certificate", "check.certificate_over", "bad")
    date = f"{datetime.fromtimestamp(until / 1000, UTC):%d/%m/%Y}"
    return Check("certificate", "check.certificate_until", "well", {"date": date})


def _sound(sound: bool) -> Check:
    if not sound:
        return Check("sound", "check.sound_none", "look")
    return Check("sound", "check.sound_there", "well")


def toggled(order: tuple[str, ...], item: str) -> tuple[str, ...]:
    """An order after a touch on one of its things: the last, or none of it any more."""
    if item in order:
        return tuple(other for other in order if other != item)
    return (*order, item)
