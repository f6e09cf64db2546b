"""The programming interface: who may ask, what comes, page by page, and that it is what it says."""

import time
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from federation.web.api import catalogue, door, tokens
from federation.web.api.models import Token
from protocol.stops import Arrived
from protocol.visits import CheckedIn
from tests.canaries import people
from tests.federation.bench import link, status
from tests.federation.van import UNIT
from tests.federation.web.site import PAULETTE, PEOPLE, SIMONE, SPRING, Site

DAY = 24 * 3600 * 1000
LATE = 2**43
SOMEBODY = people(1, 9)[0]
NEEDED = {"aggregates": "?period=2026", "tables": "?table=e3_themes&period=2026-T2"}
"""Endpoint → what must be asked."""


@pytest.fixture(autouse=True)
def full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this test alone."""
    monkeypatch.setattr(door, "BUCKETS", door.Buckets())


def token(site: Site, login: str = "federation", **said: Any) -> str:
    """One with the reach of that account."""
    account: Any = site.account(login)
    given = {
        "name": "essai", "role": account.role, "territory": account.territory,
        "centre": account.centre, "expires": LATE,
    }  # fmt: skip
    return tokens.make(account, 1, **(given | said))[1]


def ask(path: str, text: str, **headers: str) -> HttpResponse:
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {text}"} | headers)


def got(path: str, text: str) -> Any:
    answer = ask(path, text)
    assert answer.status_code == 200, answer.content
    return msgspec.json.decode(answer.content)


def everything(path: str, text: str, limit: int) -> list[Any]:
    """All pages."""
    found, cursor = [], ""
    while True:
        mark = "&" if "?" in path else "?"
        page = got(f"{path}{mark}limit={limit}&cursor={cursor}", text)
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = page["next"]


@pytest.fixture
def lived(site: Site) -> Site:
    """Stops and visits of two territories."""
    for unit in (UNIT, PAULETTE):
        site.tell(
            Arrived(source="gps", lat=47.2, lon=-1.5, name="Mairie", commune="44109"),
            *(CheckedIn(number=n, door="demarches", theme="demarches") for n in range(1, 6)),
            unit=unit, at=SPRING,
        )  # fmt: skip
    site.bench.arrive(link(), status(utc=int(time.time() * 1000), version="0.3.0"))
    return site


def test_vehicles_have_their_state(lived: Site) -> None:
    items = got("vehicles", token(lived))["items"]
    assert [(each["name"], each["unit"], each["state"]) for each in items] == [
        ("Germaine", UNIT, "online"),
        ("Simone", SIMONE, "quiet"),
        ("Paulette", PAULETTE, "quiet"),
    ]
    number = items[0]["id"]
    assert got(f"vehicles/{number}", token(lived)) == items[0]


def test_units_tell_what_they_hold(lived: Site) -> None:
    unit = got(f"units?unit={UNIT}", token(lived))["items"][0]
    assert (unit["version"], unit["link"]) == ("0.3.0", "online")
    complete = got("completeness", token(lived, "auditor"))["items"]
    assert {each["unit"]: each["backlog"] for each in complete} == {UNIT: 0, PAULETTE: 0}
    assert all(each["stored"] == each["head"] == 6 for each in complete)


def test_a_funder_cannot_watch_a_unit_count(lived: Site) -> None:
    """Each visit makes `head` grow as it happens."""
    assert ask("completeness", token(lived, "funder")).status_code == 403


def test_stops_are_given_by_day(lived: Site) -> None:
    items = got("stops?since=2026-05-28&until=2026-05-28", token(lived))["items"]
    assert [(each["unit"], each["day"], each["commune"]) for each in items] == [
        (UNIT, "2026-05-28", "44109"),
        (PAULETTE, "2026-05-28", "44109"),
    ]
    assert got("stops?since=2026-05-29", token(lived))["items"] == []


def test_sums_are_given_by_unit(lived: Site) -> None:
    items = got("aggregates?period=2026&axis=total", token(lived))["items"]
    assert [(each["unit"], each["visits"]) for each in items] == [(UNIT, 5), (PAULETTE, 5)]
    items = got("aggregates?period=2026-05&axis=theme", token(lived, "territory"))["items"]
    assert [(each["unit"], each["a"]) for each in items] == [(UNIT, "demarches")]


@pytest.mark.parametrize("limit", [1, 2, 5, 500])
def test_pages_give_everything_once(lived: Site, limit: int) -> None:
    text = token(lived)
    for path in (
        "vehicles",
        "units",
        "stops",
        "aggregates?period=2026&axis=theme",
        "completeness",
        "tables?table=e3_themes&period=2026",
    ):
        whole = got(f"{path}{'&' if '?' in path else '?'}limit=500", text)["items"]
        assert whole
        assert everything(path, text, limit) == whole


def test_events_come_once_in_order_and_go_on_later(lived: Site) -> None:
    text = token(lived)
    first = got("events?limit=7", text)
    rest = got(f"events?cursor={first['next']}", text)
    assert [each["unit"] for each in first["items"] + rest["items"]] == [UNIT] * 6 + [PAULETTE] * 6
    assert got(f"events?cursor={rest['next']}", text)["items"] == []
    lived.tell(CheckedIn(number=6, door="demarches", theme="demarches"), at=SPRING + DAY)
    later = got(f"events?cursor={rest['next']}", text)["items"]
    assert [each["body"]["number"] for each in later] == [6]
    assert later[0]["utc"].startswith("2026-05-29")
    assert len(got("events?type=stop.arrived", text)["items"]) == 2


def test_a_batch_of_cloudevents_is_one(lived: Site) -> None:
    answer = ask("cloudevents?limit=3&type=visit.checked_in", token(lived))
    assert answer.headers["Content-Type"] == "application/cloudevents-batch+json"
    events = msgspec.json.decode(answer.content)
    key = f"{UNIT}-7-2"
    assert events[0]["id"] == key
    assert events[0]["source"] == f"/units/{UNIT}"
    assert events[0]["type"] == "org.escale.visit.checked_in.v1"
    assert events[0]["specversion"] == "1.0"
    assert events[0]["data"]["door"] == "demarches"
    later = answer.headers["Link"].partition("<")[2].partition(">")[0]
    rest = Client().get(later, headers={"Authorization": f"Bearer {token(lived)}"})
    assert len(msgspec.json.decode(rest.content)) == 3
    ids = [each["id"] for each in events + msgspec.json.decode(rest.content)]
    assert len(set(ids)) == 6


def test_tables_are_masked_as_they_are_published(lived: Site) -> None:
    lived.tell(CheckedIn(number=9, door="demarches", theme="se_deplacer"), at=SPRING)
    for login in ("federation", "funder"):
        table = got("tables?table=e3_themes&period=2026-T2", token(lived, login))
        assert (table["table"], table["period"], table["territory"]) == (
            "e3_themes", "2026-T2", None,
        )  # fmt: skip
        assert len(table["items"][0]) == len(table["columns"])
        assert 11 in {cell for row in table["items"] for cell in row}
        assert 1 not in {cell for row in table["items"] for cell in row}
    raw = got("aggregates?period=2026&axis=theme", token(lived))
    assert 1 in {each["visits"] for each in raw["items"]}


def test_a_funder_is_told_of_no_difference_of_a_few(lived: Site) -> None:
    """Two readings minutes apart would say who came between."""
    path, text = "tables?table=e3_themes&period=2026-T2", token(lived, "funder")
    before = got(path, text)
    lived.tell(CheckedIn(number=9, door="demarches", theme="se_deplacer"), at=SPRING)
    assert got(path, text) == before
    assert got(path, token(lived))["items"] != before["items"]


def test_a_funder_reads_no_period_that_runs(lived: Site) -> None:
    today, text = timezone.localdate(), token(lived, "funder")
    for running in (f"{today:%Y}", f"{today:%Y-%m}", f"{today.year + 1}"):
        path = f"tables?table=e3_themes&period={running}"
        assert ask(path, text).status_code == 400
        assert b"ended at least a week ago" in ask(path, text).content
        assert ask(path, token(lived)).status_code == 200


def test_a_funder_gets_no_table_of_single_facts(lived: Site) -> None:
    path = "tables?table=coop_activites&period=2026-T2"
    assert ask(path, token(lived, "funder")).status_code == 404
    assert ask(path, token(lived)).status_code == 200
    assert ask("tables?table=nonsense&period=2026", token(lived)).status_code == 404


def test_a_table_is_of_a_territory_in_reach(lived: Site) -> None:
    path = "tables?table=e1_activite&period=2026-T2"
    assert got(path, token(lived, "territory"))["territory"] == "nord"
    assert got(f"{path}&territory=guyane", token(lived))["territory"] == "guyane"
    assert ask(f"{path}&territory=guyane", token(lived, "funder-nord")).status_code == 404


def test_workshops_have_their_seats(site: Site) -> None:
    from federation.web.programme.models import Workshop

    where = site.vehicle("Germaine").centre.territory
    for code, state in (("cv-telephone", "open"), ("brouillon", "draft")):
        Workshop.objects.create(
            code=code, title="Son CV", territory=where, state=state, theme="numerique",
            starts="2026-06-10T08:00:00Z", zone="Europe/Paris",
        )  # fmt: skip
    site.sign_up(12, SOMEBODY.first_name, SOMEBODY.phone)
    items = got("workshops", token(site))["items"]
    assert [(each["id"], each["taken"], each["seats"]) for each in items] == [
        ("cv-telephone", 1, 10)
    ]
    assert got("workshops", token(site, "territory-guyane"))["items"] == []


def test_no_name_is_in_any_answer(site: Site) -> None:
    site.sign_up(12, SOMEBODY.first_name, SOMEBODY.phone)
    text = token(site)
    for endpoint in (*catalogue.ENDPOINTS, None):
        path = "cloudevents" if endpoint is None else endpoint.name.format(vehicle=1)
        answer = ask(f"{path}{NEEDED.get(path, '')}", text)
        assert answer.status_code == 200
        assert SOMEBODY.first_name.encode() not in answer.content
        assert SOMEBODY.phone.encode() not in answer.content


@pytest.mark.parametrize("login", PEOPLE)
def test_a_token_reaches_what_its_role_does(lived: Site, login: str) -> None:
    from federation.web.scope import RIGHTS

    text, rights = token(lived, login), RIGHTS[PEOPLE[login].role]
    for endpoint in catalogue.ENDPOINTS:
        path = endpoint.name.format(vehicle=lived.vehicle("Germaine").pk)
        answer = ask(f"{path}{NEEDED.get(path, '')}", text)
        if endpoint.right not in rights:
            assert answer.status_code == 403, path
        elif "guyane" in login or "parc" in login:
            assert answer.status_code in (200, 404)
            assert UNIT.encode() not in answer.content
        else:
            assert answer.status_code == 200, path
            if PEOPLE[login].territory:
                assert PAULETTE.encode() not in answer.content


def test_another_territorys_unit_is_not_there(lived: Site) -> None:
    text = token(lived, "territory")
    for path in ("stops", "events", "cloudevents"):
        assert ask(f"{path}?unit={PAULETTE}", text).status_code == 404
    assert got(f"units?unit={PAULETTE}", text)["items"] == []


@pytest.mark.parametrize(
    ("header", "status"), [(None, 401), ("Bearer escale_x", 401), ("Basic eDp5", 401)]
)
def test_without_a_token_nothing_is_told(site: Site, header: str | None, status: int) -> None:
    answer = Client().get(
        "/api/v1/vehicles", headers={} if header is None else {"Authorization": header}
    )
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    problem = msgspec.json.decode(answer.content)
    assert (problem["status"], problem["title"]) == (401, "Unauthorized")


def test_a_session_is_no_token(site: Site) -> None:
    assert site.as_("federation").get("/api/v1/vehicles").status_code == 401


def test_a_token_that_is_over_or_closed_opens_nothing(site: Site) -> None:
    over = token(site, expires=int(time.time() * 1000) - 1)
    assert ask("vehicles", over).status_code == 401
    text = token(site)
    assert ask("vehicles", text).status_code == 200
    tokens.close(Token.objects.latest("pk"), 1)
    assert ask("vehicles", text).status_code == 401


def test_a_token_is_kept_as_a_digest_with_the_day_of_its_use(site: Site) -> None:
    text = token(site)
    ask("vehicles", text)
    held = Token.objects.get()
    assert text not in str(held.__dict__)
    assert held.last_day == time.strftime("%Y-%m-%d", time.gmtime())
    assert text.encode() not in site.config.store.outbox.read_bytes()


def test_who_asks_too_much_is_told_to_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(door, "BUCKETS", door.Buckets(lambda: now[0]))
    text, other = token(site), token(site)
    answers = [ask("vehicles", text).status_code for _ in range(int(door.BURST) + 1)]
    assert answers == [200] * int(door.BURST) + [429]
    assert ask("vehicles", text).headers["Retry-After"] == "1"
    assert ask("vehicles", other).status_code == 200
    now[0] += 1.0
    assert ask("vehicles", text).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "vehicles?limit=0", "vehicles?limit=501", "vehicles?limit=x", "vehicles?limit=1&limit=2",
        "vehicles?nonsense=1", "vehicles?cursor=!!", "stops?since=hier",
        "aggregates", "aggregates?period=2026-1", "units?unit=%00",
        "stops?unit=van-germaine%0A",
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_a_problem(site: Site, path: str) -> None:
    answer = ask(path, token(site))
    assert answer.status_code == 400, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert msgspec.json.decode(answer.content)["detail"]


@pytest.mark.parametrize(
    "path", ["vehicles?cursor=WzFd", "stops?cursor=IngiXQ", "stops?cursor=GET"]
)
def test_a_page_that_was_never_named_is_not_there(site: Site, path: str) -> None:
    assert ask(path, token(site)).status_code == 404


def test_nothing_can_be_written(site: Site) -> None:
    headers = {"Authorization": f"Bearer {token(site)}"}
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(), method)("/api/v1/vehicles", headers=headers)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "GET, HEAD"


def test_what_did_not_change_is_not_sent_again(lived: Site) -> None:
    text = token(lived)
    first = ask("stops", text)
    again = ask("stops", text, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    lived.tell(Arrived(source="gps", lat=47.3, lon=-1.5), unit=SIMONE, at=SPRING)
    assert ask("stops", text, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_before_ingest_ever_ran_it_says_so(site: Site) -> None:
    for path in site.config.store.data.glob("ledger.sqlite*"):
        path.unlink()
    answer = ask("stops", token(site))
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_is_made_on_a_page_and_shown_once(site: Site) -> None:
    browser = site.as_("federation")
    form = {"name": "Carte des arrêts", "role": "territory", "territory": "1", "days": "30"}
    page = browser.post("/api/jetons/", form).content.decode()
    text = page.partition('class="token">')[2].partition("<")[0]
    assert text.startswith("escale_")
    assert text not in browser.get("/api/jetons/").content.decode()
    assert {each["name"] for each in got("vehicles", text)["items"]} == {"Germaine", "Simone"}
    browser.post(f"/api/jetons/{Token.objects.get().pk}/fermer/")
    assert ask("vehicles", text).status_code == 401
    audit = site.as_("federation").get("/comptes/journal/").content.decode()
    assert "jeton Carte des arrêts" in audit
    assert "territoire, Nord, 30 jours" in audit


@pytest.mark.parametrize(
    "wrong", [{"role": "territory"}, {"role": "centre"}, {"name": ""}, {"days": "9999"}]
)
def test_a_token_without_what_its_role_is_for_is_not_made(
    site: Site, wrong: dict[str, str]
) -> None:
    form = {"name": "x", "role": "auditor", "days": "30"} | wrong
    assert site.as_("federation").post("/api/jetons/", form).status_code == 400
    assert not Token.objects.exists()


def test_the_text_names_every_endpoint_and_every_shape(site: Site) -> None:
    text = msgspec.json.decode(site.nobody().get("/api/v1/openapi.json").content)
    assert text["openapi"] == "3.1.0"
    assert set(text["paths"]) == {f"/api/v1/{each.name}" for each in catalogue.ENDPOINTS}


def test_the_tables_are_those_of_the_migrations(site: Site) -> None:
    call_command("makemigrations", "api", "--check", "--dry-run", verbosity=0)
