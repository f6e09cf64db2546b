"""The page of alerts and its rounds, over a real store: what opens, who sees it, what is done."""

import json
import time

import pytest
from django.core.management import call_command

from federation import outbox
from federation.alerting import DAY, MINUTE
from federation.web.alerts import rounds
from federation.web.alerts.models import Alert, Deed, Delay, Digest, Mute
from federation.web.alerts.rounds import Rounds
from tests.federation.bench import link, status
from tests.federation.van import TRUSTED, UNIT
from tests.federation.web.site import PAULETTE, SIMONE, Site

NOON = 1_780_480_800_000
"""A Wednesday, 2026-06-03 10:00 UTC."""


def tour(site: Site, *units: str, day: str = "2026-06-03") -> None:
    """These are to stand at a place all that day."""
    stop = {
        "id": "mairie", "name": "Place de la Mairie", "lat": 47.2, "lon": -1.5, "commune": "44109",
        "opens": 60, "closes": 1380,
    }  # fmt: skip
    body = {"tours": [{"day": day, "name": "Tournée", "stops": [stop]}]}
    outbox.publish(
        site.config.store, TRUSTED.documents, units, "tour", json.dumps(body).encode(), NOON - DAY
    )


def rounds_until(now: int, *, since: int = NOON, every: int = 5 * MINUTE) -> None:
    """Rounds as the site makes them."""
    made = Rounds()
    for moment in range(since, now + 1, every):
        made.look(moment)


@pytest.fixture
def silent(site: Site) -> Site:
    """Germaine is missed at her stop for an hour and a half."""
    tour(site, UNIT)
    rounds_until(NOON + 90 * MINUTE)
    return site


def opened() -> set[tuple[str, str]]:
    return set(Alert.objects.filter(state="open").values_list("subject", "kind"))


def of_germaine(site: Site) -> Alert:
    return Alert.objects.get(subject=f"v{site.vehicle('Germaine').pk}", kind="silence")


def test_a_vehicle_missed_at_its_stop_is_one_alert(silent: Site) -> None:
    germaine = f"v{silent.vehicle('Germaine').pk}"
    assert opened() == {(germaine, "silence")}
    page = silent.as_("federation").get("/alertes/").content.decode()
    assert "Sans nouvelles" in page
    assert "attendu à Place de la Mairie" in page


def test_it_is_over_when_the_vehicle_is_heard_for_a_while(silent: Site) -> None:
    silent.bench.arrive(link(), status())
    now = int(time.time() * 1000)
    Rounds().look(now)
    assert of_germaine(silent).state == "open"
    Alert.objects.update(fine_since=now - 5 * MINUTE)
    Rounds().look(now)
    assert of_germaine(silent).state == "closed"
    page = silent.as_("federation").get("/alertes/historique/").content.decode()
    assert ">en cours<" not in page
    assert "Germaine" in page


def test_nothing_is_an_alert_where_nothing_is_planned(site: Site) -> None:
    rounds_until(NOON + DAY, every=60 * MINUTE)
    assert not opened()


def test_what_the_vehicle_says_of_itself_opens_alerts(site: Site) -> None:
    from federation.web.fleet.models import Territory

    Delay.objects.create(territory=Territory.objects.get(code="nord"), others=0)
    now = int(time.time() * 1000)
    site.bench.arrive(
        link(),
        status(
            utc=now - 3600_000, duty="on", disk_free=10_000_000, faults=("disk: one write failed",),
            gps={"state": "absent"}, refused={"tour": {"revision": 3, "reason": "no such day"}},
        ),
    )  # fmt: skip
    Rounds().look(int(time.time() * 1000))
    germaine = f"v{site.vehicle('Germaine').pk}"
    kinds = {"clock", "disk", "fault", "gps", "document"}
    assert opened() == {(germaine, kind) for kind in kinds}


def test_two_territories_that_fall_silent_are_told_apart(site: Site) -> None:
    tour(site, UNIT, SIMONE, PAULETTE)
    rounds_until(NOON + 120 * MINUTE)
    assert {kind for _, kind in opened()} == {"silence"}
    assert len(opened()) == 3


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        ("federation", True), ("auditor", True), ("territory", True), ("centre", True),
        ("territory-guyane", False), ("centre-parc", False),
    ],
)  # fmt: skip
def test_alerts_are_seen_by_those_whose_vehicle_it_is(silent: Site, login: str, sees: bool) -> None:
    browser = silent.as_(login)
    assert ("Germaine" in browser.get("/alertes/").content.decode()) == sees
    assert ("Germaine" in browser.get("/alertes/historique/").content.decode()) == sees
    of_it = f"/alertes/historique/v{silent.vehicle('Germaine').pk}/"
    assert browser.get(of_it).status_code == (200 if sees else 404)


def test_taking_care_of_it_says_who_and_why(silent: Site) -> None:
    number = of_germaine(silent).pk
    browser = silent.as_("territory")
    answer = browser.post(f"/alertes/{number}/prise-en-charge/", {"why": "Garagiste appelé"})
    assert answer.status_code == 302
    page = browser.get("/alertes/").content.decode()
    assert "territory : Garagiste appelé" in page
    browser.post(f"/alertes/{number}/rendre/")
    assert of_germaine(silent).taken_by is None
    assert list(Deed.objects.values_list("what", "why")) == [
        ("given_back", ""),
        ("taken", "Garagiste appelé"),
    ]
    page = browser.get(f"/alertes/historique/v{silent.vehicle('Germaine').pk}/").content.decode()
    assert "a pris en charge (Garagiste appelé)" in page


def test_muting_says_until_when(silent: Site) -> None:
    number = of_germaine(silent).pk
    browser = silent.as_("federation")
    browser.post(f"/alertes/{number}/sourdine/", {"why": "Au garage", "days": "3", "whole": "on"})
    mute = Mute.objects.get()
    assert (mute.kind, mute.until - mute.made) == ("", 3 * DAY)
    assert "En sourdine" in browser.get("/alertes/").content.decode()
    browser.post(f"/alertes/{number}/sourdine/fin/")
    assert not Mute.objects.exists()


@pytest.mark.parametrize("what", ["prise-en-charge", "rendre", "sourdine", "sourdine/fin"])
@pytest.mark.parametrize(
    ("login", "code"),
    [("territory-guyane", 404), ("centre", 403), ("auditor", 403), ("funder", 403)],
)
def test_others_can_do_nothing_about_it(silent: Site, what: str, login: str, code: int) -> None:
    path = f"/alertes/{of_germaine(silent).pk}/{what}/"
    assert silent.as_(login).post(path, {"why": "x", "days": "1"}).status_code == code
    assert not Deed.objects.exists()


def test_a_deed_without_a_reason_is_not_done(silent: Site) -> None:
    path = f"/alertes/{of_germaine(silent).pk}/prise-en-charge/"
    assert silent.as_("federation").post(path, {"why": " "}).status_code == 400
    assert of_germaine(silent).taken_at is None


def test_a_territory_waits_as_long_as_it_wants(site: Site) -> None:
    browser = site.as_("territory")
    answer = browser.post("/alertes/delais/nord/", {"nord-silence": "120", "nord-others": ""})
    assert answer.status_code == 302
    assert browser.post("/alertes/delais/guyane/", {"guyane-silence": "1"}).status_code == 404
    assert browser.post("/alertes/delais/nord/", {"nord-silence": "-1"}).status_code == 400
    tour(site, UNIT, PAULETTE)
    rounds_until(NOON + 100 * MINUTE)
    assert opened() == {(f"v{site.vehicle('Paulette').pk}", "silence")}


def test_everybody_chooses_when_to_be_written_to(site: Site) -> None:
    browser = site.as_("centre")
    assert browser.get("/alertes/resume/").status_code == 200
    good = {"wanted": "on", "minutes": "30", "hours": "8h, 14"}
    assert browser.post("/alertes/resume/", good).status_code == 302
    wish = Digest.objects.get(account=site.account("centre"))
    assert (wish.wanted, wish.minutes, wish.hours) == (True, 30, "8 14")
    assert browser.post("/alertes/resume/", good | {"hours": "25"}).status_code == 400
    assert site.as_("auditor").get("/alertes/resume/").status_code == 403


def test_what_was_long_ago_is_forgotten(silent: Site) -> None:
    Alert.objects.update(state="closed", closed=NOON)
    rounds.forget(NOON + rounds.KEEP)
    assert Alert.objects.exists()
    rounds.forget(NOON + rounds.KEEP + 1)
    assert not Alert.objects.exists()


def test_a_vehicle_that_is_retired_takes_its_alerts_along(silent: Site) -> None:
    from federation.web.fleet.models import Vehicle

    Vehicle.objects.filter(name="Germaine").update(retired=True)
    Rounds().look(NOON + 91 * MINUTE)
    assert of_germaine(silent).state == "closed"


def test_many_alerts_come_in_leaves(site: Site) -> None:
    for number in range(120):
        Alert.objects.create(subject=f"u:van-{number}", kind="disk", state="open", since=1)
    browser = site.as_("federation")
    first, last = (browser.get(f"/alertes/?page={n}").content.decode() for n in (1, 3))
    assert first.count('class="alert"') == 50
    assert last.count('class="alert"') == 20
    assert "1 sur 3" in first


def test_a_restart_of_the_site_forgets_no_wait(site: Site) -> None:
    tour(site, UNIT)
    for moment in range(NOON, NOON + 90 * MINUTE, 5 * MINUTE):
        Rounds().look(moment)
    assert opened()


def test_the_tables_are_those_of_the_migrations(site: Site) -> None:
    call_command("makemigrations", "alerts", "--check", "--dry-run", verbosity=0)
