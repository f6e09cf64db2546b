"""The unit's latest word about itself, put together from what its processes say of the moment.

Pure: what another process wrote is taken field by field, and what is not of its type left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from protocol.event import RawKey
from protocol.messages import GpsStatus, JournalStatus, Status

from .lanes import Lane

MAX_FAULTS = 10
"""Of one process; with FAULT, so that no file of the moment makes a status too large to send."""
FAULT = 200
"""Characters of a fault."""

Duty = Literal["on", "paused", "off"]


class Moment(msgspec.Struct, frozen=True):
    """What `/run` says just now; a process that says nothing leaves its part unknown."""

    duty: Duty = "off"
    gps: GpsStatus | None = None
    battery_volts: float | None = None
    disk_free: int | None = None
    day_key: RawKey = ""
    faults: tuple[str, ...] = ()


def moment(
    vehicle: Mapping[str, Any] | None,
    keeper: Mapping[str, Any] | None,
    screen: Mapping[str, Any] | None,
) -> Moment:
    """From the files of vehicle, keeper and screen, as `runtime.read` gives them."""
    vehicle, keeper, screen = vehicle or {}, keeper or {}, screen or {}
    told = {
        "duty": vehicle.get("duty"),
        "gps": vehicle.get("gps"),
        "battery_volts": vehicle.get("battery_volts"),
        "disk_free": keeper.get("disk_free"),
        "day_key": screen.get("day_key"),
    }
    known = {name: value for name, value in told.items() if _fits(name, value)}
    faults = (
        *_of_power(vehicle),
        *_faults(vehicle),
        *_of_disk(keeper),
        *_faults(keeper),
        *_faults(screen),
    )
    return msgspec.convert({**known, "faults": tuple(dict.fromkeys(faults))}, Moment)


def journals(
    lanes: Iterable[Lane], quarantined: Mapping[int, tuple[int, int]]
) -> dict[str, list[JournalStatus]]:
    """Owner → its live epoch first, then those left behind that are not yet drained.

    `quarantined`: epoch → (rows that went as tombstones, those of them that are lost).
    """
    told: dict[str, list[JournalStatus]] = {}
    for lane in lanes:
        mine = told.setdefault(lane.span.journal, [])
        if mine and not lane.backlog:
            continue
        mine.append(
            JournalStatus(
                epoch=lane.span.epoch,
                head=lane.span.head,
                watermark=lane.window.watermark,
                lost=quarantined.get(lane.span.epoch, (0, 0))[1],
                set_aside=not lane.live,
            )
        )
    return told


def _fits(name: str, value: Any) -> bool:
    try:
        msgspec.convert({name: value}, Moment)
    except msgspec.ValidationError:
        return False
    return value is not None


def _faults(file: Mapping[str, Any]) -> list[str]:
    """What a process itself calls a fault."""
    told = file.get("faults")
    sentences = [item for item in told if isinstance(item, str)] if isinstance(told, list) else []
    return [sentence[:FAULT] for sentence in sentences[:MAX_FAULTS] if sentence]


def _of_disk(keeper: Mapping[str, Any]) -> Iterator[str]:
    state = keeper.get("disk_state")
    if state in ("low", "full"):
        yield f"disk {state}"


def _of_power(vehicle: Mapping[str, Any]) -> Iterator[str]:
    # Not the pin as read: a starter motor drags it down for a moment.
    power = vehicle.get("power")
    if isinstance(power, dict) and power.get("warning") == "battery":
        yield "battery low"


def is_news(before: Status, after: Status) -> bool:
    """Whether a fact changed; time and counters alone are no news, they go every minute."""
    return _facts(before) != _facts(after)


def _facts(status: Status) -> tuple[object, ...]:
    return (
        status.boot_id,
        status.version,
        status.duty,
        status.place,
        status.gps.state if status.gps else None,
        status.link,
        status.faults,
        status.documents,
        status.refused,
        status.certificate_until,
        status.day_key,
        status.quarantined,
    )
