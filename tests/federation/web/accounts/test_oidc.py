"""Coming in by a provider of identities: whom it names, if they have an account; nobody else."""

import http.client
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from django.test import Client, override_settings

from federation.config import Oidc
from federation.errors import OperatorError
from federation.people import store
from federation.web import settings
from tests.federation.web.accounts.provider import SECRET, Provider, running
from tests.federation.web.site import Site
from tests.trusted import put


@pytest.fixture
def provider(site: Site, tmp_path: Path) -> Iterator[Provider]:
    """One that the site knows."""
    put(tmp_path / "secret", SECRET + "\n")
    with running() as made:
        section = Oidc(client_secret=tmp_path / "secret", **made.section())
        config = msgspec.structs.replace(site.config, oidc=section)
        with override_settings(ESCALE=config, **settings.identities(section)):
            yield made


def goes(browser: Client, next_: str = "") -> str:
    """Follows the button to the provider and back; where it leads."""
    asked = browser.get(f"/comptes/identite/?next={next_}").headers["Location"]
    address = urlsplit(asked)
    line = http.client.HTTPConnection(address.netloc, timeout=5)
    line.request("GET", f"{address.path}?{address.query}")
    back = urlsplit(line.getresponse().headers["Location"])
    line.close()
    return str(browser.get(f"{back.path}?{back.query}").headers["Location"])


def is_in(browser: Client) -> str:
    answer = browser.get("/comptes/mot-de-passe/")
    return str(answer.context["account"].login) if answer.status_code == 200 else ""


def test_somebody_with_an_account_comes_in_by_the_button(site: Site, provider: Provider) -> None:
    browser = site.nobody()
    assert "Entrer par ProConnect" in browser.get("/comptes/entrer/").content.decode()
    assert goes(browser, "/comptes/mot-de-passe/") == "/comptes/mot-de-passe/"
    assert is_in(browser) == "territory"
    assert [line.deed for line in store.audit(site.config.store)] == ["identity_known"]


def test_the_provider_knows_the_person_not_the_address_from_then_on(
    site: Site, provider: Provider
) -> None:
    goes(site.nobody())
    provider.who["email"] = "married@escale.test"
    browser = site.nobody()
    assert goes(browser) == "/"
    assert is_in(browser) == "territory"
    provider.who = {"sub": "s-2", "email": "territory@escale.test"}
    browser = site.nobody()
    assert goes(browser) == "/comptes/entrer/"
    assert is_in(browser) == ""


@pytest.mark.parametrize(
    "who",
    [
        {"email": "stranger@elsewhere.test"},
        {"email": ""},
        {"email": None},
        {"email": "territory@escale.test", "email_verified": False},
        {"email": "territory@escale.test", "email_verified": "false"},
    ],
)
def test_whoever_has_no_account_stays_out_and_gets_none(
    site: Site, provider: Provider, who: dict[str, object]
) -> None:
    from federation.web.accounts.models import Account

    before, browser = Account.objects.count(), site.nobody()
    provider.who |= who
    assert goes(browser) == "/comptes/entrer/"
    assert "compte n&#x27;est pas connu ici" in browser.get("/comptes/entrer/").content.decode()
    assert (is_in(browser), Account.objects.count()) == ("", before)


def test_an_address_of_two_accounts_is_nobodys(site: Site, provider: Provider) -> None:
    other = site.account("centre")
    other.email = "Territory@escale.test"
    other.save()
    assert goes(site.nobody()) == "/comptes/entrer/"


def test_a_closed_account_stays_closed(site: Site, provider: Provider) -> None:
    goes(site.nobody())
    account = site.account("territory")
    account.is_active = False
    account.save()
    browser = site.nobody()
    assert goes(browser) == "/comptes/entrer/"
    assert is_in(browser) == ""


@pytest.mark.parametrize(
    "lie",
    [
        "another audience", "another issuer", "expired", "another nonce", "another key",
        "no signature", "symmetric", "another person", "broken",
    ],
)  # fmt: skip
def test_a_token_that_is_not_quite_right_lets_nobody_in(
    site: Site, provider: Provider, lie: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.lies = lie
    browser = site.nobody()
    with caplog.at_level(logging.DEBUG, "web"):
        assert goes(browser) == "/comptes/entrer/"
    assert is_in(browser) == ""
    (told,) = [record.getMessage() for record in caplog.records if record.name == "web"]
    assert told.startswith("OpenID Connect: ")
    assert "code" not in told.lower().replace("decode", "")


def test_an_answer_that_nobody_here_asked_for_lets_nobody_in(
    site: Site, provider: Provider
) -> None:
    browser = site.nobody()
    browser.get("/comptes/identite/")
    answer = browser.get("/comptes/identite/retour/?code=abc&state=made-up")
    assert answer.headers["Location"] == "/comptes/entrer/"


def test_nobody_is_sent_elsewhere_by_the_way_of_the_provider(
    site: Site, provider: Provider
) -> None:
    assert goes(site.nobody(), "https://evil.example/") == "/"


def test_without_a_provider_there_is_neither_button_nor_address(site: Site) -> None:
    browser = site.nobody()
    assert "Entrer par" not in browser.get("/comptes/entrer/").content.decode()
    assert browser.get("/comptes/identite/").status_code == 404
    assert browser.get("/comptes/identite/retour/").status_code == 404


def test_a_provider_that_is_half_described_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="client_secret, token, userinfo, keys is missing"):
        settings.identities(Oidc(client_id="escale", issuer="https://x", authorization="https://x"))
