"""Simulated units in a real federation: put into its registry, given certificates by its authority.

For a federation of their own. Whoever runs this has the authority's folder and its passphrase.
"""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provisioning import broker_files, facts, issuing, passphrase, registry, units
from provisioning.errors import OperatorError as Unprovided
from provisioning.keys import Folder

from .errors import OperatorError
from .papers import Papers
from .vehicles import Vehicle

LIFE = timedelta(days=90)
_GIVEN = ("root.pem", "devices.pem", "statement")


class Authority:
    """The folder of a federation, opened."""

    def __init__(self, path: Path, passphrase_file: Path | None) -> None:
        """Raises OperatorError."""
        self._folder = Folder(path)
        try:
            closed = passphrase.ask("the authorities", passphrase_file)
            self._signers = broker_files.authorities(self._folder, closed)
        except Unprovided as error:
            raise OperatorError(str(error)) from error

    def give_trust(self, papers: Path) -> None:
        """Whom the simulated units believe. Raises OperatorError."""
        papers.mkdir(parents=True, exist_ok=True)
        try:
            for name in _GIVEN:
                shutil.copyfile(self._folder.public / name, papers / name)
        except OSError as error:
            raise OperatorError(f"{error.filename} cannot be copied: {error.strerror}.") from error

    def enrol(self, papers: Papers, vehicles: Sequence[Vehicle], now: datetime) -> int:
        """Registers those that are not, gives certificates where they lack; how many it gave.

        The broker is told. Raises OperatorError.
        """
        missing = papers.missing([vehicle.unit for vehicle in vehicles], now)
        if not missing:
            return 0
        issued: list[facts.AnyFact] = []
        devices = self._signers.devices[0]

        def issue(unit: str, key: Ed25519PublicKey) -> x509.Certificate:
            leaf = issuing.issue_client(devices, key, unit, now, LIFE)
            issued.append(facts.issued(leaf, devices.certificate, now))
            return leaf

        try:
            self._register(vehicles, now)
            papers.enrol(missing, issue)
            told = broker_files.settings(self._folder)
            with registry.writing(self._folder.registry) as writing:
                writing.append(*issued)
                broker_files.lay_out(self._folder, told, writing, self._signers, now)
            broker_files.reload(told)
        except Unprovided as error:
            raise OperatorError(str(error)) from error
        return len(missing)

    def _register(self, vehicles: Sequence[Vehicle], now: datetime) -> None:
        known = registry.read(self._folder.registry).units
        asked = [
            units.Asked(
                id=one.unit,
                territory=one.territory,
                centre=one.centre,
                vehicle_name=one.name,
                vehicle=one.kind,
                zone=one.zone,
            )
            for one in vehicles
            if one.unit not in known
        ]
        if asked:
            units.add(self._folder, asked, now)
