"""The reports' pages: who sees whose figures, and what they take away."""

import csv
import io
import json
import re
import zipfile
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from federation.database import open_ledger
from federation.web.fleet.models import Territory, Vehicle
from federation.web.programme.models import DeskSignUp, Workshop
from federation.web.reports import turns
from tests.federation.web.reported import a_year
from tests.federation.web.site import Site

PERIOD = "2026"
CLOSED = "2026-T2"
"""What a funder may read, whatever the day on which this runs."""


@pytest.fixture
def told(site: Site) -> Site:
    """A site with a year in its ledger."""
    a_year(site)
    return site


def page(site: Site, login: str, **asked: str) -> Any:
    """The answer to a report asked for."""
    return site.as_(login).get("/rapports/", {"periode": PERIOD, **asked})


def text(answer: Any) -> str:
    """What it says, as plain text."""
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def taken(site: Site, login: str, **asked: str) -> dict[str, bytes]:
    """The files of a report, by their name in its folder."""
    answer = site.as_(login).post("/rapports/fichiers/", {"periode": PERIOD, **asked})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def lines(content: bytes) -> list[dict[str, str]]:
    """A file for programs."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize(
    ("login", "title"),
    [
        ("federation", "Toute la fédération, année 2026"),
        ("auditor", "Toute la fédération, année 2026"),
        ("funder", "Toute la fédération, 2e trimestre 2026"),
        ("territory", "Nord, année 2026"),
        ("centre", "Nord, année 2026"),
        ("funder-nord", "Nord, 2e trimestre 2026"),
        ("territory-guyane", "Guyane, année 2026"),
    ],
)
def test_each_role_begins_with_what_is_theirs(told: Site, login: str, title: str) -> None:
    assert title in text(page(told, login, periode=_of(login)))


def _of(login: str) -> str:
    return CLOSED if login.startswith("funder") else PERIOD


@pytest.mark.parametrize("login", ["territory", "centre", "funder-nord"])
def test_another_territory_is_not_there(told: Site, login: str) -> None:
    assert page(told, login, territoire="guyane").status_code == 404
    form = {"periode": _of(login), "territoire": "guyane"}
    assert told.as_(login).post("/rapports/fichiers/", form).status_code == 404
    assert told.as_(login).post("/rapports/page/", form).status_code == 404
    assert "Guyane" not in text(page(told, login))
    assert "Toute la fédération" not in text(page(told, login, territoire=""))


def test_figures_stand_apart_and_say_how_complete_they_are(told: Site) -> None:
    said = text(page(told, "federation"))
    for words in ("personnes, au moins", "premières visites déclarées", "passages", "demandes",
                  "participants", "sans être reçus", "hiffres provisoires"):  # fmt: skip
        assert words in said
    for never in ("bénéficiaire", "usager", "lapin"):
        assert never not in said.lower()


def test_every_chart_has_its_table(told: Site) -> None:
    content = page(told, "federation").content.decode()
    drawn = re.findall(r'class="card figure (\w+)"', content)
    assert len(drawn) == 10
    assert content.count("<svg") == content.count("<table>") >= 9
    assert "style=" not in content


def test_a_funder_takes_aggregates_alone(told: Site) -> None:
    files = taken(told, "funder", periode=CLOSED)
    assert {"e1_activite.csv", "e2_publics.csv", "e3_themes.csv", "e7_completude.csv"} <= set(files)
    assert not [n for n in files if n.startswith(("coop/", "e4_", "e5_", "e6_"))]
    assert files["rapport.pdf"].startswith(b"%PDF")
    for name in files:
        if name.endswith(".rfc4180.csv"):
            for line in lines(files[name]):
                for column in ("passages", "demandes", "repartis", "participants"):
                    assert line.get(column) not in ("1", "2", "3", "4"), name


def test_who_runs_the_vans_takes_every_file(told: Site) -> None:
    files = taken(told, "territory")
    assert {"coop/coop_activites.json", "e4_arrets.csv", "e5_ateliers.csv", "e6_parc.csv"} <= set(
        files
    )
    vehicles = {line["vehicule"] for line in lines(files["e4_arrets.rfc4180.csv"])}
    assert vehicles == {"Germaine", "Simone"}
    told_there = json.loads(files["datapackage.json"])["escale"]
    assert told_there["territoire"] == "nord"


def test_a_centre_is_told_of_its_own_vehicles_one_by_one(told: Site) -> None:
    files = taken(told, "centre")
    for name in ("e1_activite", "e4_arrets", "e5_ateliers", "e6_parc", "e7_completude"):
        found = {line["vehicule"] for line in lines(files[f"{name}.rfc4180.csv"])} - {""}
        assert found == {"Germaine"}, name
    assert "Simone" not in page(told, "centre").content.decode()
    mine = json.loads(files["coop/coop_activites.json"])
    theirs = json.loads(taken(told, "territory")["coop/coop_activites.json"])
    assert 0 < len(mine) < len(theirs)


def test_a_name_that_another_centres_vehicle_has_too_tells_a_centre_nothing(told: Site) -> None:
    Vehicle.objects.filter(name="Simone").update(name="Germaine")
    files = taken(told, "centre")
    for name in ("e1_activite", "e4_arrets", "e5_ateliers", "e6_parc", "e7_completude"):
        assert {line["vehicule"] for line in lines(files[f"{name}.rfc4180.csv"])} <= {""}, name
    assert json.loads(files["coop/coop_activites.json"]) == []


def test_whoever_asks_for_many_reports_waits_and_holds_up_no_other_page(
    told: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with ExitStack() as asked:
        for _ in range(turns.AT_ONCE):
            asked.enter_context(turns.turn())
        assert "Réessayez" in text(page(told, "funder"))
        assert told.as_("auditor").post("/rapports/page/", {"periode": PERIOD}).status_code == 503
        assert told.as_("territory").get("/").status_code == 200
    assert "Nord, année 2026" in text(page(told, "territory"))


@pytest.mark.parametrize("typed", ["9999-12", "9999-T4", "0001", "0001-01-01..9999-12-31"])
def test_a_year_beyond_the_calendar_is_no_period(told: Site, typed: str) -> None:
    assert "Cette période n’existe pas" in text(page(told, "federation", periode=typed))


def test_the_same_files_are_the_same_bytes(told: Site) -> None:
    one, other = taken(told, "federation"), taken(told, "federation")
    assert one == other
    assert "sur aucune barre" in one["rapport.html"].decode(), "it stands in the printed page too"


def test_the_printed_page_is_a_pdf_named_after_what_it_tells(told: Site) -> None:
    form = {"periode": "2026-T1", "territoire": "nord"}
    answer = told.as_("territory").post("/rapports/page/", form)
    assert answer.content.startswith(b"%PDF")
    assert "escale-nord-2026-T1-" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("typed", ["hier", "2026-13", "<script>", "2026-05-10..2026-05-01"])
def test_a_period_that_is_none_is_said_and_this_year_shown(told: Site, typed: str) -> None:
    answer = page(told, "federation", periode=typed)
    assert "Cette période n’existe pas" in text(answer)
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["zzz", "2026-05-12", "9999", "9999-01", "2198"])
@pytest.mark.parametrize("address", ["/rapports/fichiers/", "/rapports/page/"])
def test_no_file_of_another_period_than_asked_for_is_given(
    told: Site, typed: str, address: str
) -> None:
    answer = told.as_("federation").post(address, {"periode": typed})
    assert answer.status_code == 400
    assert "Cette période n’" in answer.content.decode()
    assert "Télécharger" not in answer.content.decode()


def test_a_funder_has_quarters_that_are_over_and_nothing_that_lies_in_another(told: Site) -> None:
    today = timezone.localdate()
    span = "2026-05-01..2026-05-03"
    for refused in (span, f"{today:%Y}", f"{today:%Y-%m}", "2026-05", "2025"):
        assert "terminé depuis une semaine au moins" in text(page(told, "funder", periode=refused))
        answer = told.as_("funder").post("/rapports/fichiers/", {"periode": refused})
        assert answer.status_code == 400
        assert answer.headers["Content-Type"].startswith("text/html")
        assert f'<option value="{refused}"' not in answer.content.decode()
    assert "du 1er mai 2026 au 3 mai 2026" in text(page(told, "federation", periode=span))


def test_a_funder_reads_the_same_figures_until_the_next_week(told: Site) -> None:
    """Page, files and printed page: of one moment, though somebody came since."""
    shown = text(page(told, "funder", periode=CLOSED))
    files = taken(told, "funder", periode=CLOSED)
    with closing(open_ledger(told.config.store)) as ledger, ledger.transaction():
        ledger.execute(
            "UPDATE aggregate SET people = people + 2, visits = visits + 2 WHERE people > 9"
        )
    assert taken(told, "funder", periode=CLOSED) == files
    assert text(page(told, "funder", periode=CLOSED)) == shown
    form = {"periode": CLOSED}
    printed = told.as_("funder").post("/rapports/page/", form)
    assert printed.content == files["rapport.pdf"]
    assert told.as_("funder-nord").post("/rapports/fichiers/", form).status_code == 200
    assert text(page(told, "federation", periode=CLOSED)) != shown


def test_an_empty_ledger_is_a_page_too(site: Site) -> None:
    assert "Toute la fédération" in text(page(site, "federation"))
    assert "Trop peu pour être publié" in text(page(site, "federation"))


def test_who_signed_up_by_telephone_is_counted_with_the_workshop(told: Site) -> None:
    workshop = Workshop.objects.create(
        territory=Territory.objects.get(code="nord"), code="tri", title="Trier ses photos",
        theme="logement", starts=datetime(2026, 5, 12, 23, tzinfo=UTC), zone="Europe/Paris",
    )  # fmt: skip
    for number, (seats, waiting) in enumerate(((4, 0), (5, 0), (6, 6), (0, 0)), 1):
        DeskSignUp.objects.create(
            workshop=workshop, number=number, seats=seats, waiting=waiting, made=1, since=1,
            contact=1,
        )  # fmt: skip
    found = lines(taken(told, "territory")["e5_ateliers.rfc4180.csv"])
    (line,) = [each for each in found if each["vehicule"] == "Inscriptions par téléphone"]
    assert (line["atelier"], line["jour"], line["territoire"]) == ("tri", "2026-05-13", "nord")
    assert (line["inscrits"], line["en_attente"]) == ("9", "6")
