"""The fleet's pages in a real browser, on the real site in its own process."""

import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from protocol.messages import JournalStatus, Place
from tests.federation.bench import link, status
from tests.federation.van import UNIT
from tests.federation.web.browser import Browser, Served, chromium, everything_of
from tests.federation.web.site import PASSWORD, PAULETTE, SIMONE, Ground, Site
from tests.support import eventually

from .test_fleet import now, speak


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
    speak(site, place=MARKET)
    return process


@pytest.fixture
def browser(chrome: Browser, served: Served) -> Browser:
    return chrome.open(served.url).login("federation", PASSWORD)


MARKET = Place(name="Marché", lat=50.63, lon=3.06, arrived=1)


def vehicle(site: Site, name: str) -> int:
    found: Any = site.vehicle(name)
    return int(found.pk)


def test_a_change_is_seen_without_loading_the_page_again(
    site: Site, served: Served, browser: Browser
) -> None:
    browser.go("/").sees("en direct", "#live")
    browser.driver.execute_script("window.before = true")
    browser.sees("En ligne", "#v1")
    word = {"screen": [JournalStatus(epoch=7, head=1203, watermark=3)]}
    said = status(journals=word, utc=now(), faults=("disk full",), duty="on", place=MARKET)
    site.bench.arrive(said)
    browser.sees("carte mémoire : pleine", "#v1", 5.0)
    browser.sees("1\u202f203", "#tile-waiting", 5.0)
    browser.sees("Germaine : En difficulté", "#said", 5.0)
    assert browser.driver.execute_script("return window.before")
    assert browser.all("#marks .t[data-row=v1]")
    assert browser.elsewhere() == []
    assert browser.complaints() == []


def test_whoever_needs_somebody_moves_up_and_keeps_the_focus(site: Site, browser: Browser) -> None:
    speak(site, PAULETTE)
    browser.go("/").sees("En ligne", f"#v{vehicle(site, 'Paulette')}")
    link_ = browser.one(f"#v{vehicle(site, 'Paulette')} a")
    browser.driver.execute_script("arguments[0].focus()", link_)
    site.bench.arrive(status(PAULETTE, utc=now(), faults=("battery low",), duty="on"))
    browser.sees("batterie faible", "#rows tr:first-child", 5.0)
    assert browser.driver.switch_to.active_element.text == "Paulette"


def test_the_filter_and_the_search_hide_rows(site: Site, browser: Browser) -> None:
    speak(site, SIMONE, faults=("disk full",))
    browser.go("/").sees("Simone", "#rows")
    browser.one("#need").click()
    eventually(lambda: "Germaine" not in browser.text("#rows"), what="who is well is hidden")
    assert "Simone" in browser.text("#rows")
    browser.sees("1 sur 3", "#count")
    browser.one("#need").click()
    browser.one("#q").send_keys("lilas")
    eventually(lambda: "Simone" not in browser.text("#rows"), what="the search hides her")
    assert "Germaine" in browser.text("#rows")
    browser.one("#q").send_keys("zzz")
    browser.sees("Aucun véhicule ne correspond", "#nothing")


def test_a_mark_on_the_map_leads_to_its_row(site: Site, browser: Browser) -> None:
    browser.go("/").sees("Germaine", "#rows")
    title = browser.one("#marks [data-row] title").get_attribute("textContent")
    assert title is not None
    assert title.startswith("Germaine : En ligne")
    use = browser.one("#marks [data-row] use")
    browser.driver.execute_script(
        "arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", use
    )
    assert browser.one("tr.shown").get_attribute("id") == "v1"
    assert browser.driver.switch_to.active_element.text == "Germaine"


def test_it_comes_back_after_the_site_was_away(
    site: Site, served: Served, browser: Browser
) -> None:
    browser.go("/").sees("en direct", "#live")
    assert served.stop() in (0, -15)
    site.bench.arrive(status(utc=now(), faults=("battery low",), duty="on"))
    browser.sees("coupée du réseau", "#live", 20.0)
    served.start()
    browser.sees("batterie faible", "#v1", 30.0)
    browser.sees("en direct", "#live", 30.0)


def test_the_site_ends_at_once_with_pages_that_follow_it(served: Served, browser: Browser) -> None:
    browser.go("/").sees("en direct", "#live")
    assert served.stop() in (0, -15)
    served.start()


def test_a_territory_is_told_of_its_own_vehicles_alone(site: Site, served: Served) -> None:
    client = Client()
    client.force_login(site.account("territory-guyane"))
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={client.cookies[name].value}"
    request = urllib.request.Request(f"{served.url}/flotte/flux/", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=10) as flow:
        heard = b"".join(flow.readline() for _ in range(5)).decode()
        assert flow.headers["Content-Type"] == "text/event-stream"
        assert ">Paulette</a>" in heard
        assert "Germaine" not in heard
        site.bench.arrive(link(SIMONE), status(utc=now(), faults=("disk full",)))
        site.bench.arrive(link(PAULETTE))
        heard = "".join(flow.readline().decode() for _ in range(3))
    assert "Paulette" in heard
    assert "Simone" not in heard
    assert "Germaine" not in heard


_APART = """
const box = css => document.querySelector(css).getBoundingClientRect();
const map = box(".map"), found = [];
if (box("#vehicles").right > box(".list").right + 1) found.push("wider than its place");
for (const css of ["#vehicles", "#tiles", ".filter"]) {
  const it = box(css);
  if (it.right > map.left && it.left < map.right && it.bottom > map.top && it.top < map.bottom)
    found.push(css + " lies over the map");
}
return found;
"""


@pytest.mark.parametrize("across", [390, 900, 1024, 1280, 1440, 1504, 1520, 1920])
def test_the_list_leaves_the_map_its_place(site: Site, browser: Browser, across: int) -> None:
    place = Place(name="parking_covoiturage_La_Roche_nord", lat=50.63, lon=3.06, arrived=1)
    word = {"screen": [JournalStatus(epoch=7, head=120_300, watermark=3)]}
    speak(site, SIMONE, version="0.10.0")
    speak(
        site, PAULETTE, journals=word, faults=("disk full", "battery low", "cable"), place=place,
        battery_volts=12.1, disk_free=4 * 10**9, utc=now() - 10**12,
    )  # fmt: skip
    told = {"width": across, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", told)
    browser.go("/").sees("en direct", "#live")
    browser.sees("un défaut signalé à bord", "#rows")
    assert browser.driver.execute_script(_APART) == []


@pytest.mark.parametrize("path", ["/", "/vehicules/1/", "/vehicules/", "/vehicules/1/modifier/"])
def test_the_pages_can_be_read_by_everybody_at_any_width(
    site: Site, browser: Browser, path: str
) -> None:
    speak(site, SIMONE, faults=("disk full",), battery_volts=12.1, disk_free=4 * 10**9)
    site.bench.arrive(link(UNIT))
    assert everything_of(browser, path) == {}
    assert browser.complaints() == []
    assert browser.elsewhere() == []


def test_on_paper_the_list_is_a_table_that_keeps_the_marks_of_states(
    served: Served, browser: Browser
) -> None:
    browser.go("/").sized("phone").looks("print").sees("En ligne", "#v1")
    shown = browser.driver.execute_script("""
        const mark = getComputedStyle(document.querySelector("#v1 td:nth-child(2) b"), "::before");
        return [getComputedStyle(document.querySelector("#v1")).display,
            getComputedStyle(document.querySelector("#vehicles thead")).display,
            mark.printColorAdjust];
    """)
    assert shown == ["table-row", "table-header-group", "exact"]
