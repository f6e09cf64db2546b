"""Pictures of each screen, drawn without a display. Touches no journal but its own, thrown away.

`bootstrap.prepare` must have run, with `SDL_VIDEODRIVER=offscreen`, before this is imported.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
from kivy.graphics.texture import Texture

from appliance import runtime
from appliance.clock import BootClock
from appliance.config import UnitConfig
from protocol.documents import Programme, RosterLine, Workshop

from .app import EscaleApp
from .desk import Desk
from .models import workshops
from .models.panel import Panel
from .models.typed import Typed
from .text import catalogue

PANELS = {
    "01-bonjour": Panel(),
    "02-pourquoi": Panel(screen="reasons"),
    "03-oui": Panel(screen="confirm", door="logement"),
    "04-parler": Panel(screen="confirm", door="lien_social"),
    "05-merci": Panel(screen="thanks", door="logement", number=12),
    "06-aide": Panel(screen="help"),
    "07-encore-la": Panel(screen="still_there", before="reasons"),
    "08-desoles": Panel(screen="sorry", door="logement"),
    "09-conduite": Panel(screen="driver"),
    "20-ateliers-aucun": Panel(screen="workshops"),
}
MORNING = 1_764_000_000_000
"""Milliseconds since 1970: when it is on these pictures."""
HOUR = 3_600_000
PROGRAMME = Programme(
    workshops=(
        Workshop(
            id="cv",
            title="Refaire son CV et préparer un entretien d’embauche",
            starts=MORNING + 21 * HOUR,
            minutes=120,
            theme="insertion_professionnelle",
            seats=4,
        ),
        Workshop(
            id="telephone",
            title="Bien se servir de son téléphone",
            starts=MORNING + 41 * HOUR - HOUR // 2,
            minutes=90,
            theme="prendre_en_main_du_materiel",
        ),
        Workshop(
            id="sante",
            title="Mon espace santé",
            starts=MORNING + 189 * HOUR,
            minutes=60,
            theme="sante",
            seats=1,
        ),
        Workshop(
            id="cafe",
            title="Le café des parents",
            starts=MORNING + 213 * HOUR,
            minutes=60,
            theme="parentalite",
            seats=12,
        ),
    )
)
WORKSHOPS = {
    "21-ateliers": Panel(screen="workshops"),
    "22-combien": Panel(screen="people", workshop="cv"),
    "23-combien-complet": Panel(screen="people", workshop="telephone"),
    "24-groupe": Panel(screen="group", workshop="cv", people=6),
    "25-prenom": Panel(screen="first_name", workshop="cv", people=1),
    "26-telephone": Panel(screen="phone", workshop="cv", people=1),
    "27-inscrit": Panel(screen="signed_up", workshop="cv", people=1, number=42),
    "28-inscrit-attente": Panel(
        screen="signed_up", workshop="cv", people=6, waiting=2, number=43, unsealed=True
    ),
}
VEHICLES = {
    "10-conduite-arret": {"duty": "on", "stop": [1, 1], "gps": {"state": "fix"}},
    "11-conduite-route": {"duty": "on", "stop": None, "gps": {"state": "no_fix"}},
}

PIN = "482193"
LINES = [
    RosterLine(workshop="atelier-cv", **told)
    for told in (
        {"number": 7, "first_name": "Aïcha", "phone": "06 12 34 56 78"},
        {"number": 12, "first_name": "Jean-Baptiste", "phone": "0594 12 34 56", "seats": 2},
        {"number": 13, "first_name": "Zoé", "seats": 3, "waiting": 2},
        {"number": 14, "first_name": "Maria da Conceição", "phone": "06 98 76 54 32"},
        {"number": 21, "phone": "06 11 22 33 44", "waiting": 1},
    )
]
"""Nobody's names and numbers."""


class Hand:
    """A clock that moves when told to, so that a bar stands where a picture wants it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def shoot(config: UnitConfig, folder: Path) -> Iterator[Path]:
    """Writes one PNG per screen, yields their paths."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = msgspec.structs.replace(
            config.paths, data=Path(scratch) / "data", run=Path(scratch) / "run"
        )
        hand = Hand()
        desk = Desk(msgspec.structs.replace(config, paths=paths), clock=BootClock(), now=hand)
        app = EscaleApp(desk, catalogue.load("fr"), stepped=lambda: False)
        app._run_prepare()
        for name, panel in PANELS.items():
            yield picture(app, panel, hand, folder / f"{name}.png")
        for name, vehicle in VEHICLES.items():
            arrived = {"name": "Place du Marché", "arrived": BootClock().boottime() - 500_000}
            provisional = arrived if vehicle["stop"] else None
            runtime.publish(paths.run, "vehicle", {**vehicle, "provisional": provisional})
            desk.step()
            yield picture(app, PANELS["09-conduite"], hand, folder / f"{name}.png")
        desk.workshops.offers = workshops.offers(PROGRAMME, {}, MORNING)
        desk.workshops.typed = Typed(first_name="Zoé", phone="0694123456")
        for name, panel in WORKSHOPS.items():
            yield picture(app, panel, hand, folder / f"{name}.png")
        for name in staff_screens(desk):
            yield picture(app, desk.panel, hand, folder / f"{name}.png")
        app.stop()
        desk.close()


def staff_screens(desk: Desk) -> Iterator[str]:
    """Goes through what staff do on a first day; the name of a picture at each halt."""
    desk.panel = Panel()
    desk.touch("staff")
    yield "12-code-choisir"
    for key in "123456":
        desk.press(key)
    yield "13-code-facile"
    for key in f"{PIN}{PIN}":
        desk.press(key)
    desk.work()
    yield "14-equipe-personne"
    for line in LINES:
        desk.staff.vault.add(line)
    yield "15-equipe"
    desk.touch("close")
    yield "16-finir"
    desk.touch("back")
    desk.touch("done")
    desk.touch("staff")
    for key in "4821":
        desk.press(key)
    yield "17-code"
    for _ in range(5):
        desk.staff.vault.unlock("000000")
    yield "18-code-attendre"
    desk.touch("forgotten")
    for key in "7K3M9":
        desk.press(key)
    yield "19-code-oublie"
    desk.touch("done")


def picture(app: EscaleApp, panel: Panel, hand: Hand, path: Path) -> Path:
    """Shows the panel and keeps what the window shows, read just before it is turned over."""
    app.desk.present()
    app.desk.panel = panel
    app.show()
    hand.seconds += 4.4
    app.root.refresh()
    for _ in range(6):
        EventLoop.idle()
    taken: list[Texture] = []

    def take(*_: object) -> None:
        pixels = glReadPixels(0, 0, *Window.size, GL_RGBA, GL_UNSIGNED_BYTE)
        texture = Texture.create(size=Window.size)
        texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
        taken.append(texture)

    Window.bind(on_flip=take)
    Window.canvas.ask_update()
    EventLoop.idle()
    Window.unbind(on_flip=take)
    taken[0].save(str(path), flipped=True)
    return path
