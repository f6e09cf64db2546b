"""A workshop planned on the federation's page stands on a van's screen, and a sign-up comes back.

Every process and the broker are real, the screen is touched on a display, the page asked over HTTP.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from itertools import product
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.flow.world import BIN, UNIT, World
from tests.support import eventually, free_port
from tests.trusted import put
from tools.virtual_display import VirtualDisplay

PASSWORD = "un-camion-passe-par-la"
WAY = (
    ((577, 200), "reasons"), ((700, 430), "workshops"), ((400, 133), "people"),
    ((78, 335), "first_name"),
)  # fmt: skip
"""Where to touch the official panel, and the page that it leads to."""
A, GO_ON, ZERO, SIX, PHONE_GOES_ON = (53, 199), (593, 446), (610, 422), (727, 228), (220, 432)
CSV = f"id,territory,centre,vehicle_name,vehicle,zone\n{UNIT},Nord,Les Lilas,Germaine,camion,\n"


class Federation(World):
    """With its pages, and a planner who has come in."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, screen={"fullscreen": False})
        self.port = free_port()
        with self.federation_file.open("a", encoding="utf-8") as file:
            file.write(f"[web]\nport = {self.port}\n")
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def command(self, name: str) -> list[str | Path]:
        if name == "web":
            return [BIN / "escale-federation", "--config", self.federation_file, "web"]
        return super().command(name)

    def opens(self) -> None:
        """Its tables, its vehicle, its account, its site."""
        put(self.folder / "units.csv", CSV)
        put(self.folder / "password", PASSWORD)
        federation = ("escale-federation", "--config", self.federation_file)
        self.ask(*federation, "vehicles", self.folder / "units.csv")
        whom = ("claire", "--role", "territory", "--territory", "nord")
        words = (*whom, "--password-file", self.folder / "password")
        self.ask(*federation, "account", "add", *words)
        self.start("web")
        eventually(self._answers, 40, "the site answers")
        self.sends("/comptes/entrer/", {"username": "claire", "password": PASSWORD})

    def page(self, path: str) -> str:
        """What a page says, without its spaces."""
        with self._browser.open(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return re.sub(r"\s+", " ", answer.read().decode())

    def sends(self, path: str, form: Mapping[str, object], on: str = "") -> str:
        """A form of a page, with its token; the page that follows."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.page(on or path))
        assert token, f"no form on {path}"
        told = urlencode({**form, "csrfmiddlewaretoken": token[1]}).encode()
        address = f"http://127.0.0.1:{self.port}{path}"
        with self._browser.open(address, told, timeout=20) as answer:
            self.landed = answer.url.partition(str(self.port))[2]
            return re.sub(r"\s+", " ", answer.read().decode())

    def _answers(self) -> bool:
        with suppress(OSError):
            return bool(self.page("/comptes/entrer/"))
        return False


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_a_workshop_planned_on_the_page_is_on_the_screen_and_its_sign_up_comes_back(
    tmp_path: Path,
) -> None:
    with Federation(tmp_path) as world, VirtualDisplay() as display:
        for part in ("ingest", "uplink"):
            world.start(part)
        world.start("screen", DISPLAY=display.name)
        world.opens()
        plans(world)
        code = world.landed.split("/")[3]
        eventually(lambda: world.types_in_ledger()["settings.applied"], 30, "the van applies it")
        signs_up(world, display)
        eventually(lambda: world.types_in_ledger()["workshop.signed_up"], 30, "it comes back")

        desk = f"/programme/inscriptions/{code}/"
        seen = "Places : 1 prise sur 3"
        page = eventually(lambda: page if seen in (page := world.page(desk)) else "", 30, seen)
        assert "Germaine" in page
        named = world.sends(f"{desk}noms/", {"reason": "essai"}, on=desk)
        first_name, phone = re.findall('data-label="(?:Prénom|Téléphone)">([^<]*)<', named)
        # A touch that falls into the panel's pause after a new page is lost, as on any panel.
        assert (first_name, phone) in product(("Aa", "A"), ("06", "6"))
        assert "appliqué" in eventually(lambda: applied(world), 90, "the van says so")


def applied(world: Federation) -> str:
    page = world.page("/programme/envois/")
    return page if "0 en attente" in page else ""


def plans(world: Federation) -> None:
    """A workshop of the day after tomorrow, two of its three seats on the van, is opened."""
    later = datetime.now(UTC).date() + timedelta(2)
    form = {
        "title": "Mon CV avec un telephone", "theme": "email", "minutes": 90, "total": 3,
        "day": later.isoformat(), "at": "14:30", "asks_name": "on",
        "place": "Espace Rosa Parks", "level": "debutant", "audience": "", "seats-1": 2,
    }  # fmt: skip
    page = world.sends("/programme/ateliers/nouveau/", form)
    assert "est enregistré" in page, page
    planned = world.landed
    page = world.sends(f"{planned}etat/", {"state": "open"}, on=planned)
    assert "est ouvert" in page


def signs_up(world: Federation, display: VirtualDisplay) -> None:
    """With a first name and a telephone."""
    eventually(world.at, 40, "the screen is up")
    for place, leads_to in WAY:
        for _ in range(5):
            display.touch(*place)
            with suppress(AssertionError):
                eventually(lambda leads_to=leads_to: world.at() == leads_to, 2)
                break
        assert world.at() == leads_to
    for place in (A, A, GO_ON):
        display.touch(*place)
    eventually(lambda: world.at() == "phone", 5, "the telephone is asked for")
    for place in (ZERO, SIX, PHONE_GOES_ON):
        display.touch(*place)
    eventually(lambda: world.at() == "signed_up", 5, "it is kept")
