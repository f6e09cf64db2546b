"""The page of the update that is on its way, as each role reads it and as the federation acts."""

import json
import time
from typing import Any

import pytest

from appliance.update.facts import REASON
from appliance.update.health import HUNG
from appliance.update.signs import Signs
from federation import outbox
from federation.people import store as people
from federation.updates import rollouts, stepping
from federation.updates.waves import HOUR, SILENCE
from federation.web import chores, keyring
from federation.web.alerts.rounds import Rounds
from federation.web.fleet import words
from federation.web.keyring import Keyring
from protocol.documents import Update
from protocol.unit import UpdateApplied
from tests.federation.bench import link, status
from tests.federation.van import TRUSTED, UNIT
from tests.federation.web.site import PAULETTE, SIMONE, Site

PAGE = "/vehicules/mise-a-jour/"
NEW = "0.5.1"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "_held", Keyring(documents=TRUSTED.documents))


def now() -> int:
    return time.time_ns() // 1_000_000


def speaks(site: Site, unit: str, version: str = "0.5.0", **more: Any) -> None:
    site.bench.arrive(link(unit), status(unit, version=version, utc=now(), **more))


def begins(site: Site, first: str = UNIT) -> None:
    """Three vehicles are there; one is told."""
    for unit in (UNIT, SIMONE, PAULETTE):
        speaks(site, unit)
    wanted = Update(
        version=NEW, address="https://updates.example.org/e.raucb", size=322_000_001,
        digest="ab" * 32,
    )  # fmt: skip
    stepping.begin(site.config.store, wanted, first, "claire", now())
    step(site)


def step(site: Site, later: int = 0) -> None:
    stepping.step(site.config.store, TRUSTED.documents, now() + later)


def told(site: Site) -> dict[str, str]:
    return {
        each.unit: json.loads(each.body).get("version", "")
        for each in outbox.latest(site.config.store)
    }


def read(site: Site, path: str = PAGE, login: str = "federation") -> str:
    answer = site.as_(login).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def row(page: str, name: str) -> str:
    return next(line for line in page.splitlines() if f">{name}</a>" in line)


def sends(site: Site, path: str, login: str = "federation", **form: str) -> str:
    answer = site.as_(login).post(PAGE + path, form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_any_was_published_the_page_says_how(site: Site) -> None:
    page = read(site)
    assert "Aucune mise à jour" in page
    assert "escale-federation publish update" in page
    assert "Mise à jour" not in read(site, "/")


def test_it_shows_each_unit_and_the_wave_it_is_in(site: Site) -> None:
    begins(site)
    page = read(site)
    assert f"<h1>Mise à jour {NEW}</h1>" in page
    assert "vague 1 sur 3" in page
    assert "323 Mo" in page
    assert "annoncée</span>" in row(page, "Germaine")
    assert "attend le Wi-Fi du dépôt" in row(page, "Germaine")
    assert "prévue</span>" in row(page, "Simone")
    assert f'<a href="{PAGE}">Mise à jour {NEW}</a> : en cours' in read(site, "/")


def test_the_fleets_drift_of_versions_leads_there(site: Site) -> None:
    assert f'<a href="{PAGE}">en retard de version</a>' in read(site, "/")


def test_a_unit_that_knows_of_it_or_runs_it_says_so(site: Site) -> None:
    begins(site)
    speaks(site, UNIT, documents={"update": 1})
    assert "connue à bord" in row(read(site), "Germaine")
    speaks(site, UNIT, NEW)
    step(site)
    assert "appliquée, à l&#x27;essai" in row(read(site), "Germaine")


def test_a_failure_says_whose_and_why_and_what_was_not_taken_is_withdrawn(site: Site) -> None:
    begins(site)
    site.tell(UpdateApplied(version=NEW, outcome="refused", reason="no <room>"), at=now())
    step(site)
    page = read(site)
    assert "Arrêtée</b>" in page
    assert "Germaine l&#x27;a refusée" in page
    assert "no &lt;room&gt;" in row(page, "Germaine")
    assert "refusée</span>" in row(page, "Germaine")
    assert "quelqu'un doit décider" in read(site, "/")
    assert told(site)[UNIT] == ""


def test_what_a_card_says_of_a_system_that_was_not_well_is_read_in_french(site: Site) -> None:
    begins(site)
    said = f"{Signs(frame=False, journal=False, vehicle=False).missing()}, so"
    assert len(said) <= REASON
    site.tell(UpdateApplied(version=NEW, outcome="rolled_back", reason=said), at=now())
    step(site)
    page = read(site)
    french = "l&#x27;écran n&#x27;a rien montré, rien n&#x27;a été noté, le GPS et la lampe"
    for text in (row(page, "Germaine"), page[: page.index("<table")]):
        assert french in text
        assert '<span lang="en">so</span>' in text
    assert "pas démarré, ou s'est figée" in words.of_failure(HUNG)[0]


def test_one_that_went_back_one_in_trouble_and_one_that_is_not_heard(site: Site) -> None:
    begins(site)
    site.tell(UpdateApplied(version=NEW, outcome="rolled_back"), at=now())
    step(site)
    assert "revenue à l&#x27;ancienne</span>" in row(read(site), "Germaine")
    stepping.resume(site.config.store, now(), retry=False)
    step(site)
    assert "laissée de côté</span>" in row(read(site), "Germaine")
    site.tell(UpdateApplied(version=NEW, outcome="applied"), unit=PAULETTE, at=now())
    speaks(site, PAULETTE, NEW, disk_free=1, faults=("the screen hangs",))
    step(site)
    site.bench.ledger.database.execute("UPDATE unit SET status_received = ?", (now() + HOUR,))
    step(site, later=HOUR)
    page = row(read(site), "Paulette")
    assert "avec un nouvel ennui</span>" in page
    assert 'carte mémoire <span lang="en">fault: the screen hangs</span>' in page
    site.bench.ledger.database.execute(
        "UPDATE unit SET status_received = ?, since = ?", (now() - 2 * SILENCE,) * 2
    )
    site.bench.ledger.database.execute("UPDATE event SET received = ?", (now() - 2 * SILENCE,))
    stepping.resume(site.config.store, now(), retry=True)
    assert "sans nouvelles</span>" in row(read(site), "Paulette")


def test_a_person_stops_it_lets_it_go_on_and_allows_4g(site: Site) -> None:
    begins(site)
    assert "plus aucun véhicule ne la prend" in sends(site, "arreter/")
    assert told(site) == {UNIT: ""}
    page = sends(site, "4g/")
    assert "Wi-Fi du dépôt, et 4G" in page
    assert "Autoriser la 4G" not in page
    assert "Elle continue." in sends(site, "reprendre/")
    assert told(site) == {UNIT: NEW}
    assert [line.deed for line in people.audit(site.config.store)] == [
        "update_stopped", "update_mobile", "update_resumed",
    ]  # fmt: skip
    assert "a arrêté la mise à jour" in read(site, "/comptes/journal/")


def test_those_that_failed_try_again_when_it_is_asked_for(site: Site) -> None:
    begins(site)
    site.tell(UpdateApplied(version=NEW, outcome="refused"), at=now())
    step(site)
    sends(site, "reprendre/", retry="1")
    assert told(site) == {UNIT: NEW}


def test_what_does_not_fit_any_more_changes_nothing_and_says_so(site: Site) -> None:
    assert "Rien n&#x27;a changé" in sends(site, "reprendre/")
    begins(site)
    assert "Rien n&#x27;a changé" in sends(site, "reprendre/")
    assert told(site) == {UNIT: NEW}
    assert list(people.audit(site.config.store)) == []


def test_others_see_their_own_vehicles_and_no_button(site: Site) -> None:
    begins(site, first=PAULETTE)
    site.tell(
        UpdateApplied(version=NEW, outcome="refused", reason="no room"), unit=PAULETTE, at=now()
    )
    step(site)
    page = read(site, login="territory")
    assert "<form" not in page[page.index("<main") :]
    assert "un véhicule d&#x27;ailleurs l&#x27;a refusée" in page
    assert "Paulette" not in page
    assert "Et 1 véhicule d'ailleurs" in page
    assert "Simone" not in read(site, login="centre")
    assert site.as_("territory").post(f"{PAGE}arreter/").status_code == 403
    assert site.as_("funder").get(PAGE).status_code == 403


def test_without_the_key_the_page_says_that_nothing_leaves(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins(site)
    monkeypatch.setattr(keyring, "_held", Keyring())
    assert "Rien ne peut être envoyé" in read(site)
    assert "Rien ne peut être envoyé" not in read(site, login="territory")


def test_the_site_takes_the_steps_by_itself(site: Site) -> None:
    begins(site)
    site.tell(UpdateApplied(version=NEW, outcome="applied"), at=now())
    chore = next(each for each in chores.of_the_site()._chores if each.name == "updates")
    chore.run(now())
    known = rollouts.read(site.config.store)
    assert known is not None
    assert known[1][UNIT].applied is not None
    chore.run(now() + 2 * HOUR)


def test_a_box_that_left_its_vehicle_and_fell_silent_is_no_matter_of_it(site: Site) -> None:
    begins(site)
    site.as_("federation").post(f"/vehicules/{site.vehicle('Germaine').pk}/sans-boitier/")  # type: ignore[attr-defined]
    assert "Germaine" in read(site)
    past = (now() - 2 * SILENCE,) * 2
    site.bench.ledger.database.execute(
        "UPDATE unit SET status_received = ?, since = ? WHERE unit = 'van-germaine'", past
    )
    assert "Germaine" not in read(site)
    step(site)
    assert told(site) == {UNIT: NEW, PAULETTE: NEW}


def test_one_that_stopped_by_itself_is_an_alert_of_the_federation(site: Site) -> None:
    begins(site)
    sends(site, "arreter/")
    Rounds().look(now())
    assert "Mise à jour arrêtée" not in read(site, "/alertes/")
    sends(site, "reprendre/")
    site.tell(UpdateApplied(version=NEW, outcome="refused"), at=now())
    step(site)
    Rounds().look(now())
    assert "Mise à jour arrêtée" in read(site, "/alertes/")
    assert "Mise à jour arrêtée" not in read(site, "/alertes/", "territory")
    sends(site, "reprendre/")
    Rounds().look(now())
    assert "Mise à jour arrêtée" not in read(site, "/alertes/")


def test_it_is_done_when_all_have_it(site: Site) -> None:
    for unit in (UNIT, SIMONE, PAULETTE):
        speaks(site, unit, NEW)
    begins_nothing = Update(version=NEW)
    stepping.begin(site.config.store, begins_nothing, "", "claire", now())
    step(site)
    page = read(site)
    assert "Finie</b>" in page
    assert "déjà à jour</span>" in row(page, "Simone")
