"""What the tables for reading depend on beside the ledger: zones of vehicles, known places."""

import logging
from collections.abc import Callable
from typing import Final, NamedTuple

from .. import gazetteer, registry
from ..config import FederationConfig
from ..database import reading_web
from ..errors import OperatorError
from ..places import Places
from .words import ZONE

log = logging.getLogger("ingest")


class Basis(NamedTuple):
    """As it is at some moment."""

    zone: Callable[[str], str]
    """Unit → IANA zone of its vehicle."""
    places: Places
    within: float
    """Metres that a known place may be from a stop and still give it its commune."""


NONE: Final = Basis(lambda _unit: ZONE, Places(()), 0.0)
"""Before anything is known."""


def read(settings: FederationConfig) -> Basis:
    """As it is now. Raises OperatorError."""
    with reading_web(settings.store) as web:
        vehicles = registry.read(web)
    return Basis(vehicles.zone, gazetteer.known(settings), settings.places.within_km * 1000)


class Reader:
    """Reads it again whenever it is asked; what cannot be read now stays as it was."""

    def __init__(self, settings: FederationConfig) -> None:
        self._settings, self._held, self._fault = settings, NONE, ""

    def __call__(self) -> Basis:
        """As it is now, as far as that is known."""
        try:
            self._held, fault = read(self._settings), ""
        except OperatorError as error:
            fault = f"zones and places are those of before: {error}"
        if fault and fault != self._fault:
            log.warning("%s", fault)
        self._fault = fault
        return self._held
