"""The fleet's pages as somebody reads them, over a real ledger and real published tours."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from federation import outbox
from federation.people import store as people
from federation.projections import basis
from federation.projections.projector import Projector
from federation.web import keyring
from federation.web.fleet import rows, stream, views
from federation.web.fleet.board import Board
from federation.web.keyring import Keyring
from protocol.duty import Ended, Started
from protocol.event import Key
from protocol.incidents import Reported as Incident
from protocol.messages import GpsStatus, JournalStatus, Place, Refusal
from protocol.stops import Arrived, Departed
from protocol.unit import Booted, Reported
from protocol.visits import CheckedIn
from tests.federation.bench import link, status
from tests.federation.van import TRUSTED, UNIT
from tests.federation.web.site import PAULETTE, SIMONE, Site

HOUR = 3_600_000


def now() -> int:
    return time.time_ns() // 1_000_000


def tour(day: str, opens: int = 0, closes: int = 1440) -> bytes:
    return json.dumps(
        {"tours": [{"day": day, "name": "Jour", "stops": [
            {"id": "valmont", "name": "Valmont", "lat": 49.08, "lon": 6.7, "commune": "57690",
             "opens": opens, "closes": closes}]}]}
    ).encode()  # fmt: skip


def speak(site: Site, unit: str = UNIT, **more: Any) -> None:
    """It is there and says so."""
    usual: dict[str, Any] = {"utc": now(), "version": "0.4.0", "duty": "on"}
    site.bench.arrive(link(unit), status(unit, **(usual | more)))


def project(site: Site) -> None:
    """The tables for reading follow what was told."""
    projector = Projector(site.bench.ledger.database, basis.Reader(site.config))
    while projector.step(0.0, budget=5.0):
        pass


def read(site: Site, path: str, login: str = "federation") -> str:
    answer = site.as_(login).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def line_of(page: str, name: str) -> str:
    return next(line for line in page.splitlines() if f">{name}</a>" in line)


def test_a_vehicle_that_speaks_shows_all_that_it_said(site: Site) -> None:
    word = {"screen": [JournalStatus(epoch=7, head=12, watermark=3)]}
    speak(
        site, journals=word, battery_volts=12.64, disk_free=5_200_000_000,
        place=Place(name="Marché <b>", lat=50.6, lon=3.05, arrived=now()),
    )  # fmt: skip
    page = read(site, "/")
    line = line_of(page, "Germaine")
    assert "class=o" in line
    assert "<b>En ligne</b>" in line
    assert "Marché &lt;b&gt;" in line
    assert "<td>12<td>" in line
    assert "12,6\u202fV · 5\u202fGo" in line
    assert 'id="tile-waiting">12<' in page
    assert 'id="tile-touring">1<' in page
    assert '<title>Germaine : En ligne</title><use href="#mark-o"' in page


def test_whoever_needs_somebody_stands_first(site: Site) -> None:
    speak(site)
    speak(site, SIMONE, gps=GpsStatus(state="silent"))
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    outbox.publish(site.config.store, TRUSTED.documents, [PAULETTE], "tour", tour(today), now())
    site.bench.arrive(link(PAULETTE))
    site.bench.ledger.database.execute(
        "UPDATE unit SET online = 0, since = ? WHERE unit = ?", (now() - 5 * HOUR, PAULETTE)
    )
    page = read(site, "/")
    places = [page.index(f">{name}</a>") for name in ("Paulette", "Simone", "Germaine")]
    assert places == sorted(places)
    assert "Sans nouvelles</b><small>attendu à Valmont depuis" in line_of(page, "Paulette")
    assert "En difficulté</b><small>GPS muet" in line_of(page, "Simone")
    assert 'id="tile-missing">1<' in page


def test_only_in_difficulty_and_a_search_leave_rows_out_and_no_tile(site: Site) -> None:
    speak(site)
    speak(site, SIMONE, faults=("disk full",))
    page = read(site, "/?soucis=1")
    assert ">Simone</a>" in page
    assert ">Germaine</a>" not in page
    assert 'id="tile-touring">2<' in page
    page = read(site, "/?q=lilas+germ")
    assert ">Germaine</a>" in page
    assert ">Simone</a>" not in page
    assert '>1</span> sur <span id="count-all">3<' in page


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("federation", {"Germaine", "Simone", "Paulette"}),
        ("auditor", {"Germaine", "Simone", "Paulette"}),
        ("territory", {"Germaine", "Simone"}),
        ("centre", {"Germaine"}),
        ("territory-guyane", {"Paulette"}),
    ],
)
def test_each_account_sees_its_own_vehicles_alone(site: Site, login: str, seen: set[str]) -> None:
    for unit in (UNIT, SIMONE, PAULETTE):
        speak(site, unit, place=Place(name="Ici", lat=47.0, lon=2.0))
    told = json.dumps(site.as_(login).get("/flotte/changements/").json(), ensure_ascii=False)
    page = read(site, "/", login)
    for name in ("Germaine", "Simone", "Paulette"):
        assert (f">{name}</a>" in page) == (name in seen)
        assert (name in told) == (name in seen)
    assert f'id="tile-touring">{len(seen)}<' in page


def test_a_box_that_rides_in_no_vehicle_is_the_federations_affair(site: Site) -> None:
    site.bench.arrive(link("van-loose"))
    assert "van-loose" in read(site, "/")
    assert "van-loose" not in read(site, "/", "territory")
    assert "n'est dans aucun véhicule" in read(site, "/boitiers/van-loose/")
    assert site.as_("territory").get("/boitiers/van-loose/").status_code == 404
    assert site.as_("territory").get(f"/boitiers/{UNIT}/").status_code == 302


def test_what_changed_is_told_once(site: Site) -> None:
    browser = site.as_("federation")
    mark = browser.get("/flotte/changements/").json()["mark"]
    assert browser.get(f"/flotte/changements/?depuis={mark}").json()["rows"] == []
    speak(site)
    told = browser.get(f"/flotte/changements/?depuis={mark}").json()
    assert [row["id"] for row in told["rows"]] == [f"v{site.vehicle('Germaine').pk}"]  # type: ignore[attr-defined]
    assert told["all"] is None
    assert told["rows"][0]["said"] == "Germaine : En ligne"
    assert browser.get(f"/flotte/changements/?depuis={told['mark']}").json()["rows"] == []


def test_a_mark_of_another_life_gives_everything(site: Site) -> None:
    browser = site.as_("territory")
    for mark in ("", "x-1-2", "nonsense", "a-b-c"):
        told = browser.get("/flotte/changements/", {"depuis": mark}).json()
        assert len(told["rows"]) == 2
        assert len(told["all"]) == 2


def test_a_vehicle_that_came_or_went_gives_everything_too(site: Site) -> None:
    browser = site.as_("federation")
    mark = browser.get("/flotte/changements/").json()["mark"]
    paulette: Any = site.vehicle("Paulette")
    site.as_("federation").post(f"/vehicules/{paulette.pk}/service/")
    told = browser.get(f"/flotte/changements/?depuis={mark}").json()
    assert f"v{paulette.pk}" not in told["all"]
    assert ">Paulette</a>" not in read(site, "/")


def test_the_page_answers_before_there_is_any_ledger(site: Site) -> None:
    site.config.store.ledger.unlink()
    assert "n'a encore jamais parlé" in read(site, "/")
    assert "ne peut pas être lu" in read(site, f"/vehicules/{site.vehicle('Germaine').pk}/")  # type: ignore[attr-defined]


def test_the_newest_version_of_the_fleet_is_what_others_are_behind(site: Site) -> None:
    assert rows.newest(["0.9.0", "0.10.1", "", "0.10.0"]) == "0.10.1"
    assert rows.is_behind("0.9.0", "0.10.1")
    assert not rows.is_behind("", "0.10.1")
    assert not rows.is_behind("0.10.1+local", "0.10.1")
    speak(site, version="0.3.0")
    speak(site, SIMONE, version="0.4.0")
    page = read(site, "/")
    assert "0.3.0 <i>en retard</i>" in line_of(page, "Germaine")
    assert 'id="tile-behind">1<' in page


def test_the_page_of_a_vehicle_sets_what_was_beside_what_was_planned(site: Site) -> None:
    morning = int(datetime(2026, 5, 28, 7, 0, tzinfo=UTC).timestamp() * 1000)
    day = tour("2026-05-28", 540, 720)
    outbox.publish(site.config.store, TRUSTED.documents, [UNIT], "tour", day, morning)
    site.tell(Booted(version="0.4.0", last_stop="power_cut"), Started(), at=morning)
    van = site.van()
    site.tell(
        Arrived(source="both", name="Valmont", planned="valmont", lat=49.08, lon=6.7),
        at=morning + 15 * 60_000,
    )
    arrived = Key(van.epoch, van.head)
    site.tell(CheckedIn(number=3, door="logement", theme="logement"), at=morning + HOUR)
    site.tell(Departed(source="gps", stop=arrived), at=morning + 3 * HOUR)
    site.tell(Arrived(source="driver", name="Détour"), at=morning + 4 * HOUR)
    site.tell(Incident(kind="delay", minutes=12), Ended(), at=morning + 5 * HOUR)
    project(site)
    page = read(site, f"/vehicules/{site.vehicle('Germaine').pk}/?jour=2026-05-28")  # type: ignore[attr-defined]
    assert "Jeudi 28 mai 2026" in page
    assert "09:00–12:00" in page
    assert "09:15–12:00" in page
    assert "15 min de retard" in page
    assert "non prévu" in page
    assert "passage</td><td>n° 3<" in page
    assert "Retard, 12 min" in page
    assert "logement" not in page.casefold()
    assert "démarrage" in page


def test_it_tells_documents_certificates_and_what_was_kept_apart(site: Site) -> None:
    outbox.publish(site.config.store, TRUSTED.documents, [UNIT], "tour", tour("2026-05-28"), 1)
    van = site.van().notes(2)
    site.bench.arrive(van.delivery(1, 2, damaged=True))
    speak(site, documents={"settings": 4}, refused={"tour": Refusal(revision=1, reason="odd")})
    site.tell(Reported(version="0.4.0", faults=("cable",), lines=("uplink 12 s: hello",)))
    project(site)
    page = read(site, f"/vehicules/{site.vehicle('Germaine').pk}/")  # type: ignore[attr-defined]
    assert 'révision 1 : <span lang="en">odd</span>' in page
    assert "réglages" in page
    assert "Certificats montrés" in page
    assert "Gardés sans être lus" in page
    assert "7 : 1 à 2" in page
    assert "uplink 12 s: hello" in page


def test_the_audit_of_a_vehicle_is_for_who_may_see_it(site: Site) -> None:
    germaine: Any = site.vehicle("Germaine")
    site.as_("federation").post(f"/vehicules/{germaine.pk}/service/")
    site.as_("federation").post(f"/vehicules/{germaine.pk}/service/")
    address = f"/vehicules/{germaine.pk}/"
    assert "compte federation" in read(site, address, "auditor")
    assert "compte federation" not in read(site, address, "territory")
    assert [deed.deed for deed in people.audit(site.config.store)] == [
        "vehicle_retired", "vehicle_back",
    ]  # fmt: skip


def test_a_vehicle_is_made_and_named(site: Site) -> None:
    germaine: Any = site.vehicle("Germaine")
    browser = site.as_("federation")
    told = {
        "name": "Marcel", "kind": "triporteur", "centre": germaine.centre_id,
        "zone": "America/Cayenne", "target_people": "900", "target_measure": "passages",
    }  # fmt: skip
    assert browser.post("/vehicules/nouveau/", told).status_code == 302
    assert ">Marcel</a>" in read(site, "/")
    again = browser.post("/vehicules/nouveau/", told)
    assert "déjà un véhicule de ce nom" in again.content.decode()
    wrong = browser.post("/vehicules/nouveau/", told | {"name": "Z", "zone": "Mars/Base"})
    assert "Mars/Base" in wrong.content.decode()


def test_territories_and_centres_are_made(site: Site) -> None:
    browser = site.as_("federation")
    browser.post("/vehicules/territoire/", {"t-name": "Mayotte", "t-code": "mayotte"})
    page = read(site, "/vehicules/")
    assert "Mayotte" in page
    from federation.web.fleet.models import Territory

    browser.post(
        "/vehicules/centre/",
        {"c-name": "Les Badamiers", "c-territory": Territory.objects.get(code="mayotte").pk},
    )
    assert "Les Badamiers" in read(site, "/vehicules/")


def test_past_stops_teach_that_a_place_has_no_network(site: Site) -> None:
    for day in (2, 3):
        at = now() - day * 24 * HOUR
        site.tell(Arrived(source="gps", name="Vallée", planned="valmont", lat=45.0, lon=6.0), at=at)
        site.tell(Departed(source="gps", stop=Key(site.van().epoch, site.van().head)), at=at + HOUR)
    project(site)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    outbox.publish(site.config.store, TRUSTED.documents, [UNIT], "tour", tour(today), now())
    with site.bench.ledger.transaction():
        site.bench.ledger.database.execute(
            "UPDATE unit SET online = 0, since = ? WHERE unit = ?", (now() - 5 * HOUR, UNIT)
        )
    board = Board(site.config.store, lambda: now() + 3 * HOUR)
    line = next(each.line for each in board.shown().values() if each.line.name == "Germaine")
    board.close()
    assert line.said.startswith("Silence prévu, zone blanche : Valmont")


@pytest.fixture
def _signing() -> Iterator[None]:
    """The key that signs documents is open."""
    keyring.hold(Keyring(documents=TRUSTED.documents))
    yield
    keyring.hold(Keyring())


@pytest.mark.usefixtures("_signing")
def test_a_tour_moves_to_another_van_in_one_action(site: Site) -> None:
    from federation.web.programme.models import Place as Known
    from federation.web.programme.models import Tour, TourStop

    germaine: Any = site.vehicle("Germaine")
    simone: Any = site.vehicle("Simone")
    place = Known.objects.create(
        territory=germaine.centre.territory, code="ecole", name="École", lat=50.6, lon=3.0,
        commune="59350", commune_name="Lille",
    )  # fmt: skip
    day = datetime.now(UTC).date()
    made = Tour.objects.create(
        vehicle=germaine, name="Tous les jours", weekdays="1 2 3 4 5 6 7", first=day
    )
    TourStop.objects.create(tour=made, place=place, opens=540, closes=720)
    answer = site.as_("centre").post(
        f"/vehicules/{germaine.pk}/confier/", {"day": day.isoformat(), "target": simone.pk}
    )
    assert answer.status_code == 404, "Simone is not of this centre"
    answer = site.as_("territory").post(
        f"/vehicules/{germaine.pk}/confier/",
        {"day": day.isoformat(), "target": simone.pk}, follow=True,
    )  # fmt: skip
    assert "confiée à Simone" in answer.content.decode()
    assert "École" in read(site, f"/vehicules/{simone.pk}/?jour={day.isoformat()}", "territory")
    page = read(site, f"/vehicules/{germaine.pk}/?jour={day.isoformat()}", "territory")
    assert "Aucun arrêt, ni prévu ni réel" in page
    assert [deed.deed for deed in people.audit(site.config.store)] == ["tour_moved"]


def test_whoever_comes_when_too_many_follow_asks_by_hand(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MOST", 0)
    assert site.as_("federation").get("/flotte/flux/").status_code == 503


@pytest.mark.parametrize("moment", [2**53 - 1, 1 - 2**53])
def test_a_unit_that_says_a_moment_no_calendar_has_takes_the_pages_from_nobody(
    site: Site, moment: int
) -> None:
    place = Place(name="École", arrived=moment, departed=moment, lat=50.0, lon=3.0)
    speak(site, utc=moment, place=place, certificate_until=moment)
    number = site.vehicle("Germaine").pk  # type: ignore[attr-defined]
    for path in ("/", f"/vehicules/{number}/", "/api/units.geojson", "/alertes/"):
        read(site, path)


@pytest.mark.parametrize("said", ["²", "9" * 5000])
def test_a_unit_that_says_a_strange_version_takes_the_page_from_nobody(said: str) -> None:
    assert rows.newest(["0.9.0", said])
    assert rows.is_behind("0.0.0", "0.9.0")


def test_one_account_cannot_take_all_streams(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "OF_ONE", 1)
    monkeypatch.setitem(stream._open, site.account("territory").pk, 1)  # type: ignore[attr-defined]
    assert site.as_("territory").get("/flotte/flux/").status_code == 503
    assert site.as_("centre").get("/flotte/flux/").status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_today(site: Site, day: str) -> None:
    number = site.vehicle("Germaine").pk  # type: ignore[attr-defined]
    assert site.as_("territory").get(f"/vehicules/{number}/?jour={day}").status_code == 200


def test_a_great_fleet_comes_in_two_parts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "FIRST", 1)
    page = read(site, "/")
    assert page.count("<tr class=") == 1
    assert "Montrer les 2 autres" in page
    assert read(site, "/?tout=1").count("<tr class=") == 3
