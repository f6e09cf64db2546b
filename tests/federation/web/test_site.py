"""The bench of the pages itself: every test has a store of its own."""

import pytest

from federation.web.scope import RIGHTS
from tests.federation.web.site import PASSWORD, PAULETTE, PEOPLE, Site


@pytest.mark.parametrize("login", PEOPLE)
def test_each_account_comes_in(site: Site, login: str) -> None:
    assert site.as_(login).get("/", follow=True).status_code == 200


def test_a_funder_is_led_to_the_reports_from_the_login_and_from_the_first_page(
    site: Site,
) -> None:
    told = {"username": "funder", "password": PASSWORD}
    for door in ("/comptes/entrer/", "/comptes/entrer/?next=/"):
        answer = site.nobody().post(door, told, follow=True)
        assert answer.redirect_chain[-1] == ("/rapports/", 302)
        assert answer.status_code == 200
    assert "see_fleet" not in RIGHTS["funder"]
    assert site.as_("funder").get("/vehicules/1/").status_code == 403


def test_nobody_is_sent_to_the_login_page(site: Site) -> None:
    assert site.nobody().get("/").headers["Location"] == "/comptes/entrer/?next=/"


def test_what_a_test_leaves_behind_is_gone(site: Site) -> None:
    assert site.account("federation").is_active
    site.account("federation").delete()
    site.close()
    site.ground.restore()
    assert site.account("federation").is_active


def test_a_van_that_signs_somebody_up_reaches_the_ledger(site: Site) -> None:
    site.sign_up(12, "Aïcha", unit=PAULETTE)
    assert site.bench.ask("SELECT count(*) FROM sealed WHERE envelope IS NOT NULL") == [(1,)]
