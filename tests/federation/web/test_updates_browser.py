"""The page of an update in a real browser: read by everybody, acted on without a script."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By

from federation.updates import rollouts, stepping
from protocol.unit import UpdateApplied
from tests.federation.web.browser import Browser, Served, chromium, everything_of
from tests.federation.web.site import PASSWORD, Ground, Site

from .test_updates import NEW, PAGE, begins, now, step


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def process(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    ground.restore()
    found = Served(tmp_path_factory.mktemp("served"), ground.config.store.data).start()
    yield found
    found.kill()


@pytest.fixture
def browser(site: Site, chrome: Browser, process: Served) -> Browser:
    begins(site)
    return chrome.open(process.url).login("federation", PASSWORD)


def test_it_can_be_read_by_everybody_at_any_width_running_and_stopped(
    site: Site, browser: Browser
) -> None:
    assert everything_of(browser, PAGE) == {}
    site.tell(UpdateApplied(version=NEW, outcome="rolled_back", reason="no frame"), at=now())
    step(site)
    assert everything_of(browser, PAGE) == {}
    assert everything_of(browser, "/") == {}
    assert browser.complaints() == []
    assert browser.elsewhere() == []


def test_it_is_stopped_and_resumed_without_a_script(site: Site, browser: Browser) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.go("/")
        browser.driver.find_element(By.LINK_TEXT, f"Mise à jour {NEW}").click()
        browser.one("button.danger").click()
        browser.sees("plus aucun véhicule ne la prend")
        browser.one("main form.card button").click()
        browser.sees("Elle continue.")
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    known = rollouts.read(site.config.store)
    assert known is not None
    assert known[0].state == "running"
    stepping.stop(site.config.store, now())


def test_on_a_phone_why_a_vehicle_stands_as_it_does_is_seen_without_pushing_a_table(
    site: Site, browser: Browser
) -> None:
    site.tell(
        UpdateApplied(version=NEW, outcome="refused", reason="the card is too full"), at=now()
    )
    step(site)
    browser.sized("phone").go(PAGE)
    why = next(cell for cell in browser.all(".rollout td:last-child") if "too full" in cell.text)
    assert why.rect["x"] + why.rect["width"] <= 390
    browser.sized("desk")
