"""Every screen on every panel: words fit, nothing leaves the window, a finger finds its target."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from protocol.documents import RosterLine
from tests.ui.kit import Bench
from ui import doors, theme
from ui.display import PROFILES
from ui.models.panel import Panel
from ui.models.staff import Pad
from ui.models.typed import Typed
from ui.models.workshops import Offer

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in pixels of the window."""
TARGET = 12.0
"""Millimetres."""
LONGEST = "Refaire son CV, préparer un entretien d’embauche et écrire une lettre avec aide"
"""As long as a title may be."""
STATES = [
    Panel(),
    Panel(screen="reasons"),
    *(Panel(screen="confirm", door=door.code) for door in doors.DOORS),
    Panel(screen="thanks", number=8888),
    Panel(screen="workshops"),
    Panel(screen="sorry", door="sante"),
    Panel(screen="sorry", workshop="long"),
    Panel(screen="help"),
    Panel(screen="still_there"),
    Panel(screen="driver", refused=True),
    Panel(screen="driver"),
]
WEDNESDAY = 1_789_570_000_000
OFFERS = tuple(
    Offer(name, LONGEST, WEDNESDAY, theme, left)
    for name, theme, left in (("long", "sante", 8888), ("full", "emploi", 0), ("one", "email", 1))
)
SIGNING_UP = [
    Panel(screen="workshops"),
    Panel(screen="people", workshop="long"),
    Panel(screen="people", workshop="full"),
    Panel(screen="group", workshop="one", people=6),
    Panel(screen="first_name", workshop="long", people=1),
    Panel(screen="phone", workshop="long", people=1),
    Panel(screen="signed_up", workshop="long", people=1, number=8),
    Panel(screen="signed_up", workshop="long", people=6, waiting=6, number=8888),
    Panel(screen="signed_up", workshop="long", people=6, waiting=5, number=8888, unsealed=True),
]
TYPED = [Typed(), Typed(first_name="M" + 19 * "m", phone=15 * "8"), Typed(first_name="Mao")]
PADS = [
    Pad(),
    Pad(aim="choose", note="pin.trivial"),
    Pad(aim="choose", note="pin.differs"),
    Pad(aim="confirm", typed="482193"),
    Pad(note="pin.wrong"),
    Pad(note="pin.elsewhere"),
    Pad(note="driver.refused"),
]


@pytest.mark.parametrize("panel", PROFILES)
def test_every_screen_fits_the_panel(tmp_path: Path, panel: str) -> None:
    with Bench(tmp_path, panel) as bench:
        faults = [fault for state in STATES for fault in faults_of(bench, state)]
        bench.the_vehicle_says(
            duty="on",
            stop=[1, 1],
            gps={"state": "absent"},
            provisional={"name": "Place de la République, devant la mairie", "arrived": 0},
        )
        bench.desk.step()
        faults += faults_of(bench, Panel(screen="driver"))
        faults += sign_up_faults(bench)
        faults += staff_faults(bench)
        bench.app.rest()
        bench.app.root.crash()
        bench.pump()
        faults += cut_words(bench)
    assert faults == []


def sign_up_faults(bench: Bench) -> Iterator[tuple[Any, ...]]:
    """The pages of a sign-up with the longest of everything."""
    bench.desk.workshops.offers = OFFERS
    for typed in TYPED:
        bench.desk.workshops.typed = typed
        for state in SIGNING_UP:
            yield from faults_of(bench, state)


def staff_faults(bench: Bench) -> Iterator[tuple[Any, ...]]:
    """Every state of the pad, then the list at its fullest with everything wrong that can be."""
    staff = bench.desk.staff
    for pad in PADS:
        staff.pad = pad
        yield from faults_of(bench, Panel(screen="pin"))
    staff.pad, staff.challenge = (
        Pad(aim="answer", typed="WMWMWMW", note="reset.impossible"),
        "888888",
    )
    yield from faults_of(bench, Panel(screen="reset"))
    staff.pad = Pad()
    for _ in range(20):
        staff.vault.unlock("000000")
        bench.desk._clock.advance(staff.vault.wait_left())
    staff.vault.choose("482193")
    yield from faults_of(bench, Panel(screen="staff"))
    staff.vault._days.lose()
    staff.vault.unlock("482193")
    for number in range(9994, 9999):
        staff.vault.add(
            RosterLine(
                workshop="ateliers-cv",
                number=number,
                seats=12,
                waiting=11,
                first_name="Jean-Baptiste",
                phone="+590 6 90 12 34 56",
            )
        )
    for trouble in ("not_enrolled", "not_trusted"):
        staff.sealer.trouble = trouble
        yield from faults_of(bench, Panel(screen="staff"))
    staff.vault._days.lose()
    yield from faults_of(bench, Panel(screen="staff"))
    yield from faults_of(bench, Panel(screen="closing"))
    yield from faults_of(bench, Panel(screen="closing", refused=True))


def test_the_lint_sees_what_does_not_fit(bench: Bench) -> None:
    bench.app.words = {**bench.app.words, "welcome.begin": "Commencer maintenant tout de suite"}
    bench.find("Aide").size = (40, 40)
    bench.pump()
    assert {fault[1] for fault in [*cut_words(bench), *small_targets(bench)]} == {
        "is cut",
        "is too small",
    }


def faults_of(bench: Bench, state: Panel) -> Iterator[tuple[Any, ...]]:
    bench.desk.panel = state
    bench.app.show()
    bench.pump()
    yield from cut_words(bench)
    yield from small_targets(bench)
    yield from overlaps(bench)


def cut_words(bench: Bench) -> Iterator[tuple[Any, ...]]:
    from kivy.uix.label import Label

    for label in bench.widgets(Label):
        if not label.text or not shown(label):
            continue
        text = text_box(label)
        if text[2] - text[0] > label.width + 1.5 or not within(text, sheet(bench, label)):
            yield bench.profile, "is cut", label.text, text, sheet(bench, label)
        elif label.is_shortened:
            yield bench.profile, "is shortened", label.text


def text_box(label: Any) -> Box:
    """Where the letters are, in the window."""
    width, height = label.texture_size
    x, y = label.to_window(label.center_x - width / 2, label.center_y - height / 2)
    return x, y, x + width, y + height


def sheet(bench: Bench, label: Any) -> Box:
    """What the letters must stay on: their button or card, else the window."""
    from ui.widgets.surfaces import Surface

    for parent in ancestors(label):
        if isinstance(parent, Surface):
            return box(parent)
    return 0, 0, bench.window.width, bench.window.height


def small_targets(bench: Bench) -> Iterator[tuple[Any, ...]]:
    for button in buttons(bench):
        smallest = min(button.size) / bench.profile.sharpness
        if smallest < TARGET:
            yield bench.profile, "is too small", button.text, round(smallest, 1)
        if not within(box(button), (0, 0, bench.window.width, bench.window.height)):
            yield bench.profile, "leaves the window", button.text, box(button)


def overlaps(bench: Bench) -> Iterator[tuple[Any, ...]]:
    """Two targets need a finger's gap between them."""
    gap = theme.GAP * bench.profile.density - 1
    boxes = [(button, box(button)) for button in buttons(bench)]
    for number, (one, a) in enumerate(boxes):
        for other, b in boxes[number + 1 :]:
            if a[0] - gap < b[2] and b[0] - gap < a[2] and a[1] - gap < b[3] and b[1] - gap < a[3]:
                yield bench.profile, "is too near", one.text, other.text


def buttons(bench: Bench) -> list[Any]:
    from ui.widgets.surfaces import Press

    return [
        button
        for button in bench.widgets(Press)
        if box(button)[0] < bench.window.width  # *Aide* stands outside where there is none
    ]


def box(widget: Any) -> Box:
    x, y = widget.to_window(*widget.pos)
    return x, y, x + widget.width, y + widget.height


def within(inner: Box, outer: Box) -> bool:
    """To a pixel."""
    return (
        inner[0] > outer[0] - 1
        and inner[1] > outer[1] - 1
        and inner[2] < outer[2] + 1
        and inner[3] < outer[3] + 1
    )


def shown(widget: Any) -> bool:
    line = [widget, *ancestors(widget)]
    return all(part.opacity and min(part.size) for part in line) and not any(
        box(part)[0] >= part.get_parent_window().width for part in line
    )


def ancestors(widget: Any) -> Iterator[Any]:
    """From its parent up to the frame; the window is its own parent."""
    while widget.parent is not None and widget.parent.parent is not widget.parent:
        widget = widget.parent
        yield widget
