"""The programme in a real browser: nothing serious for axe, nothing from elsewhere, calls noted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.web import keyring
from federation.web.keyring import Keyring
from federation.web.programme import publishing
from federation.web.programme.models import Call, DeskSignUp
from tests.federation.web.browser import Browser, Served, chromium, everything_of
from tests.federation.web.programme import planned
from tests.federation.web.site import PASSWORD, Site
from tests.support import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def filled(site: Site) -> None:
    """A week as a centre has it: workshops of every kind, people, tours over real places."""
    from federation.web.programme.desk import Said, sign_up

    shop = planned.workshop(site, total=8, Germaine=4, Simone=2)
    planned.workshop(site, "Trier ses photos", code="tri-photos", days=1.2, total=6, Germaine=6)
    planned.workshop(site, "Parents et écrans", code="parents", days=4, total=12, Simone=5)
    planned.workshop(site, "Cuisine du marché", code="cuisine", days=5, total=10, state="cancelled")
    planned.workshop(site, "Réparer un vélo", code="velo", days=9, state="draft", Germaine=5)
    spots = [
        planned.place(site, name, code=code, lat=lat, lon=lon)
        for name, code, lat, lon in (
            ("Place de la République", "republique", 50.7237, 3.1613),
            ("Marché Saint-Christophe", "marche-st", 50.7215, 3.1590),
            ("École Kergomard", "kergomard", 50.7302, 3.1478),
            ("Pied d'immeuble, Belencontre", "belencontre", 50.7361, 3.1662),
        )
    ]
    planned.tour(site, *spots[:3], weekdays="1 3 5")
    planned.tour(site, spots[3], spots[0], vehicle="Simone", weekdays="2 4")
    publishing.bring_up()
    sign_up(shop, Said(2, "Rosa", "06 11 22 33 44"))
    sign_up(shop, Said(3, "Malik", "06 55 66 77 88", waits=True))
    for number, name in ((12, "Aïcha"), (13, "Zoé"), (14, "Jean")):
        site.sign_up(number, name)


@pytest.fixture
def served(site: Site, tmp_path: Path) -> Iterator[Served]:
    planned.keys(site)
    filled(site)
    site.close()
    keys = {name: str(path) for name, path in _paths(site).items()}
    made = Served(tmp_path, site.config.store.data, keys=keys)
    yield made.start()
    made.kill()
    keyring.hold(Keyring())


def _paths(site: Site) -> dict[str, Path]:
    """The sealing key lies open here: Served gives no passphrase."""
    from tests.federation.van import TRUSTED
    from tests.trusted import pem, put

    put(site.folder / "open-sealing.pem", pem(TRUSTED.sealing))
    return {
        "documents": site.folder / "keys" / "documents.pem",
        "sealing": site.folder / "open-sealing.pem",
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


PAGES = (
    "", "ateliers/cv-telephone/", "ateliers/nouveau/", "tournees/", "lieux/", "lieux/republique/",
    "tournees/1/", "a-bord/1/", "envois/", "inscriptions/", "inscriptions/cv-telephone/",
    "inscriptions/cv-telephone/feuille/",
)  # fmt: skip


def test_nothing_serious_for_axe_on_any_page_and_nothing_from_elsewhere(
    served: Served, browser: Browser
) -> None:
    browser.open(served.url).login("centre", PASSWORD)
    found = {page: everything_of(browser, f"/programme/{page}") for page in PAGES}
    assert {page: faults for page, faults in found.items() if faults} == {}
    assert browser.elsewhere() == []
    assert browser.complaints() == []


def test_a_call_is_noted_without_leaving_the_names(served: Served, browser: Browser) -> None:
    browser.open(served.url).login("centre", PASSWORD).go("/programme/inscriptions/cv-telephone/")
    browser.one("form[action$='/noms/'] button").click()
    browser.sees("Malik")
    browser.one(".calls button[value=not_reached]").click()
    browser.sees("pas joint", ".calls .said")
    assert "Malik" in browser.text()
    assert browser.complaints() == []
    assert eventually(lambda: Call.objects.filter(outcome="not_reached").count() == 1)


def test_somebody_is_signed_up_by_hand_in_the_browser(served: Served, browser: Browser) -> None:
    browser.open(served.url).login("centre", PASSWORD).go("/programme/inscriptions/tri-photos/")
    browser.one("#id_first_name").send_keys("Nora")
    browser.one("#id_waits").click()
    browser.one("form[action$='/tri-photos/'] button").click()
    browser.sees("en liste d'attente")
    assert DeskSignUp.objects.get(workshop__code="tri-photos").waiting == 1
