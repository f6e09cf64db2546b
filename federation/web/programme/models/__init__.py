"""What is planned: places and tours, workshops and seats, boards of vehicles, the desk's people."""

from .boards import Board, Managed, Notice
from .desk import Call, DeskSignUp
from .tours import Place, Tour, TourDay, TourStop
from .workshops import Allotment, Settled, Workshop

__all__ = [
    "Allotment",
    "Board",
    "Call",
    "DeskSignUp",
    "Managed",
    "Notice",
    "Place",
    "Settled",
    "Tour",
    "TourDay",
    "TourStop",
    "Workshop",
]
