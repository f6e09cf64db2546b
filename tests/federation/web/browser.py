"""A real browser (headless Chromium) on the real site, in a process of its own. No mock.

`Served` runs `escale-federation web` on a free port; `Browser` looks at it, at any width, in light,
dark or as printed, audits what it sees with axe-core, and tells what the page fetched.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from selenium import webdriver
from selenium.common.exceptions import (
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.support import eventually, free_port, write_toml

AXE: Final = Path(__file__).parents[2] / "data/axe/axe-4.11.0.min.js"
COMMAND: Final = Path(sys.executable).parent / "escale-federation"
Width = Literal["desk", "phone"]
Look = Literal["light", "dark", "print"]
_SIZES: Final[Mapping[Width, tuple[int, int]]] = {"desk": (1280, 900), "phone": (390, 844)}
_FLAGS: Final = (
    *("headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run"),
    *("disable-background-networking", "disable-component-update", "disable-sync"),
    *("disable-dev-shm-usage", "force-device-scale-factor=1", "lang=fr-FR"),
)
_AUDIT: Final = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
    result => done(result.violations.filter(each => ["serious", "critical"].includes(each.impact))
        .map(each => each.id + ": " + each.nodes.map(node => node.html.slice(0, 160)).join(" | "))),
    error => done(["axe itself: " + error]));
"""


class Served:
    """`escale-federation web` in its own process, over a store that is there."""

    def __init__(
        self, folder: Path, data: Path, *words: object, **sections: dict[str, object]
    ) -> None:
        """`data`: the [store] data; `words` end the command; sections complete the file."""
        self._words = [str(word) for word in words]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        values: dict[str, dict[str, object]] = {
            "store": {"data": str(data)},
            "web": {"port": self.port},
        }
        for name, section in sections.items():
            values.setdefault(name, {}).update(section)
        self._config = write_toml(folder / "federation.toml", values)
        self._log = folder / "web.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Served":
        """Starts it and waits until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(COMMAND), "--config", str(self._config), "web", *self._words],
                stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONWARNINGS": ""},
            )  # fmt: skip
        eventually(self._answers, 40.0, f"the site answers on port {self.port}")
        return self

    def stop(self) -> int:
        """An orderly end: the exit code. Fails when it takes longer than ten seconds."""
        assert self._process is not None
        self._process.terminate()
        code, self._process = self._process.wait(timeout=10), None
        return code

    def kill(self) -> None:
        """Whatever is left of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text(encoding="utf-8")

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"the site ended: {self.log}")
        try:
            urllib.request.urlopen(f"{self.url}/comptes/entrer/", timeout=5).close()
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False
        return True


class Browser:
    """What a person does with the pages, and what is to be seen of them."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver, self.url, self._across = driver, "", 0

    def open(self, url: str) -> "Browser":
        """A new visitor of that site, at a desk, in light."""
        self.url = url
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.sized("desk").looks("light")
        self.driver.get("about:blank")
        self.fetched()
        self.driver.get_log("browser")
        return self

    def login(self, login: str, password: str) -> "Browser":
        """Comes in by the form."""
        self.go("/comptes/entrer/")
        self.one("#id_username").send_keys(login)
        self.one("#id_password").send_keys(password)
        self.one("main form button").click()
        eventually(lambda: self.all(".who"), what="the login is taken")
        return self

    def go(self, path: str) -> "Browser":
        """A page of the site."""
        self.driver.get(self.url + path)
        return self

    def one(self, css: str) -> WebElement:
        """The element; waits until there is one."""
        return eventually(lambda: self.all(css), what=f"{css} is on {self.path}")[0]

    def all(self, css: str) -> list[WebElement]:
        """All that are there now."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css: str = "main") -> str:
        """What is to be read there; read again when the page changes meanwhile."""
        return eventually(lambda: self._text(css), what=f"{css} says something") or ""

    def sees(self, words: str, css: str = "main", seconds: float = 10.0) -> None:
        """Waits until it reads those words there."""
        eventually(lambda: words in (self._text(css) or ""), seconds, f"{css} says {words!r}")

    @property
    def path(self) -> str:
        """Where it is."""
        return self.driver.current_url.removeprefix(self.url)

    def sized(self, width: Width) -> "Browser":
        """At a desk, or on a phone of 390 pixels."""
        across, high = _SIZES[width]
        self._across = across
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": across, "height": high, "deviceScaleFactor": 1, "mobile": width == "phone"},
        )
        return self

    def looks(self, look: Look) -> "Browser":
        """Light, dark, or as on paper."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if look == "dark" else "light"}]
        media = "print" if look == "print" else ""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"media": media, "features": scheme}
        )
        return self

    def audit(self) -> list[str]:
        """Serious and critical findings of axe-core on the page as it is."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.driver.execute_async_script(_AUDIT)
        return found

    def wider_than_the_window(self) -> int:
        """Pixels by which the page runs out of the window: it must scroll one way alone."""
        # Not window.innerWidth: a phone shows a page that is too wide at the page's own width.
        wide = self.driver.execute_script("return document.documentElement.scrollWidth")
        return max(0, int(wide) - self._across)

    def fetched(self) -> list[str]:
        """Addresses asked for since the last call, of whatever host."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(str(message["params"]["request"]["url"]))
        return [each for each in found if not each.startswith(("data:", "about:", "chrome"))]

    def elsewhere(self) -> list[str]:
        """Those of them that are not of this site."""
        return [each for each in self.fetched() if not each.startswith(self.url + "/")]

    def complaints(self) -> list[str]:
        """What the console says: refused by the policy, broken scripts, missing files."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """A PNG of the whole page, or of the window."""
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole}
        )
        path.write_bytes(base64.b64decode(shot["data"]))

    def _text(self, css: str) -> str | None:
        try:
            return "\n".join(each.text for each in self.all(css)) or None
        except StaleElementReferenceException:
            return None
        except WebDriverException as error:
            # The same, told by the inspector while the next page comes in.
            if "does not belong to the document" in str(error):
                return None
            raise


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """A browser with a profile of its own that ends with it; `more`: flags, without the dashes."""
    with tempfile.TemporaryDirectory(prefix="escale-browser-", ignore_cleanup_errors=True) as home:
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*_FLAGS, *more, f"user-data-dir={home}/profile"):
            options.add_argument(f"--{flag}")
        options.add_experimental_option("prefs", {"download.default_directory": f"{home}/got"})
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
        try:
            driver.set_script_timeout(60)
            yield Browser(driver)
        finally:
            try:
                driver.quit()
            except WebDriverException as error:
                sys.stderr.write(f"the browser did not end well: {error}\n")


def everything_of(browser: Browser, path: str) -> dict[str, Any]:
    """Audits a page at a desk and on a phone, in light and dark: finding → where; {} is right."""
    found: dict[str, Any] = {}
    for width in ("desk", "phone"):
        for look in ("light", "dark"):
            browser.sized(width).looks(look).go(path)  # type: ignore[arg-type]
            for finding in browser.audit():
                found.setdefault(finding, []).append(f"{width}, {look}")
            if browser.wider_than_the_window():
                found.setdefault("wider than the window", []).append(f"{width}, {look}")
    return found
