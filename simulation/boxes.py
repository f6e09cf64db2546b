"""The box of a unit of real code: folder, clock, and the journals of screen and vehicle.

Writes what happens as those two processes would; starts neither of them.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from appliance.clock import Anchor, BootClock
from appliance.config import Broker, Paths, Twin, Unit, UnitConfig
from appliance.journal import Journal
from appliance.vehicle.store import VehicleStore
from protocol import closed_keys, sealing
from protocol.event import Key, PersonalEvent
from protocol.sealing import Binding
from protocol.unit import Booted

from .clock import FleetClock
from .papers import Identity, Papers
from .script import Boot, Deed
from .standing import NO_BOOT
from .vehicles import Vehicle

_SECRET = b"simulated reset secret, 32 bytes"


class BoxClock(BootClock):
    """Counts by the fleet's clock since this boot, or stands where a deed of the past is noted."""

    def __init__(self, clock: FleetClock) -> None:
        super().__init__(boot_id=NO_BOOT.id)
        # Neither 1 nor a speed: the kernel's opinion of the real clock is never asked.
        self.rate = 0.0
        self._clock = clock
        self._started = clock.utc()
        self._at: int | None = None

    def boottime(self) -> int:
        """Milliseconds since this boot began."""
        at = self._clock.utc() if self._at is None else self._at
        return max(at - self._started, 0)

    def stand_at(self, boot: Boot, at: int | None) -> None:
        """It is that late in that boot; None: as late as it is."""
        self.boot_id, self._started, self._at = boot.id, boot.started, at


class Box:
    """The one writer of the two journals; `close` closes them."""

    def __init__(
        self, unit: str, data: Path, clock: FleetClock, recipients: list[X25519PublicKey]
    ) -> None:
        """Raises OperatorError when the folder takes no journal."""
        self.clock = BoxClock(clock)
        self._unit, self._recipients = unit, recipients
        self._journals = {
            name: Journal.open(data / f"{name}.db", name=name, clock=self.clock)
            for name in ("screen", "vehicle")
        }
        self._store = VehicleStore(self._journals["vehicle"])

    def append(self, deed: Deed) -> Key:
        """A deed becomes a row. Raises JournalRefused."""
        self.clock.stand_at(deed.boot, deed.at)
        journal, event, personal = self._journals[deed.journal], deed.event, deed.personal
        anchor = Anchor(deed.boot.id, deed.at - deed.boot.started, deed.at, "gps", 50)
        journal.anchor = anchor
        if isinstance(event, Booted):
            with journal.atomic():
                self._store.keep_anchor(anchor)
        if isinstance(event, PersonalEvent) and personal is not None:
            return journal.append_sealed(
                event,
                lambda key: sealing.seal(personal, self._recipients, Binding(self._unit, key)),
            )
        return Key(journal.epoch, journal.append(event))

    def close(self) -> None:
        """What was written is on the disk already."""
        for journal in self._journals.values():
            journal.close()


def config_of(vehicle: Vehicle, broker: Broker, folder: Path) -> UnitConfig:
    """What its file would say."""
    return UnitConfig(
        unit=Unit(
            id=vehicle.unit,
            vehicle_name=vehicle.name,
            territory=vehicle.territory,
            centre=vehicle.centre,
            profile=vehicle.kind,
        ),
        paths=Paths(data=folder / "data", run=folder / "run"),
        broker=broker,
        twin=Twin(pins="mock"),
    )


def lay_out(papers: Papers, identity: Identity, data: Path) -> None:
    """Identity and trust where the uplink looks for them."""
    pem = papers.folder / "devices.pem"
    certificate = identity.path.read_bytes().partition(b"-----BEGIN CERT")
    _put(data / "identity" / "key.pem", closed_keys.leave_open(identity.key))
    _put(data / "identity" / "certificate.pem", b"".join(certificate[1:]) + pem.read_bytes())
    _put(data / "trust" / "root.pem", (papers.folder / "root.pem").read_bytes())
    _put(data / "trust" / "devices.pem", pem.read_bytes())
    _put(data / "trust" / "reset-secret", _SECRET)
    statement = data / "trust" / "statement"
    if not statement.exists():  # a later one may have come by the broker
        _put(statement, papers.statement)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)
