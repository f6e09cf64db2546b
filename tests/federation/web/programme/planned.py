"""A programme to try things with: workshops of the north and of Guyane, places, tours, boards."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.federation.web.site import Site

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()


def workshop(
    site: Site, title: str = "Mon CV avec un téléphone", *, vehicle: str = "Germaine",
    total: int = 10, days: float = 1, state: str = "open", code: str = "", **seats: int,
):  # fmt: skip
    """One of the vehicle's centre; `seats`: vehicle → its seats."""
    from federation.web.programme.models import Workshop

    of = site.vehicle(vehicle)
    local = (NOW + timedelta(days=days)).astimezone(ZoneInfo(of.zone))
    made = Workshop.objects.create(
        territory=of.centre.territory, centre=of.centre, zone=of.zone, title=title,
        code=code or "cv-telephone", theme="email", starts=local, minutes=90, total=total,
        place="Espace Rosa Parks", audience="Adultes", level="debutant", state=state, version=1,
        changed=round(NOW.timestamp() * 1000),
    )  # fmt: skip
    for name, count in (seats or {vehicle: 4}).items():
        made.allotments.create(vehicle=site.vehicle(name), seats=count)
    return made


def place(
    site: Site, name: str = "Place du Marché", *, vehicle: str = "Germaine", code: str = "marche",
    lat: float = 50.723, lon: float = 3.159,
):  # fmt: skip
    """A place of the vehicle's territory."""
    from federation.web.programme.models import Place

    return Place.objects.create(
        territory=site.vehicle(vehicle).centre.territory, code=code, name=name, lat=lat, lon=lon,
        commune="59599", commune_name="Tourcoing", kind="marche", territory_class="qpv",
        zoning_year=2024,
    )  # fmt: skip


def tour(site: Site, *places, vehicle: str = "Germaine", weekdays: str = "1 2 3 4 5 6 7"):
    """Every day, two hours at each place from nine on."""
    from federation.web.programme.models import Tour

    made = Tour.objects.create(
        vehicle=site.vehicle(vehicle), name="Les marchés", weekdays=weekdays,
        first=date(2026, 1, 1),
    )  # fmt: skip
    for number, each in enumerate(places):
        made.stops.create(place=each, opens=540 + 150 * number, closes=660 + 150 * number)
    return made


def keys(site: Site):
    """The keys that `escale-federation web --passphrase-file` holds open."""
    from federation.web import keyring

    keyring.hold(keyring.load(site.config, site.folder / "passphrase"))
    return keyring.held()
