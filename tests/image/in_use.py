"""A card in a vehicle: its board, its receiver, and somebody who knows the way over its pages."""

from tests.image import tools_root
from tests.image.card import Card
from tests.image.hand import Hand
from tests.image.machine import Machine
from tests.image.pages import Pages
from tests.image.receiver import Receiver

SHOTS = tools_root.BUILD / "shots"
NAMELESS, MISPLACED = "boitier-60-neuf-nameless", "boitier-60-neuf-damaged"
"""New, without a bundle, or with one that is damaged."""
NEW, STEPS = "boitier-60-neuf", "boitier-61-mise-en-route"
CHOOSE, AGAIN = "equipe-02-code-choisir", "equipe-03-code-encore"
CODE, ATTACHED = "boitier-50-code", "boitier-52-code-enrolled"
WELCOME, REASONS, CONFIRM = "visiteur-01-bonjour", "visiteur-02-pourquoi", "visiteur-03-oui"
THANKS, SORRY = "visiteur-06-merci-2-questions", "visiteur-10-desoles"
OFF_DUTY = "conduite-11-pas-en-service"
SCENES = (
    *(NAMELESS, MISPLACED, NEW, STEPS, CHOOSE, AGAIN, CODE, ATTACHED, "boitier-52-code-asking"),
    *(WELCOME, REASONS, CONFIRM, THANKS, SORRY, OFF_DUTY),
)
PIN = "482193"
EXTRA = "escale.patience=1200 systemd.journald.forward_to_console=1"
HEALTH = (
    r"^escale: health (?P<verdict>good|bad) slot=(?P<slot>[AB]) version=(?P<version>\S+)"
    r" failed=(?P<failed>\S+) memory=(?P<memory>\d+)M written=(?P<written>[\d.]+)M"
    r" frame=(?P<frame>yes|no) journal=(?P<journal>yes|no) gps=(?P<gps>yes|no)$"
)


class InUse:
    """Switched on and off as often as one likes."""

    def __init__(self, card: Card, pages: Pages, *extra: str) -> None:
        """`extra`: more words on the kernel's line."""
        self.card, self._pages = card, pages
        # An emulated board is slow: its system may take its time to be well. What it logs is shown
        # on its serial line, for whoever asks why.
        card.drops(f"extra={' '.join((EXTRA, *extra))}\n".encode(), "extra.txt")
        self._machine: Machine | None = None
        self._receiver: Receiver | None = None

    @property
    def machine(self) -> Machine:
        """The board, which is on."""
        assert self._machine is not None, "it is off"
        return self._machine

    def on(self, *devices: str, receiver: bool = True) -> "InUse":
        """Power on."""
        self._machine = self.card.booted(*devices)
        self.hand = Hand(self._machine, self._pages, SHOTS)
        self._receiver = Receiver(self._machine.sockets / "gps") if receiver else None
        return self

    def cut(self) -> None:
        """No power any more, whatever it was doing. May be called twice."""
        if self._machine is not None:
            self._machine.cut()
            self._machine = None
        if self._receiver is not None:
            self._receiver.close()
            self._receiver = None

    def end(self) -> None:
        """Off for good; a card takes gigabytes of this machine's disk, and goes."""
        self.cut()
        self.card.file.unlink(missing_ok=True)

    def health(self) -> dict[str, str]:
        """What the system says of itself, once, after each start."""
        return self.machine.says(HEALTH).groupdict()

    def attach(self, code: str) -> None:
        """What a technician does at a new card's panel, up to the visitors' first page."""
        hand = self.hand
        hand.sees(NEW)
        hand.touches(NEW, "Commencer", CHOOSE)
        hand.types(CHOOSE, PIN)
        hand.sees(AGAIN)
        hand.types(AGAIN, PIN)
        hand.sees(STEPS)
        hand.touches(STEPS, "4. Rattacher le boîtier", CODE)
        hand.types(CODE, code.replace("-", ""))
        hand.touches(CODE, "Rattacher", ATTACHED)
        hand.touches(ATTACHED, "logout", WELCOME)

    def begin_duty(self) -> None:
        """What a driver does: three seconds on the drawn van, one touch, and back."""
        hand = self.hand
        hand.touches(WELCOME, "HeldVan", OFF_DUTY, held=6)
        hand.changes(OFF_DUTY, "En service")
        hand.touches(OFF_DUTY, "Aux visiteurs", WELCOME)

    def wake(self) -> None:
        """A panel that rested is dark, and takes its first touch for waking up; on the van it means
        nothing else."""
        self.hand.presses(WELCOME, "HeldVan")
        self.hand.sees(WELCOME)

    def check_in(self) -> None:
        """What a visitor does: three touches."""
        hand = self.hand
        hand.sees(WELCOME)
        hand.touches(WELCOME, "Commencer", REASONS)
        hand.touches(REASONS, "Logement", CONFIRM)
        hand.touches(CONFIRM, "Oui", THANKS)
