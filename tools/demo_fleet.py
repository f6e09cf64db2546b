"""The demo's other vehicles: who they are for the registry, and the process that lives for them."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import trust
from simulation import past
from simulation.places import FLEET

PAST_DAYS = 40


def write_units(path: Path) -> None:
    """The list that provisioning and the federation's pages read."""
    lines = ["id,territory,centre,vehicle_name,vehicle,zone"]
    lines += [
        f"{one.unit},{one.territory},{one.centre},{one.name},{one.kind},{one.zone}" for one in FLEET
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def command(
    federation: Path, authority: Path, passphrase: Path, unit: str, *, past: bool
) -> list[str]:
    """What lives for all of them but that one, which is real; `past`: whether they tell of it."""
    return [
        sys.executable, "-m", "simulation.cli", "--config", str(federation),
        "--authority", str(authority), "--passphrase-file", str(passphrase),
        "--without", unit, "--past", str(PAST_DAYS if past else 0), "--full", "1",
    ]  # fmt: skip


def says(log: Path, word: str) -> bool:
    """Whether a part has said it."""
    return log.exists() and word in log.read_text(encoding="utf-8")


def give_past(data: Path, unit: str) -> int:
    """Weeks of days in the journals of the real unit, before its services start; how many rows."""
    vehicle = next(one for one in FLEET if one.unit == unit)
    root = x509.load_pem_x509_certificate((data / "trust" / "root.pem").read_bytes()).public_key()
    assert isinstance(root, Ed25519PublicKey)
    told = trust.read((data / "trust" / "statement").read_bytes(), root)
    return past.write(data, vehicle, datetime.now(UTC).date(), PAST_DAYS, told.recipients())
