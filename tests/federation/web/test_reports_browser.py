"""The reports' pages in a real browser: read by anybody, at any width, and files really taken."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.federation.web.browser import Browser, Served, chromium, everything_of
from tests.federation.web.reported import a_year
from tests.federation.web.site import PASSWORD, Ground, Site
from tests.support import eventually


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def process(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all: it bears that its store is put back between two tests."""
    ground.restore()  # what another file's last test left behind is none of the site's
    found = Served(tmp_path_factory.mktemp("served"), ground.config.store.data).start()
    yield found
    found.kill()


@pytest.fixture
def served(site: Site, process: Served) -> Served:
    a_year(site)
    return process


def test_anybody_can_read_a_report_at_any_width_in_light_and_dark(
    chrome: Browser, served: Served
) -> None:
    browser = chrome.open(served.url).login("federation", PASSWORD)
    browser.go("/rapports/?periode=2026").sees("Toute la fédération, année 2026")
    for table in browser.all("details"):
        browser.driver.execute_script("arguments[0].open = true", table)
    assert browser.audit() == []
    assert everything_of(browser, "/rapports/?periode=2026&territoire=nord") == {}
    assert browser.elsewhere() == []
    assert browser.complaints() == []


def test_a_coordinator_chooses_a_period_and_takes_the_files(
    chrome: Browser, served: Served, tmp_path: Path
) -> None:
    browser = chrome.open(served.url).login("territory", PASSWORD)
    allowed = {"behavior": "allow", "downloadPath": str(tmp_path), "eventsEnabled": False}
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", allowed)
    browser.go("/rapports/")
    browser.one("#periode option[value='2026-T1']").click()
    browser.one("form.filter button").click()
    browser.sees("Nord, 1er trimestre 2026")
    browser.one("form.take button").click()
    (path,) = eventually(lambda: list(tmp_path.glob("*.zip")), what="the ZIP is there")
    with zipfile.ZipFile(path) as archive:
        folder = path.stem
        rows = list(csv.reader(io.StringIO(
            archive.read(f"{folder}/e1_activite.csv").decode("utf-8-sig"), newline=""
        ), delimiter=";"))  # fmt: skip
    assert rows[0][0] == "periode"
    assert {row[0] for row in rows[1:]} == {"2026-T1"}


def test_a_funder_sees_figures_and_no_way_to_a_vehicle(chrome: Browser, served: Served) -> None:
    browser = chrome.open(served.url).login("funder", PASSWORD)
    browser.go("/rapports/?periode=2026-T2").sees("Toute la fédération, 2e trimestre 2026")
    assert [each.text for each in browser.all("nav a")] == ["Rapports"]
    browser.go("/").sees("Rapports")
    assert browser.all("a[href*='/vehicules/']") == []
