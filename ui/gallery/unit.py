"""Every state of the unit's own pages."""

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec.structs import replace

from appliance.carrying import errands
from appliance.journal import Journal
from appliance.uplink.cursors import Cursor, Memory
from protocol.visits import CheckedIn

from ..models.board import WRONG
from ..models.errand import WHYS
from ..models.panel import Panel
from .scene import Scene
from .staff import let_in
from .stage import NOW, Stage

Arrange = Callable[[Stage], None]
HOUR = 3_600_000
ENROLLED = {"enrolment": "enrolled", "certificate_until": NOW + 80 * 24 * HOUR, "faults": []}
UP = {**ENROLLED, "link": "up", "backlog": 0}
GPS = {"state": "fix", "satellites": 9}
SKY = [44, 41, 38, 37, 36, 32, 30, 28, 24, 19, 12, 0]
KEEPER = {"disk_free": 21_400_000_000, "disk_state": "ok", "integrity": {"screen": "ok"}}


def page(screen: str, stage: Stage, *before: Arrange, refused: bool = False) -> None:
    """A page behind the PIN, after what `before` did."""
    stage.knows_time()
    let_in(stage)
    stage.desk.staff.sealer.test = lambda: None
    stage.show(Panel(screen="unit"))
    for each in before:
        each(stage)
    stage.desk.staff.board.count()
    stage.show(Panel(screen=screen, refused=refused))


def word(process: str, told: dict[str, Any], stage: Stage) -> None:
    """What a process says."""
    stage.says(process, **told)


def well(stage: Stage) -> None:
    """Everybody is there, and nothing is wrong."""
    word("uplink", UP, stage)
    word("keeper", KEEPER, stage)
    word("vehicle", {"gps": GPS, "sky": SKY}, stage)
    stage.desk.staff.sealer.trouble = ""


def sent(stage: Stage) -> None:
    """A receipt covers all there is."""
    journal = stage.desk.house.journal
    uplink = Journal.open(stage.desk.house.uplink, name="uplink", clock=stage.clock)
    uplink.anchor = journal.anchor
    Memory(uplink).save([Cursor(journal.epoch, "screen", journal.head)])
    uplink.close()


def cut_off(cause: str, stage: Stage) -> None:
    """No line, for that reason."""
    well(stage)
    word("uplink", {**ENROLLED, "link": "down", "cause": cause}, stage)


def stored(count: int, stage: Stage) -> None:
    """So many visits that wait."""
    for number in range(1, count + 1):
        stage.desk.house.keep(CheckedIn(number=number, door="sante", theme="sante"))
    stage.clock.advance(3600)


def enrolment(state: str, stage: Stage) -> None:
    """How far it has come."""
    well(stage)
    word("uplink", {"link": "down", "enrolment": state}, stage)


def typed(code: str, stage: Stage) -> None:
    """That much of the code."""
    stage.desk.staff.board.code = code


def given(stage: Stage) -> None:
    """The code was given to the uplink."""
    stage.desk.staff.board.is_given = True


def asked(name: errands.Name, answer: dict[str, Any] | None, seconds: float, stage: Stage) -> None:
    """The errand was asked for, so long ago, and answered so."""
    stage.show(Panel(screen=name))
    stage.desk.touch("go")
    wish = errands.take(stage.desk.house.run, name)
    if wish is not None and answer is not None:
        errands.answer(stage.desk.house.run, name, wish, **answer)
    stage.passes(seconds)


def troubled(stage: Stage) -> None:
    """Whatever may be wrong, is."""
    word("uplink", {**ENROLLED, "link": "down", "cause": "broker"}, stage)
    word(
        "keeper",
        {**KEEPER, "disk_state": "low", "disk_free": 300_000_000, "integrity": {"screen": "torn"}},
        stage,
    )
    word("vehicle", {"gps": {"state": "no_fix", "satellites": 2}, "sky": [26, 21, 0, 0]}, stage)
    stage.desk.staff.sealer.trouble = "not_trusted"
    stage.desk.house.voice.available = False


def heard(stage: Stage) -> None:
    """There is a loudspeaker."""
    stage.desk.house.voice.available = True


def doubtful(stage: Stage) -> None:
    """The line is there, and something else is not as it should be."""
    word("uplink", {**UP, "faults": ["nobody at the federation listens"]}, stage)


def update(stage: Stage) -> None:
    """An update did not do: of all that is said of one, the longest."""
    word("health", {"state": "good", "outcome": "rolled_back", "version": "0.10.0"}, stage)


def set_to(values: dict[str, object], stage: Stage) -> None:
    """Staff have set this."""
    stage.desk.house.set(**values)


def card(told: dict[str, Any], stage: Stage) -> None:
    """What the card said when it was switched on."""
    word("first-boot", told, stage)


READY = partial(set_to, {"is_set_up": True})
DONE: dict[str, Any] = {"state": "done", "lines": ["screen 12: hello"]}


def errand(
    name: errands.Name, answer: dict[str, Any] | None, stage: Stage, wait: float = 1
) -> None:
    """An errand and how it stands."""
    page(name, stage, well, partial(asked, name, answer, wait))


def misplaced(wrong: str) -> Arrange:
    """Files on the card that are not its own."""
    names = ("escale-van-de-la-plaine-nord-12.bundle", "escale-van-germaine.bundle")
    return partial(card, {"wrong": wrong, "about": names[: 2 if wrong == "several" else 1]})


def unnamed(kind: str, stage: Stage) -> None:
    """A card that is no unit yet."""
    house = stage.desk.house
    house.config = replace(house.config, unit=replace(house.config.unit, id="spare-abcd"))
    if kind == "spare":
        (house.data / "trust").mkdir()
        (house.data / "trust" / "root.pem").touch()
    word("uplink", {"link": "down", "enrolment": "refused" if kind == "spare" else "none"}, stage)


def new(stage: Stage, *before: Arrange) -> None:
    """Switched on for the first time."""
    for each in before:
        each(stage)
    stage.show(Panel(screen="new_unit"))


def started(stage: Stage, *before: Arrange) -> None:
    """In the middle of a first start."""
    stage.show(Panel(screen="new_unit"))
    let_in(stage)
    stage.show(Panel(screen="first_start"))
    for each in before:
        each(stage)
    stage.show(Panel(screen="first_start"))


def step(screen: str, stage: Stage) -> None:
    """That step was looked at."""
    stage.show(Panel(screen=screen))


SCENES = (
    Scene("boitier-01-envoye", lambda s: page("unit", s, well, sent, READY)),
    Scene("boitier-02-envoi", lambda s: page("unit", s, well, partial(stored, 26), READY)),
    Scene("boitier-03-neuf", lambda s: page("unit", s, well, partial(stored, 1))),
    *(
        Scene(
            f"boitier-04-{cause}",
            lambda s, cause=cause: page(
                "unit", s, partial(cut_off, cause), partial(stored, 12), READY
            ),
        )
        for cause in ("no_route", "silence", "broker", "")
    ),
    Scene("boitier-05-muet", lambda s: page("unit", s, READY)),
    Scene("boitier-06-ennuis", lambda s: page("unit", s, troubled, partial(stored, 3), READY)),
    Scene("boitier-06-a-voir", lambda s: page("unit", s, well, doubtful, sent, READY)),
    Scene("boitier-07-mise-a-jour", lambda s: page("unit", s, well, sent, update)),
    *(
        Scene(
            f"boitier-08-{state}",
            lambda s, state=state: page("unit", s, partial(enrolment, state), READY),
        )
        for state in ("none", "asking", "waiting", "refused")
    ),
    Scene("boitier-10-copie", lambda s: page("copy", s, well)),
    Scene("boitier-11-copie-en-cours", lambda s: errand("copy", {"state": "copying"}, s)),
    Scene("boitier-12-copie-faite", lambda s: errand("copy", DONE, s)),
    *(
        Scene(
            f"boitier-13-copie-{why}",
            lambda s, why=why: errand("copy", {"state": "failed", "why": why}, s),
        )
        for why in WHYS
    ),
    Scene(
        "boitier-14-copie-partielle",
        lambda s: errand("copy", {"state": "done", "why": "partly"}, s),
    ),
    Scene("boitier-14-copie-sans-reponse", lambda s: errand("copy", None, s, 30)),
    Scene("boitier-15-copie-carte-pleine", lambda s: page("copy", s, well, refused=True)),
    Scene("boitier-20-aide", lambda s: page("report", s, well)),
    Scene("boitier-21-aide-en-cours", lambda s: errand("report", None, s)),
    Scene("boitier-22-aide-notee", lambda s: errand("report", DONE, s)),
    Scene("boitier-23-aide-sans-reponse", lambda s: errand("report", None, s, 30)),
    Scene("boitier-24-aide-carte-pleine", lambda s: page("report", s, well, refused=True)),
    Scene("boitier-30-reglages", lambda s: page("settings", s, well)),
    Scene(
        "boitier-31-reglages-silence",
        lambda s: page(
            "settings", s, partial(set_to, {"volume": 0, "brightness": 1, "keyboard": "azerty"})
        ),
    ),
    Scene("boitier-32-reglages-carte-pleine", lambda s: page("settings", s, refused=True)),
    Scene("boitier-33-langues", lambda s: page("languages", s)),
    Scene(
        "boitier-34-langues-choisies",
        lambda s: page("languages", s, partial(set_to, {"languages": ("ar", "fr", "tr")})),
    ),
    Scene("boitier-35-questions", lambda s: page("questions", s)),
    Scene("boitier-40-verifier", lambda s: page("diagnostics", s, well, heard)),
    Scene("boitier-41-verifier-ennuis", lambda s: page("diagnostics", s, troubled)),
    Scene("boitier-42-verifier-muet", lambda s: page("diagnostics", s)),
    Scene("boitier-50-code", lambda s: page("enrol", s, partial(enrolment, "refused"))),
    Scene(
        "boitier-51-code-tape",
        lambda s: page(
            "enrol", s, partial(enrolment, "refused"), partial(typed, "WMWMWMWMWMWMWMWM")
        ),
    ),
    *(
        Scene(
            f"boitier-52-code-{state}",
            lambda s, state=state: page("enrol", s, partial(enrolment, state), given),
        )
        for state in ("none", "asking", "waiting", "refused", "enrolled")
    ),
    Scene("boitier-53-code-muet", lambda s: page("enrol", s)),
    Scene("boitier-54-code-carte-pleine", lambda s: page("enrol", s, well, refused=True)),
    Scene("boitier-60-neuf", lambda s: s.show(Panel(screen="new_unit"))),
    *(
        Scene(f"boitier-60-neuf-{wrong}", lambda s, wrong=wrong: new(s, misplaced(wrong)))
        for wrong in WRONG
    ),
    *(
        Scene(f"boitier-60-neuf-{kind}", lambda s, kind=kind: new(s, partial(unnamed, kind)))
        for kind in ("spare", "nameless")
    ),
    Scene(
        "boitier-09-mauvais-fichier", lambda s: page("unit", s, well, sent, misplaced("damaged"))
    ),
    Scene("boitier-55-code-rechange", lambda s: page("enrol", s, partial(unnamed, "spare"))),
    Scene("boitier-64-mise-en-route-mauvais-fichier", lambda s: started(s, misplaced("several"))),
    Scene("boitier-61-mise-en-route", started),
    Scene("boitier-62-mise-en-route-a-moitie", lambda s: started(s, partial(step, "languages"))),
    Scene(
        "boitier-62-mise-en-route-a-revoir",
        lambda s: started(s, *(partial(step, name) for name in ("enrol", "diagnostics"))),
    ),
    Scene(
        "boitier-63-mise-en-route-faite",
        lambda s: started(
            s, well, *(partial(step, name) for name in ("languages", "settings", "diagnostics"))
        ),
    ),
)
