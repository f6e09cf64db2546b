"""Tours, places and boards: what is planned on the pages is what vans are sent."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from federation import outbox
from federation.people import store as people
from federation.web import keyring
from federation.web.fleet.drawing import france
from federation.web.keyring import Keyring
from federation.web.programme import drawing, publishing, tours
from federation.web.programme.models import Board, Notice, Place, Tour, TourDay
from protocol.documents import Notices, Settings, Tours
from tests.federation.van import UNIT
from tests.federation.web.programme import planned
from tests.federation.web.site import SIMONE, Site

TOMORROW = planned.TODAY + timedelta(days=1)


@pytest.fixture
def open_site(site: Site) -> Iterator[Site]:
    planned.keys(site)
    yield site
    keyring.hold(Keyring())


def body(site: Site, kind: str, unit: str = UNIT) -> bytes:
    found = {(each.unit, each.kind): each.body for each in outbox.latest(site.config.store)}
    return found.get((unit, kind), b"{}")


def days(site: Site, unit: str = UNIT) -> dict[str, list[str]]:
    """Day → stops, as the van is told."""
    told = msgspec.json.decode(body(site, "tour", unit), type=Tours)
    return {tour.day: [stop.id for stop in tour.stops] for tour in told.tours}


def test_a_tour_of_the_page_is_the_vans_tour_of_the_next_two_weeks(open_site: Site) -> None:
    market = planned.place(open_site)
    school = planned.place(open_site, "École Kergomard", code="ecole", lat=50.72, lon=3.16)
    form = {
        "vehicle": open_site.vehicle("Germaine").pk, "name": "Les marchés", "weeks": 1,
        "weekdays": list("1234567"), "first": "2026-01-01", "last": "",
        "place-0": market.pk, "opens-0": "09:00", "closes-0": "11:00",
        "place-1": school.pk, "opens-1": "14:00", "closes-1": "16:30",
    }  # fmt: skip
    page = open_site.as_("centre").post("/programme/tournees/nouvelle/", form, follow=True)
    assert "La tournée est enregistrée" in page.content.decode()
    assert days(open_site)[TOMORROW.isoformat()] == ["marche", "ecole"]
    assert len(days(open_site)) == 15
    told = msgspec.json.decode(body(open_site, "tour"), type=Tours).tours[0].stops[1]
    assert (told.opens, told.closes, told.commune, told.territory_class, told.zoning_year) == (
        840, 990, "59599", "qpv", 2024,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"last": "2025-01-01"}, "La tournée finirait avant de commencer"),
        ({"closes-0": "08:00"}, "Un arrêt a un lieu, une arrivée et un départ plus tard"),
        ({"place-0": ""}, "Un arrêt a un lieu, une arrivée et un départ plus tard"),
        ({"place-0": "", "opens-0": "", "closes-0": ""}, "Une tournée a un arrêt au moins"),
    ],
)
def test_what_is_no_tour_is_said(site: Site, more: dict[str, str], said: str) -> None:
    form = {
        "vehicle": site.vehicle("Germaine").pk, "name": "T", "weeks": 1, "weekdays": ["1"],
        "first": "2026-01-01", "place-0": planned.place(site).pk, "opens-0": "09:00",
        "closes-0": "11:00", **more,
    }  # fmt: skip
    page = site.as_("centre").post("/programme/tournees/nouvelle/", form)
    assert said in page.content.decode()
    assert not Tour.objects.exists()


def test_a_day_moves_to_another_vehicle_and_both_vans_are_told(open_site: Site) -> None:
    planned.tour(open_site, planned.place(open_site))
    publishing.bring_up()
    assert days(open_site, SIMONE) == {}
    germaine, simone = (open_site.vehicle(name).pk for name in ("Germaine", "Simone"))
    move = {"day": TOMORROW.isoformat(), "from": germaine, "to": simone}
    open_site.as_("territory").post("/programme/tournees/deplacer/", move)
    assert TOMORROW.isoformat() not in days(open_site)
    assert days(open_site, SIMONE) == {TOMORROW.isoformat(): ["marche"]}
    assert tours.move_tour(TOMORROW, simone, germaine) == 1
    assert not TourDay.objects.exists(), "as usual again"
    publishing.bring_up()
    assert TOMORROW.isoformat() in days(open_site)
    assert days(open_site, SIMONE) == {}


def test_a_vehicle_without_a_tour_that_day_gives_none_away(site: Site) -> None:
    germaine, simone = (site.vehicle(name).pk for name in ("Germaine", "Simone"))
    assert tours.move_tour(TOMORROW, germaine, simone) == 0
    move = {"day": TOMORROW.isoformat(), "from": germaine, "to": "personne"}
    page = site.as_("territory").post("/programme/tournees/deplacer/", move, follow=True)
    assert "pas de tournée ce jour-là" in page.content.decode()


def test_settings_and_texts_of_a_vehicle_are_published_and_texts_can_be_taken_back(
    open_site: Site,
) -> None:
    germaine = open_site.vehicle("Germaine")
    address = f"/programme/a-bord/{germaine.pk}/"
    form = {"languages": "fr, AR en", "keep_track_days": 30, "text-fr": "Vos droits : 03 20"}
    open_site.as_("centre").post(address, form)
    told = msgspec.json.decode(body(open_site, "settings"), type=Settings)
    assert (told.languages, told.keep_track_days) == (("fr", "ar", "en"), 30)
    assert msgspec.json.decode(body(open_site, "notices"), type=Notices).texts == {
        "fr": "Vos droits : 03 20"
    }
    open_site.as_("centre").post(address, {**form, "text-fr": ""})
    assert msgspec.json.decode(body(open_site, "notices"), type=Notices).texts == {}
    open_site.as_("centre").post(f"{address}code/")
    (line,) = people.audit(open_site.config.store)
    assert (line.deed, line.who) == ("pin_reset", "compte centre")
    assert line.about == f"véhicule {germaine.pk}"
    assert msgspec.json.decode(body(open_site, "settings"), type=Settings).pin_reset == 1
    page = open_site.as_("centre").post(address, {**form, "languages": "fr xx"})
    assert "Inconnu : xx" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    ["tournees/?jour=9999-12-28", "tournees/?jour=0001-01-01", f"?territoire={'9' * 40}"],
)
def test_what_is_beyond_any_calendar_and_any_number_is_a_page_still(
    site: Site, address: str
) -> None:
    assert site.as_("territory").get(f"/programme/{address}").status_code == 200


def test_texts_go_to_all_vehicles_in_reach_and_to_no_others(site: Site) -> None:
    address = f"/programme/a-bord/{site.vehicle('Germaine').pk}/"
    form = {"languages": "", "keep_track_days": 60, "text-fr": "Bonjour", "everywhere": "on"}
    site.as_("centre").post(address, form)
    assert Notice.objects.count() == 1
    site.as_("territory").post(address, form)
    assert sorted(Notice.objects.values_list("vehicle__name", flat=True)) == ["Germaine", "Simone"]
    assert Board.objects.count() == 1


def test_what_nobody_planned_here_is_left_as_the_command_published_it(open_site: Site) -> None:
    signer, store = keyring.held().documents, open_site.config.store
    assert signer is not None
    outbox.publish(store, signer, [UNIT], "settings", b'{"keep_track_days":10}', 1)
    publishing.bring_up()
    assert [each.revision for each in outbox.latest(store)] == [1]


def test_a_van_whose_last_tour_and_workshop_went_is_told_so(open_site: Site) -> None:
    tour = planned.tour(open_site, planned.place(open_site))
    shop = planned.workshop(open_site)
    publishing.bring_up()
    tour.delete()
    shop.allotments.all().delete()
    publishing.bring_up()
    assert (body(open_site, "tour"), body(open_site, "programme")) == (b"{}", b"{}")
    assert [each.revision for each in outbox.latest(open_site.config.store)] == [2, 2]


def test_the_page_says_who_has_applied_what(open_site: Site) -> None:
    planned.tour(open_site, planned.place(open_site))
    publishing.bring_up()
    page = open_site.as_("centre").get("/programme/envois/").content.decode()
    assert "1 en attente, 0 refusé" in page
    assert "Germaine" in page
    assert "Simone" not in page


def test_a_class_needs_its_year_and_a_commune_its_code(site: Site) -> None:
    territory = site.vehicle("Germaine").centre.territory_id
    form = {
        "territory": territory, "name": "Cité", "kind": "place", "lat": 50.7, "lon": 3.1,
        "commune": "5959", "commune_name": "Tourcoing", "territory_class": "qpv",
        "coverage": "white",
    }  # fmt: skip
    page = site.as_("centre").post("/programme/lieux/nouveau/", form).content.decode()
    assert "Indiquez l&#x27;année du zonage" in page
    assert "Cinq caractères" in page
    site.as_("centre").post(
        "/programme/lieux/nouveau/", {**form, "commune": "59599", "zoning_year": 2024}
    )
    assert Place.objects.get().code.startswith("cite-")


def test_a_drawing_escapes_names_and_is_true_to_distances() -> None:
    points = [
        drawing.Point("<b>A</b>", 50.0, 3.0), drawing.Point("B", 50.0, 3.1),
        drawing.Point("C", 50.0 + 0.1 * 0.642787, 3.0),
    ]  # fmt: skip
    drawn = drawing.of_tour(points)
    assert "<b>" not in drawn
    a, b, c = (
        tuple(map(int, each.split(",")))
        for each in drawn.split('points="')[1].split('"')[0].split()
    )
    assert abs((b[0] - a[0]) - (a[1] - c[1])) <= 2, "the same distance east and north"
    assert drawing.of_places([]) == ""


def test_a_crowd_of_places_is_dots_that_still_say_their_names() -> None:
    points = [drawing.Point(f"Lieu {n}", 50 + n / 100, 3 + n / 100) for n in range(100)]
    drawn = drawing.of_places(points)
    assert 'aria-label="Carte de 100 lieux"' in drawn
    assert drawn.count("<circle") == 100
    assert "<title>Lieu 99</title>" in drawn
    assert "<text class=" not in drawn


def test_places_lie_on_the_outline_of_what_they_are_in(site: Site) -> None:
    """Lille lies in the land near its north end; the drawing of one place knows it too."""
    lille = drawing.Point("Lille", 50.63, 3.06)
    whole = drawing.of_country([lille, drawing.Point("Cayenne", 4.93, -52.33)])
    assert whole.count('class="land"') == len(france().frames)
    assert "<title>Lille</title>" in whole
    assert 'class="name"' not in whole
    near = drawing.of_places([lille, drawing.Point("Nantes", 47.22, -1.55)])
    matrix = list(map(float, near.split("matrix(")[1].split(")")[0].split()))
    dot = near.split('<circle cx="')[1].split('"')
    x, y = france().place(lille.lat, lille.lon) or (0, 0)
    assert abs(matrix[0] * x + matrix[4] - int(dot[0])) <= 3
    assert abs(matrix[3] * y + matrix[5] - int(dot[2])) <= 3


def test_names_are_drawn_for_one_territory_alone(site: Site) -> None:
    planned.tour(site, planned.place(site))
    far = planned.place(site, "Pirogue", vehicle="Paulette", code="far", lat=4.93, lon=-52.33)
    planned.tour(site, far, vehicle="Paulette")
    for address in ("tournees/", "lieux/"):
        page = site.as_("federation").get(f"/programme/{address}").content.decode()
        assert 'class="plan country"' in page
        assert 'class="name"' not in page
        assert 'class="name"' in site.as_("territory").get(f"/programme/{address}").content.decode()
    chosen = site.vehicle("Paulette").centre.territory_id
    page = site.as_("federation").get(f"/programme/tournees/?territoire={chosen}").content.decode()
    assert "Pirogue</text>" in page
