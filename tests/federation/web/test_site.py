"""The bench of the pages itself: every test has a store of its own."""

import pytest

from tests.federation.web.site import PAULETTE, PEOPLE, Site


@pytest.mark.parametrize("login", PEOPLE)
def test_each_account_comes_in(site: Site, login: str) -> None:
    answer = site.as_(login).get("/")
    assert answer.status_code == (403 if PEOPLE[login].role == "funder" else 200)


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
