"""How long what could tell of a person or a driver is kept: one row a rule. Deletes nothing.

The unit and the federation each carry out their own rows (appliance/retention.py,
federation/people/retention.py); docs/privacy.md is checked against this table.
"""

from typing import Final, Literal, NamedTuple


class Rule(NamedTuple):
    """What is kept where, from when on, for how long, and who says so."""

    where: Literal["unit", "federation"]
    what: str
    counted_from: str
    days: int
    """0: it goes at that very moment."""
    source: str


_CNIL_SOCIAL = "CNIL, délibération 2023-095 du 14/09/2023 (secteur social et médico-social)"
_CNIL_VEHICLES = "CNIL, délibération 2015-165 du 04/06/2015 (géolocalisation), norme simplifiée 51"
_MINIMISATION = "RGPD, article 5-1 c) et e)"

RULES: Final[dict[str, Rule]] = {
    "unit.sealed": Rule("unit", "sealed personal fields", "the receipt", 1, _MINIMISATION),
    "unit.roster": Rule("unit", "today's roster and its key", "day closing", 0, _MINIMISATION),
    "unit.language": Rule(
        "unit", "language to call somebody in", "the call, or day closing", 0, _MINIMISATION
    ),
    "unit.track": Rule("unit", "raw positions on duty", "the fix", 60, _CNIL_VEHICLES),
    "unit.off_duty": Rule("unit", "positions and stops off duty", "capture", 0, _CNIL_VEHICLES),
    "federation.sealed": Rule(
        "federation", "sealed personal fields", "the last contact", 730, _CNIL_SOCIAL
    ),
    "federation.apart": Rule(
        "federation", "messages kept apart, unread", "their reception", 60, _MINIMISATION
    ),
    "federation.positions": Rule(
        "federation", "latitude and longitude of stops", "the stop", 60, _CNIL_VEHICLES
    ),
}
ROSTER_HOURS: Final = 18
"""A day nobody closed ends by itself: the roster outlives no night."""
