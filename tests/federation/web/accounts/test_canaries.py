"""Nothing personal in addresses, in logs or at rest: names that never existed are looked for."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from federation.web import keyring
from federation.web.accounts.chores import follow_erasures
from federation.web.keyring import Keyring
from tests import canaries
from tests.federation.van import TRUSTED
from tests.federation.web.programme import planned
from tests.federation.web.site import PASSWORD, Site

LOGIN = "zq-camille-zq"
SECRET = "zq-phrase-de-passe-zq"
NETWORK = "198.51.100.77"
PERSON, CALLER = canaries.people(2, seed=5)


class Followed(Client):
    """A browser that notes every address it asks for: what an access log would have."""

    def __init__(self) -> None:
        super().__init__(REMOTE_ADDR=NETWORK)
        self.addresses: list[str] = []

    def request(self, **request: Any) -> Any:
        self.addresses.append(f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}")
        answer = super().request(**request)
        self.addresses.append(answer.headers.get("Location", ""))
        return answer


@pytest.fixture
def lived(site: Site, caplog: pytest.LogCaptureFixture) -> Iterator[tuple[Site, Followed]]:
    """A day of somebody with an account, and of somebody who signed up."""
    keyring.hold(Keyring(sealing=TRUSTED.sealing))
    with caplog.at_level(logging.DEBUG):
        browser = Followed()
        _comes_in(site, browser)
        _signs_up_by_telephone(site, browser)
        _asks_for_rights(site, browser)
        _fails(browser)
        yield site, browser
    keyring.hold(Keyring())


def _comes_in(site: Site, browser: Followed) -> None:
    manager = site.as_("federation")
    page = manager.post("/comptes/ajouter/", {"login": LOGIN, "role": "federation"})
    code = re.search(r"<b>([a-z2-7-]{23})</b>", page.content.decode())
    assert code
    told = {"username": LOGIN, "code": code[1], "password": SECRET, "again": SECRET}
    assert browser.post("/comptes/premier/", told).status_code == 302
    told = {"username": LOGIN, "password": SECRET}
    assert browser.post("/comptes/entrer/", told).status_code == 302
    told = {"former": SECRET, "password": PASSWORD, "again": PASSWORD}
    assert browser.post("/comptes/mot-de-passe/", told).status_code == 302


def _signs_up_by_telephone(site: Site, browser: Followed) -> None:
    desk = f"/programme/inscriptions/{planned.workshop(site).code}/"
    told = {"people": 1, "first_name": CALLER.first_name, "phone": CALLER.phone}
    assert browser.post(desk, told).status_code == 302
    browser.post(desk, told | {"people": 0})
    page = browser.post(f"{desk}noms/", {"reason": "rappel"})
    assert CALLER.first_name in page.content.decode()
    browser.get(f"{desk}feuille/")
    browser.post(f"{desk}feuille/noms/", {"reason": "feuille"})


def _asks_for_rights(site: Site, browser: Followed) -> None:
    key = site.sign_up(12, PERSON.first_name, PERSON.phone)
    chosen = {"unit": "van-germaine", "epoch": key.epoch, "seq": key.seq, "reason": "demandé"}
    browser.post("/comptes/droits/", {"number": 12})
    for what in ("inscription/", "ouvrir/", "remettre/"):
        answer = browser.post(f"/comptes/droits/{what}", chosen)
        assert (PERSON.first_name in answer.content.decode()) is (what != "inscription/")
    browser.post("/comptes/droits/remettre/", chosen | {"as": "file"})
    proof = browser.post("/comptes/droits/effacer/", chosen).headers["Location"]
    site.settle()
    follow_erasures(1)
    browser.get(proof)
    browser.post("/comptes/journal/", {"who": LOGIN})


def _fails(browser: Followed) -> None:
    for _ in range(7):
        browser.post("/comptes/entrer/", {"username": LOGIN, "password": SECRET, "next": "/x"})
    browser.post("/comptes/droits/ouvrir/", {"unit": PERSON.first_name, "reason": PERSON.phone})
    browser.get("/comptes/nowhere/")


def test_no_log_tells_a_name_a_login_a_network_or_a_password(
    lived: tuple[Site, Followed], caplog: pytest.LogCaptureFixture
) -> None:
    records = caplog.get_records("setup")
    told = "\n".join(caplog.handler.format(record) for record in records)
    assert "a login was refused" in told, "the log was not looked at"
    hidden = [*PERSON, *CALLER, LOGIN, SECRET, PASSWORD, NETWORK]
    assert canaries.found(hidden, told.encode()) == []


def test_no_address_tells_one_either(lived: tuple[Site, Followed]) -> None:
    told = "\n".join(lived[1].addresses)
    assert "/comptes/droits/effacement/" in told
    assert canaries.found([*PERSON, *CALLER, LOGIN, SECRET, PASSWORD], told.encode()) == []
    assert re.findall(r"\b(12|van-germaine)\b", told) == []


def test_the_store_holds_no_name_and_no_password_once_all_that_is_done(
    lived: tuple[Site, Followed],
) -> None:
    site = lived[0]
    site.close()
    held = b"".join(path.read_bytes() for path in _files(site.config.store.data))
    assert canaries.found([LOGIN], held) == [LOGIN], "the store was not looked at"
    assert canaries.found([*PERSON, *CALLER, SECRET, PASSWORD, NETWORK], held) == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
