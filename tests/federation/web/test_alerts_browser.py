"""Alerts and tokens in a real browser: by keyboard and finger, light, dark, on a phone."""

from collections.abc import Iterator

import pytest

from federation.web.alerts.models import Alert, Mute
from tests.federation.web.browser import Browser, Served, chromium, everything_of
from tests.federation.web.site import PASSWORD, Ground, Site

pytestmark = pytest.mark.slow

NOON = 1_780_480_800_000
TROUBLES = (
    ("Germaine", "disk", "119 Mio libres"),
    ("Germaine", "gps", "aucun récepteur n'est trouvé"),
    ("Simone", "version", "version 0.2.9, d'autres ont déjà 0.3.0"),
    ("Paulette", "certificate", "le certificat se termine le 18/06/2026"),
)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def process(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    ground.restore()  # what another file's last test left behind is none of the site's
    found = Served(tmp_path_factory.mktemp("served"), ground.config.store.data).start()
    yield found
    found.kill()


@pytest.fixture
def troubled(site: Site) -> Site:
    """Alerts of every sort: new, taken care of, muted, folded, over."""
    opened = {"state": "open", "since": NOON, "opened": NOON}
    for name, kind, detail in TROUBLES:
        vehicle = site.vehicle(name)
        Alert.objects.create(
            subject=f"v{vehicle.pk}", kind=kind, detail=detail,
            territory=vehicle.centre.territory.code, **opened,
        )  # fmt: skip
    network = Alert.objects.create(
        subject="t:nord", kind="network", territory="nord",
        detail="2 véhicules sans nouvelles depuis le même moment", **opened,
    )  # fmt: skip
    for name in ("Germaine", "Simone"):
        Alert.objects.create(
            subject=f"v{site.vehicle(name).pk}", kind="silence", under=network, **opened
        )
    Alert.objects.filter(kind="gps").update(
        taken_by=site.account("territory"), taken_at=NOON, taken_why="Antenne commandée"
    )
    Mute.objects.create(
        subject=f"v{site.vehicle('Simone').pk}", kind="version", until=2**42, made=NOON,
        by=site.account("federation"), why="Mise à jour la semaine prochaine",
    )  # fmt: skip
    return site


@pytest.fixture
def browser(chrome: Browser, process: Served, troubled: Site) -> Browser:
    return chrome.open(process.url).login("federation", PASSWORD)


@pytest.mark.parametrize(
    "path",
    [
        "/alertes/", "/alertes/historique/", "/alertes/historique/v1/", "/alertes/delais/",
        "/alertes/resume/", "/api/jetons/",
    ],
)  # fmt: skip
def test_every_page_is_accessible_and_fits(browser: Browser, path: str) -> None:
    assert everything_of(browser, path) == {}
    assert browser.elsewhere() == []
    assert browser.complaints() == []


def test_somebody_takes_care_of_an_alert(browser: Browser) -> None:
    browser.go("/alertes/").sees("119 Mio libres")
    card = ".alert-group:nth-of-type(2) .alert"
    browser.one(f"{card} summary").click()
    browser.one(f"{card} input[name=why]").send_keys("Carte changée demain")
    browser.one(f"{card} details[open] button").click()
    browser.sees("federation : Carte changée demain")


def test_what_is_folded_is_named_once(browser: Browser) -> None:
    text = browser.go("/alertes/").text()
    assert "Concerne : Germaine (Les Lilas), Simone (Maison du Parc)" in text
    assert text.count("Sans nouvelles") == 0


def test_a_token_is_seen_once(browser: Browser) -> None:
    browser.go("/api/jetons/").one("#id_name").send_keys("Carte des arrêts")
    browser.one("#id_role option[value=funder]").click()
    browser.one("main form button").click()
    browser.sees("escale_", ".token")
    assert "escale_" not in browser.go("/api/jetons/").text()
