"""The unit's one TOML file, as typed sections. Only command lines read it."""

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from protocol import toml_config
from protocol.equipment import Display, Pin, Rotation

from .errors import OperatorError

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Profile = Literal["camion", "camping-car", "triporteur"]


class Zone(str):
    """An IANA time zone that this machine knows."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> "Zone":
        """Raises ValueError when there is no such zone."""
        try:
            ZoneInfo(text)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone: name one such as America/Cayenne") from error
        return cls(text)


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """What every section has in common."""


class Unit(Section, frozen=True, kw_only=True):
    """Who this unit is."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{3,26}$")]
    vehicle_name: Name = "Escale"
    territory: Name = "inconnu"
    centre: Name = "inconnu"
    profile: Profile = "camion"
    zone: Zone = Zone("Europe/Paris")
    """IANA time zone: its days are cut there."""


class Paths(Section, frozen=True, kw_only=True):
    """Where the unit writes."""

    data: Path
    """Journals and backups: must outlive a power cut."""
    run: Path = Path("/run/escale")
    """What is only of the moment: may vanish."""
    update: Path = Path("/data/update")
    """A new system on its way to the other slot; a machine without slots has no such folder."""
    system: Path = Path("/data/system")
    """What a card keeps for its system (appliance/first_boot): names, networks. As `update`."""


class Broker(Section, frozen=True, kw_only=True):
    """Where the federation's MQTT broker answers."""

    host: Name = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8883
    keepalive: Annotated[int, msgspec.Meta(ge=5, le=600)] = 60
    """Seconds."""


class Gps(Section, frozen=True, kw_only=True):
    """The receiver on its serial line."""

    port: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] = "auto"
    """A device, or "auto": by-id, ACM, USB, serial0, in that order."""


class Clock(Section, frozen=True, kw_only=True):
    """How the machine's own clock may be put right once a GPS time is accepted."""

    chrony: Path = Path("/run/chrony.escale.sock")
    """Socket of a `refclock SOCK` of chrony; fed when it is there."""
    set_system: bool = False
    """Without chrony: set the clock, once per boot, if the system lets us."""


class PanelPins(Section, frozen=True, kw_only=True):
    """GPIO numbers (BCM) of the vehicle panel; what is not set is not there."""

    ignition: Pin | None = None
    lamp: Pin | None = None
    buzzer: Pin | None = None
    battery_low: Pin | None = None
    poweroff: bool = False
    """Whether the unit may switch itself off."""


class Screen(Section, frozen=True, kw_only=True):
    """The touch screen."""

    panel: Display = "officiel-7"
    languages: tuple[Name, ...] = ("fr", "ar", "en", "uk", "tr", "pt")
    """In the order in which they stand on the first page."""
    unread_languages: bool = False
    """Also those that no speaker has read or heard: for a demonstration."""
    fullscreen: bool = True
    rotation: Rotation | None = None
    """Degrees, for a panel that hangs otherwise than its kind does; touches turn with it."""


class Retention(Section, frozen=True, kw_only=True):
    """How long what the federation has receipted stays on board."""

    track_days: Annotated[int, msgspec.Meta(ge=0, le=60)] = 60


class Security(Section, frozen=True, kw_only=True):
    """What the board itself lends to today's keys."""

    device_secret: Path | None = None
    """32 bytes that are not on the card (`escale device-secret`); without them, nothing of today's
    roster outlives a restart."""


class Twin(Section, frozen=True, kw_only=True):
    """Simulated edges, for the demo and the tests; a real unit leaves this section out."""

    clock_rate: Annotated[float, msgspec.Meta(ge=1, le=1000)] = 1.0
    """How many times faster boot time runs, so that a replayed day keeps its own time."""
    pins: Literal["real", "mock"] = "real"


class UnitConfig(Section, frozen=True, kw_only=True):
    """The whole file."""

    unit: Unit
    paths: Paths
    broker: Broker = Broker()
    gps: Gps = Gps()
    clock: Clock = Clock()
    panel: PanelPins = PanelPins()
    screen: Screen = Screen()
    retention: Retention = Retention()
    security: Security = Security()
    twin: Twin = Twin()


def load(path: Path) -> UnitConfig:
    """Read and check the file. Raises OperatorError that lists every fault in it."""
    try:
        return toml_config.load(path, UnitConfig)
    except toml_config.ConfigError as error:
        raise OperatorError(f"{error}. Mend the file and start again.") from error
