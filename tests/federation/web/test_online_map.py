"""The map of configured tiles in a real browser: a style and tiles from a server on loopback.

WebGL is drawn by software (SwiftShader). The drawn map is there whenever this one is not.
"""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final

import msgspec
import pytest

from federation.config import Web
from federation.web.policy import map_hosts
from protocol.messages import Place
from tests.federation.web.browser import Browser, Served, chromium
from tests.federation.web.site import PASSWORD, Ground, Site
from tests.support import eventually

from .test_fleet import read, speak

pytestmark = pytest.mark.slow
MARKET: Final = Place(name="Marché", lat=50.63, lon=3.06, arrived=1)
SOFTWARE: Final = ("use-gl=angle", "use-angle=swiftshader", "enable-unsafe-swiftshader")
TILE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
APOLOGY: Final = "La carte en ligne ne peut pas être chargée : voici la carte dessinée."


class Tiles:
    """A style of one layer of pictures, and those pictures; counts what it was asked for."""

    def __init__(self) -> None:
        asked = self.asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                url = f"http://127.0.0.1:{self.server.server_address[1]}"
                is_style = self.path == "/style.json"
                self.send_response(200)
                self.send_header("Content-Type", "application/json" if is_style else "image/png")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(json.dumps(style(url)).encode() if is_style else TILE)

            def log_message(self, *_words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        """It is away; once is enough."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def style(url: str) -> dict[str, object]:
    source = {
        "type": "raster", "tiles": [f"{url}/{{z}}/{{x}}/{{y}}.png"], "tileSize": 256,
        "attribution": "© des gens de la carte",
    }  # fmt: skip
    layer = {"id": "tiles", "type": "raster", "source": "tiles"}
    return {"version": 8, "sources": {"tiles": source}, "layers": [layer]}


@pytest.fixture
def tiles() -> Iterator[Tiles]:
    found = Tiles()
    yield found
    found.close()


@pytest.fixture
def browser(ground: Ground, site: Site, tiles: Tiles, tmp_path: Path) -> Iterator[Browser]:
    """Somebody of the federation before a site that names the style and its tiles."""
    speak(site, place=MARKET)
    web: dict[str, object] = {"map_style": f"{tiles.url}/style.json", "map_hosts": [tiles.url]}
    served = Served(tmp_path, ground.config.store.data, web=web).start()
    try:
        with chromium(*SOFTWARE) as chrome:
            yield chrome.open(served.url).login("federation", PASSWORD)
    finally:
        served.kill()


def drawn(browser: Browser) -> bool:
    return browser.one("svg.france").is_displayed()


def complaints(browser: Browser) -> list[str]:
    """But what the software renderer says of its own slowness."""
    return [each for each in browser.complaints() if "GL Driver Message" not in each]


def test_without_a_style_there_is_no_word_of_it(site: Site) -> None:
    page = read(site, "/")
    assert "Carte en ligne" not in page
    assert "online-map" not in page
    assert "maplibre" not in page


def test_the_page_may_ask_the_styles_own_host_too() -> None:
    hosts = ("https://tiles.test",)
    assert map_hosts(Web(map_hosts=hosts)) == hosts
    both = Web(map_hosts=hosts, map_style="https://styles.test:8443/a/b.json?key=1")
    assert map_hosts(both) == (*hosts, "https://styles.test:8443")
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"map_style": "https://a.test;script-src/x"}, Web)


def test_tiles_and_vehicles_are_shown_when_asked_for_and_not_before(
    browser: Browser, tiles: Tiles
) -> None:
    browser.go("/").sees("en direct", "#live")
    assert drawn(browser)
    assert not [each for each in browser.fetched() if "maplibre" in each]
    assert tiles.asked == []
    browser.one("#online").click()
    browser.sees("Carte dessinée", "#online", 30.0)
    assert browser.one("canvas.maplibregl-canvas").is_displayed()
    assert not drawn(browser)
    title = browser.one(".online-mark.o[data-row=v1] title").get_attribute("textContent")
    assert title == "Germaine : En ligne"
    assert "des gens de la carte" in browser.text("#online-map")
    assert any(path.endswith(".png") for path in tiles.asked)
    assert all(each.startswith(tiles.url) for each in browser.elsewhere())
    assert browser.audit() == []
    assert complaints(browser) == []
    browser.one("#online").click()
    eventually(lambda: drawn(browser), what="the drawn map is back when asked for")


def test_the_drawn_map_is_back_with_a_sentence_when_the_server_is_away(
    browser: Browser, tiles: Tiles
) -> None:
    browser.go("/").sees("en direct", "#live")
    tiles.close()
    browser.one("#online").click()
    browser.sees(APOLOGY, "#online-said", 30.0)
    assert drawn(browser)
    assert not browser.all("canvas.maplibregl-canvas")
    assert not [each for each in browser.complaints() if "Content Security" in each]
