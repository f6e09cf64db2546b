"""Calendars and GeoJSON for other programs: their formats, and what they must not tell."""

from datetime import timedelta

from icalendar import Calendar

from protocol.stops import Arrived, Departed
from tests.federation.van import UNIT
from tests.federation.web.programme import planned
from tests.federation.web.site import Site


def calendar(site: Site, address: str = "") -> Calendar:
    """Of the north, as a calendar program reads it."""
    from federation.web.programme import calendars

    key = calendars.key("nord")
    answer = site.nobody().get(address or f"/calendrier/nord.ics?cle={key}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def test_a_calendar_has_the_open_workshops_with_their_zone(site: Site) -> None:
    shop = planned.workshop(site)
    planned.workshop(site, code="brouillon", state="draft")
    planned.workshop(site, vehicle="Paulette", code="cayenne")
    (event,) = calendar(site).walk("VEVENT")
    assert event["uid"] == "cv-telephone@escale"
    assert event["summary"] == "Mon CV avec un téléphone"
    assert event["dtstart"].dt == shop.starts
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=90)
    assert event["location"] == "Espace Rosa Parks"
    assert [each["tzid"] for each in calendar(site).walk("VTIMEZONE")] == ["Europe/Paris"]


def test_a_change_is_the_same_event_with_a_higher_sequence_and_a_cancelled_one_says_so(
    site: Site,
) -> None:
    planned.workshop(site)
    (before,) = calendar(site).walk("VEVENT")
    site.as_("centre").post("/programme/ateliers/cv-telephone/etat/", {"state": "cancelled"})
    (after,) = calendar(site).walk("VEVENT")
    assert (before["uid"], before["status"]) == (after["uid"], "CONFIRMED")
    assert (after["status"], after["sequence"] > before["sequence"]) == ("CANCELLED", True)


def test_only_who_has_the_key_or_reaches_the_territory_reads_a_calendar(site: Site) -> None:
    from federation.web.programme import calendars

    wrong = calendars.key("guyane")
    for address in ("/calendrier/nord.ics", f"/calendrier/nord.ics?cle={wrong}"):
        assert site.nobody().get(address).status_code == 404
        assert site.as_("territory-guyane").get(address).status_code == 404
        assert site.as_("funder").get(address).status_code == 404
        assert site.as_("centre").get(address).status_code == 200


def test_stops_are_geojson_with_longitude_first_and_of_vehicles_in_reach(site: Site) -> None:
    planned.tour(site, planned.place(site))
    planned.tour(site, planned.place(site, vehicle="Paulette", code="plage"), vehicle="Paulette")
    now = round(planned.NOW.timestamp() * 1000)
    site.tell(
        Arrived(source="gps", lat=50.7, lon=3.2, name="Place", commune="59599"), at=now - 7_200_000
    )
    site.tell(Departed(source="gps"), at=now - 3_600_000)
    answer = site.as_("centre").get("/api/stops.geojson")
    assert answer.headers["Content-Type"] == "application/geo+json"
    told = answer.json()
    assert told["type"] == "FeatureCollection"
    kinds = [each["properties"]["kind"] for each in told["features"]]
    assert kinds == ["planned"] * 8 + ["stop"]
    stop, plan = told["features"][-1], told["features"][0]
    assert stop["geometry"] == {"type": "Point", "coordinates": [3.2, 50.7]}
    assert plan["geometry"]["coordinates"] == [3.159, 50.723]
    assert {each["properties"]["vehicle"] for each in told["features"]} == {"Germaine"}
    assert len({each["id"] for each in told["features"]}) == 9
    assert site.as_("funder").get("/api/stops.geojson").status_code == 403


def test_a_vehicle_that_never_said_where_it_is_has_no_geometry(site: Site) -> None:
    told = site.as_("centre").get("/api/units.geojson").json()
    (feature,) = told["features"]
    assert (feature["geometry"], feature["properties"]["unit"]) == (None, UNIT)
