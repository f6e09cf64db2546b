"""What the demo's coordinators have planned, and who may look: written as their pages do it.

`python -m tools.demo_site FILE UNITS PASSWORDS PASSPHRASE`: a process of its own, for the sake of
Django. Titles of workshops and tours are in French: they are shown to people.
"""

import secrets
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from federation import config
from federation.web import keyring, site
from simulation import places, plans
from simulation.plans import Plan
from simulation.vehicles import Vehicle

PLANNED = "all is planned"
PAST, AHEAD = 45, 14
"""Days of workshops."""
AT_DESK = 2
"""Seats of each workshop that no vehicle was allotted."""
_WEEKS = 6
"""Before this one, that tours began: from a Monday on."""
ACCOUNTS = (
    ("demo-federation", "federation", None, None),
    ("demo-territoire", "territory", "nord", None),
    ("demo-centre", "centre", "vendee", "Les Halles"),
    ("demo-financeur", "funder", None, None),
    ("demo-auditeur", "auditor", None, None),
)
"""Login, role, territory, centre."""


def main() -> int:
    """Vehicles, accounts, places, tours and workshops; then the units are told."""
    path, units, passwords, passphrase = map(Path, sys.argv[1:])
    settings = config.load(path)
    site.prepare(settings)
    keyring.hold(keyring.load(settings, passphrase))
    from django.db import transaction

    from federation.web.fleet import importing
    from federation.web.programme import publishing

    now = time.time_ns() // 1_000_000
    with transaction.atomic():
        importing.take(importing.read(units))
        _make_accounts(passwords)
        for vehicle in places.FLEET:
            _plan(vehicle, now)
    for sentence in publishing.bring_up(now):
        print(sentence)
    print(PLANNED)
    return 0


def _make_accounts(passwords: Path) -> None:
    from federation.web.accounts import making

    passwords.touch(mode=0o600)
    lines = []
    for login, role, territory, centre in ACCOUNTS:
        password = secrets.token_urlsafe(9)
        making.make(login, role, password, territory=territory, centre=centre, email="")
        lines.append(f"{login:<16} {password}")
    passwords.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _plan(told: Vehicle, now: int) -> None:
    from federation.web.fleet.models import Box
    from federation.web.programme.models import Allotment, Place, TourDay, Workshop

    vehicle = Box.objects.get(unit=told.unit).vehicle
    territory, zone = vehicle.centre.territory, ZoneInfo(told.zone)
    spots = {
        spot.id: Place.objects.create(
            territory=territory, code=spot.id, name=spot.name, lat=spot.lat, lon=spot.lon,
            commune=spot.commune, commune_name=spot.commune_name, kind=spot.kind,
            coverage="covered" if spot.covered else "white",
        )
        for spot in told.spots
    }  # fmt: skip
    today = datetime.fromtimestamp(now / 1000, zone).date()
    monday = today - timedelta(_WEEKS * 7 + today.weekday())
    for offset in range(5):
        plan = plans.usual(told, monday + timedelta(offset))
        if plan is not None:
            tour = _tour(vehicle, spots, plan, f"Tournée {_DAYS[offset]}", first=monday)
            if plan.day.weekday() == today.weekday():
                TourDay.objects.create(tour=tour, day=today, vehicle=None)
    held = plans.around(told, now)
    _tour(vehicle, spots, held, "Tournée du jour", first=today, last=today)
    for workshop in _workshops(told, today):
        made = Workshop.objects.create(
            territory=territory, centre=vehicle.centre, code=workshop.id, title=workshop.title,
            theme=workshop.theme, starts=datetime.fromtimestamp(workshop.starts / 1000, UTC),
            zone=told.zone, minutes=workshop.minutes, place=workshop.place,
            total=workshop.seats + AT_DESK, state="open", changed=now,
        )  # fmt: skip
        Allotment.objects.create(workshop=made, vehicle=vehicle, seats=workshop.seats)


def _tour(
    vehicle: object,
    spots: dict[str, object],
    plan: Plan,
    name: str,
    *,
    first: date,
    last: date | None = None,
) -> object:
    from federation.web.programme.models import Tour, TourStop

    weekday = str(plan.day.isoweekday())
    tour = Tour.objects.create(vehicle=vehicle, name=name, weekdays=weekday, first=first, last=last)
    for halt in plan.halts:
        TourStop.objects.create(
            tour=tour, place=spots[halt.spot.id], opens=halt.opens, closes=halt.closes
        )
    return tour


def _workshops(told: Vehicle, today: date) -> Iterator[plans.Workshop]:
    for offset in range(-PAST, AHEAD):
        workshop = plans.workshop_of(told, today + timedelta(offset))
        if workshop is not None:
            yield workshop


_DAYS = ("du lundi", "du mardi", "du mercredi", "du jeudi", "du vendredi")

if __name__ == "__main__":
    sys.exit(main())
