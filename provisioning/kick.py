"""Throwing out whoever is connected under a name, by taking its session over. Decides nothing.

A broker that was told of a revoked certificate refuses the next handshake and leaves the session
there is alone; but one client id has one session, and the authority can make itself a
certificate in any name.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cryptography import x509

from . import broker_line
from .broker import Settings
from .errors import OperatorError
from .issuing import Issuer
from .keys import Folder

PROBE: Final = "service-escale-probe"
"""Has no right whatever; its certificate is only there to be refused."""
PATIENCE: Final = 10.0
"""Seconds that a broker may take for reading its files again."""


class Probe:
    """A certificate that the next list names: once it is refused, that list is in force."""

    def __init__(self, devices: Issuer, now: datetime) -> None:
        self.shown = broker_line.identity(devices, PROBE, now)
        serial = x509.load_pem_x509_certificate(self.shown.chain.encode()).serial_number
        self.serials: Mapping[int, datetime] = {serial: now}

    def wait(self, folder: Folder, told: Settings) -> None:
        """Returns once the broker refuses it. Raises OperatorError when it never does."""
        limit = time.monotonic() + PATIENCE
        while True:
            connection = broker_line.connection(folder, told, self.shown, PROBE)
            why_not = connection.connect()
            connection.leave()
            if connection.refused:
                return
            if time.monotonic() > limit:
                raise OperatorError(
                    f"the broker at {told.hosts[0]}:{told.port} did not take its new files from "
                    f"{told.folder} ({why_not or 'it still goes by the old ones'}): restart it"
                )
            time.sleep(0.05)


def throw_out(folder: Folder, told: Settings, devices: Issuer, name: str, now: datetime) -> None:
    """Ends the session of that name, with all that waited in it. Raises OperatorError."""
    shown = broker_line.identity(devices, name, now)
    connection = broker_line.connection(folder, told, shown, name)
    why_not = connection.connect()
    connection.leave()
    if why_not:
        raise OperatorError(
            f"the session of {name} cannot be taken over ({why_not}): restart the broker at "
            f"{told.hosts[0]}:{told.port}"
        )
