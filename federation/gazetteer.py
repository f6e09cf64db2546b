"""Which places are known: the planned stops of published tours, and the file of [places]. Reads."""

from itertools import chain

import msgspec

from . import outbox, places
from .config import FederationConfig
from .errors import OperatorError
from .places import Place, Places


def known(settings: FederationConfig) -> Places:
    """As they are now. Raises OperatorError for a file that cannot be read."""
    file = settings.places.file
    listed = places.from_csv(file) if file else ()
    return Places(chain(_planned(settings), listed))


def _planned(settings: FederationConfig) -> list[Place]:
    """Of the newest tours; none while the web's store cannot be read."""
    try:
        tours = (item.body for item in outbox.latest(settings.store) if item.kind == "tour")
        return list(places.from_tours(tours))
    except (OperatorError, msgspec.DecodeError):
        return []
