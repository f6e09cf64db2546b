"""What every answer tells the browser: run nothing but ours, frame nothing, keep nothing."""

from collections.abc import Iterator

import msgspec
import pytest
from django.test import Client, override_settings

from federation.web import settings
from tests.federation.web.site import PASSWORD, Site

LOGIN = "/comptes/entrer/"


@pytest.fixture
def behind_a_proxy(site: Site) -> Iterator[Client]:
    """The site as `[web] https = true` makes it, asked through a proxy that speaks TLS."""
    config = msgspec.structs.replace(
        site.config, web=msgspec.structs.replace(site.config.web, https=True)
    )
    wanted = settings.values(config)
    chosen = {name: wanted[name] for name in settings._cookies(https=True)}
    with override_settings(ESCALE=config, **chosen):
        yield Client(headers={"x-forwarded-proto": "https"})


def policy(answer: object) -> dict[str, str]:
    told = answer.headers["Content-Security-Policy"]
    parts = [part.strip().partition(" ") for part in told.split(";")]
    return {name: value for name, _, value in parts}


def test_a_page_runs_what_is_ours_and_is_framed_by_nobody(site: Site) -> None:
    answer = site.nobody().get(LOGIN)
    told = policy(answer)
    assert told["default-src"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["form-action"] == "'self'"
    assert told["frame-ancestors"] == told["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_map_tiles_come_from_where_the_file_says_and_nothing_else_does(site: Site) -> None:
    web = msgspec.structs.replace(site.config.web, map_hosts=("https://tiles.test",))
    with override_settings(ESCALE=msgspec.structs.replace(site.config, web=web)):
        told = policy(Client().get(LOGIN))
    assert told["img-src"] == "'self' data: https://tiles.test"
    assert told["connect-src"] == "'self' https://tiles.test"
    assert told["script-src"] == "'self'"


def test_cookies_are_for_this_site_and_no_script(site: Site) -> None:
    browser = site.nobody()
    browser.post(LOGIN, {"username": "territory", "password": PASSWORD})
    browser.get(LOGIN)
    session = browser.cookies["session"]
    assert (session["httponly"], session["samesite"], session["max-age"]) == (True, "Lax", "")
    assert browser.cookies["csrf"]["httponly"] is True


def test_behind_tls_cookies_travel_by_it_alone_and_the_browser_stays_with_it(
    behind_a_proxy: Client,
) -> None:
    form = {"username": "territory", "password": PASSWORD}
    answer = behind_a_proxy.post(LOGIN, form, headers={"referer": "https://testserver/"})
    assert answer.status_code == 302
    session = behind_a_proxy.cookies["__Host-session"]
    assert (session["secure"], session["path"], session["domain"]) == (True, "/", "")
    told = behind_a_proxy.get("/comptes/mot-de-passe/")
    assert told.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert behind_a_proxy.cookies["__Host-csrf"]["secure"] is True


def test_without_tls_nothing_is_promised_about_it(site: Site) -> None:
    assert "Strict-Transport-Security" not in site.nobody().get(LOGIN).headers


def test_a_name_that_is_not_ours_is_not_answered(site: Site) -> None:
    assert site.nobody().get(LOGIN, headers={"host": "evil.example"}).status_code == 400


def test_an_unknown_address_tells_nothing_but_that(site: Site) -> None:
    answer = site.nobody().get("/comptes/.git/config")
    assert answer.status_code == 404
    assert "urls" not in answer.content.decode()
