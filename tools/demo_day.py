"""The day the demo plays: a van in the Warndt, as a log and as the documents that plan it."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import msgspec

from appliance.twins.tour import Place, tour
from protocol.documents import PlannedStop, Programme, Tour, Tours, Workshop

ZONE_HOURS = 1
DEPOT = PlannedStop(
    id="depot", name="Dépôt", lat=49.1047, lon=6.7080, commune="57606", opens=0, closes=1439
)
STOPS = (
    PlannedStop(
        id="folschviller-marche",
        name="Place du Marché",
        lat=49.0737,
        lon=6.6812,
        commune="57230",
        commune_name="Folschviller",
        opens=8 * 60,
        closes=10 * 60,
        kind="marche",
    ),
    PlannedStop(
        id="valmont-ecole",
        name="École de Valmont",
        lat=49.0867,
        lon=6.7002,
        commune="57690",
        commune_name="Valmont",
        opens=10 * 60,
        closes=12 * 60,
        kind="ecole",
    ),
    PlannedStop(
        id="hombourg-place",
        name="Place de Hombourg",
        lat=49.1256,
        lon=6.7779,
        commune="57332",
        commune_name="Hombourg-Haut",
        opens=14 * 60,
        closes=16 * 60,
        kind="place",
    ),
)
STANDING = 12.0
"""Minutes at each stop: short, so that the demo shows several."""
ROUNDS = 12


def write_log(path: Path) -> None:
    """The NMEA log of today, from half past seven in the morning."""
    start = datetime.now(UTC).replace(hour=7 - ZONE_HOURS, minute=30, second=0, microsecond=0)
    round_trip = [Place(stop.lat, stop.lon, STANDING) for stop in STOPS]
    places = [Place(DEPOT.lat, DEPOT.lon, 8.0), *chain.from_iterable([round_trip] * ROUNDS)]
    with path.open("wb") as out:
        out.writelines(tour(places, start, seed=7))


def write_document(path: Path) -> None:
    """The body of the downlink document `tour` for today."""
    today = datetime.now(UTC).date().isoformat()
    tours = Tours(tours=(Tour(day=today, name="Tournée du Warndt", stops=STOPS),), depot=DEPOT)
    path.write_bytes(msgspec.json.encode(tours))


def write_programme(path: Path) -> None:
    """The body of the downlink document `programme`: this afternoon and the days after."""
    morning = datetime.now(UTC).replace(hour=9 - ZONE_HOURS, minute=30, second=0, microsecond=0)
    told = (
        ("cafe-parents", "Le café des parents", "parentalite", timedelta(hours=7), 8),
        ("cv-telephone", "Mon CV avec un téléphone", "insertion_professionnelle", timedelta(1), 6),
        ("photos", "Trier ses photos", "gere_ses_contenus_numeriques", timedelta(2), 1),
        ("espace-sante", "Mon espace santé", "sante", timedelta(6), 0),
    )
    workshops = tuple(
        Workshop(
            id=name,
            title=title,
            theme=theme,
            starts=int((morning + after).timestamp() * 1000),
            minutes=90,
            seats=seats,
        )
        for name, title, theme, after, seats in told
    )
    path.write_bytes(msgspec.json.encode(Programme(workshops=workshops)))
