"""The pages of accounts: who may come in, as what, and what ends at once when that changes."""

from typing import Any

import pytest

from federation.people import store
from tests.federation.web.site import Site


def deeds(site: Site) -> list[tuple[str, str, str, str]]:
    return [line[1:] for line in store.audit(site.config.store)]


def change(site: Site, login: str, **told: Any) -> Any:
    account = site.account(login)
    usual = {
        "role": account.role, "territory": account.territory_id or "",
        "centre": account.centre_id or "", "email": account.email,
    }  # fmt: skip
    return site.as_("federation").post(f"/comptes/{account.pk}/", usual | told)


def centre(name: str) -> int:
    from federation.web.fleet.models import Centre

    return int(Centre.objects.get(name=name).pk)


def test_an_account_is_opened_without_a_password_and_the_audit_says_by_whom(site: Site) -> None:
    told = {"login": "lou", "role": "centre", "centre": centre("Les Hibiscus"), "email": ""}
    page = site.as_("federation").post("/comptes/ajouter/", told)
    assert "Code pour lou" in page.content.decode()
    assert not site.account("lou").has_usable_password()
    assert deeds(site) == [
        ("compte federation", "account_added", "compte lou", "centre, Les Hibiscus (Guyane)")
    ]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"login": "lou", "role": "centre"}, "Ce rôle en demande un."),
        ({"login": "lou", "role": "territory"}, "Ce rôle en demande un."),
        ({"login": "centre", "role": "auditor"}, "existe déjà"),
        ({"login": "", "role": "auditor"}, "obligatoire"),
        ({"login": "lou", "role": "king"}, "king"),
    ],
)
def test_what_makes_no_account_is_said_beside_its_field(
    site: Site, told: dict[str, str], sentence: str
) -> None:
    page = site.as_("federation").post("/comptes/ajouter/", told)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert deeds(site) == []


def test_another_role_ends_the_sessions_and_is_in_the_audit(site: Site) -> None:
    browser = site.as_("territory")
    assert change(site, "territory", role="centre", centre=centre("Les Lilas")).status_code == 302
    assert browser.get("/").status_code == 302
    assert site.account("territory").territory is None
    (line,) = deeds(site)
    assert line[1:] == (
        "account_changed", "compte territory", "territoire, Nord → centre, Les Lilas (Nord)"
    )  # fmt: skip


def test_another_address_alone_ends_no_session(site: Site) -> None:
    browser = site.as_("territory")
    change(site, "territory", email="lou@escale.test")
    assert browser.get("/").status_code == 200


def test_another_address_lets_somebody_else_in_and_is_in_the_audit_without_it(site: Site) -> None:
    change(site, "territory", email="lou@escale.test")
    (line,) = deeds(site)
    assert line[1:] == (
        "account_changed", "compte territory",
        "territoire, Nord → territoire, Nord, autre adresse",
    )  # fmt: skip


def test_a_federation_account_never_keeps_a_territory_that_would_narrow_it_in_silence(
    site: Site,
) -> None:
    change(site, "territory", role="federation")
    assert site.account("territory").territory is None


def test_a_closed_account_is_out_at_once_and_its_old_sessions_stay_out(site: Site) -> None:
    browser, number = site.as_("centre"), site.account("centre").pk
    assert site.as_("federation").post(f"/comptes/{number}/fermer/").status_code == 302
    assert browser.get("/").status_code == 302
    site.as_("federation").post(f"/comptes/{number}/rouvrir/")
    assert browser.get("/").status_code == 302
    assert [line[1] for line in deeds(site)] == ["account_closed", "account_reopened"]


def test_nobody_takes_the_federations_rights_from_themselves(site: Site) -> None:
    number = site.account("federation").pk
    site.as_("federation").post(f"/comptes/{number}/fermer/")
    change(site, "federation", role="auditor")
    assert (site.account("federation").is_active, site.account("federation").role) == (
        True,
        "federation",
    )
    assert deeds(site) == []


def test_a_closed_account_gets_no_code(site: Site) -> None:
    number = site.account("centre").pk
    site.as_("federation").post(f"/comptes/{number}/fermer/")
    assert site.as_("federation").post(f"/comptes/{number}/code/").status_code == 404
    assert site.as_("federation").get("/comptes/999999/").status_code == 404


def test_the_list_tells_who_never_came_in(site: Site) -> None:
    site.as_("federation").post("/comptes/ajouter/", {"login": "lou", "role": "auditor"})
    page = site.as_("federation").get("/comptes/").content.decode()
    assert page.count("jamais entré") == 1
