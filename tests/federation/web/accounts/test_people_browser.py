"""Accounts and rights of persons in a real browser, on the real site in its own process."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from federation.people import backups
from tests.federation.web.browser import Browser, Served, chromium, everything_of
from tests.federation.web.site import PASSWORD, Ground, Site
from tests.support import eventually

NAME = "Aïcha-Zq7"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def served(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With the passphrase that opens names."""
    ground.restore()  # what another file's last test left behind is none of the site's
    folder, held = tmp_path_factory.mktemp("served"), ground.config
    found = Served(
        folder, held.store.data, "--passphrase-file", ground.folder / "passphrase",
        store={"backups": str(held.store.backups)}, keys={"sealing": str(held.keys.sealing)},
    )  # fmt: skip
    yield found.start()
    found.kill()


@pytest.fixture
def browser(site: Site, chrome: Browser, served: Served) -> Browser:
    return chrome.open(served.url).login("federation", PASSWORD)


def here(browser: Browser) -> dict[str, str]:
    """Audits the page as it stands, which no address leads to: finding → where."""
    found = {}
    for width in ("desk", "phone"):
        for look in ("light", "dark"):
            browser.sized(width).looks(look)  # type: ignore[arg-type]
            found |= dict.fromkeys(browser.audit(), f"{width}, {look}")
            if browser.wider_than_the_window():
                found["wider than the window"] = f"{width}, {look}"
    browser.sized("desk").looks("light")
    return found


def click(browser: Browser, words: str, within: str = "main") -> None:
    for button in browser.one(within).find_elements(By.CSS_SELECTOR, "button, a"):
        if words in button.text:
            return button.click()
    raise AssertionError(f"no button says {words!r} in {browser.text(within)}")


def test_somebody_new_comes_in_by_a_code_that_no_address_ever_sent(browser: Browser) -> None:
    browser.go("/comptes/ajouter/")
    browser.one("#id_login").send_keys("lou")
    Select(browser.one("#id_role")).select_by_value("auditor")
    click(browser, "Ouvrir ce compte")
    browser.sees("Code pour lou")
    assert here(browser) == {}
    address = browser.all("p.code")[1].text
    click(browser, "Sortir", "header")
    browser.sees("j'ai un code")
    browser.fetched()
    browser.driver.get(address)
    code = browser.one("#id_code")
    assert eventually(lambda: code.get_attribute("value")) == address.partition("#")[2]
    assert "#" not in browser.path
    assert not any(address.partition("#")[2] in each for each in browser.fetched())
    browser.one("#id_username").send_keys("lou")
    for field in ("#id_password", "#id_again"):
        browser.one(field).send_keys("une-phrase-toute-neuve")
    click(browser, "Choisir ce mot de passe")
    browser.sees("Vous pouvez entrer.")
    browser.login("lou", "une-phrase-toute-neuve").go("/comptes/journal/")
    browser.sees("a choisi son mot de passe")
    assert browser.complaints() == []
    assert browser.elsewhere() == []


def test_a_name_is_found_opened_handed_out_and_forgotten_in_the_browser(
    site: Site, browser: Browser
) -> None:
    site.sign_up(12, NAME)
    backups.make(site.config.store, site.folder / "backups", "20260102-030405")
    browser.go("/comptes/droits/")
    browser.one("#id_number").send_keys("12")
    click(browser, "Chercher")
    browser.sees("1 inscription")
    assert here(browser) == {}
    click(browser, "Voir")
    browser.sees("gardés scellés")
    assert here(browser) == {}
    browser.one("#why_open").send_keys("rappel")
    click(browser, "Ouvrir")
    browser.sees(NAME)
    browser.one("#why_export").send_keys("demandé")
    click(browser, "À imprimer")
    browser.sees("Ce qui est gardé à votre sujet")
    assert NAME in browser.text()
    assert here(browser) == {}
    browser.driver.back()
    browser.driver.get(f"{browser.url}/comptes/droits/")
    browser.one("#id_number").send_keys("12")
    click(browser, "Chercher")
    click(browser, "Voir")
    browser.one("#why_erase").send_keys("demandé")
    click(browser, "Effacer", "form[action$='effacer/']")
    browser.sees("En attente")
    assert here(browser) == {}
    site.settle()

    def proved() -> bool:
        browser.driver.refresh()
        return "Certificat d'effacement" in browser.text()

    eventually(proved, 60.0, "the copies are reached")
    assert here(browser) == {}
    assert browser.complaints() == []


@pytest.mark.parametrize(
    "path",
    [
        "/comptes/", "/comptes/ajouter/", "/comptes/1/", "/comptes/3/", "/comptes/mot-de-passe/",
        "/comptes/premier/", "/comptes/droits/", "/comptes/journal/", "/comptes/nowhere/",
    ],
)  # fmt: skip
def test_a_page_has_no_serious_finding_in_any_look(browser: Browser, path: str) -> None:
    assert everything_of(browser, path) == {}
    assert browser.elsewhere() == []


def test_nor_has_the_login_page_with_and_without_a_fault(
    site: Site, chrome: Browser, served: Served
) -> None:
    browser = chrome.open(served.url)
    assert everything_of(browser, "/comptes/entrer/") == {}
    browser.one("#id_username").send_keys("lou")
    browser.one("#id_password").send_keys("not it")
    click(browser, "Entrer")
    browser.sees("ne vont pas ensemble")
    assert here(browser) == {}
