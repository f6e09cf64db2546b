"""Whoever goes away leaves nothing: in no object that the screen can reach, and in no widget."""

import gc
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trusted import Trusted
from tests.ui.kit import WORDS, Bench
from tests.ui.test_answers import TWO
from tests.ui.test_journey import checks_in
from tests.ui.test_workshops import CV, NEXT, UNIT, goes_to, offers
from tests.ui.test_workshops import types as taps_each
from ui.models.panel import Panel

OURS = (Bench, types.ModuleType, types.FunctionType, types.FrameType, type)
"""What a search does not go through: code, and the test itself."""


@pytest.fixture
def sealing_bench(tmp_path: Path) -> Iterator[Bench]:
    Trusted().identity_of(UNIT, tmp_path / "data")
    with Bench(tmp_path) as ready:
        yield ready


def reachable(*roots: object) -> Iterator[object]:
    """Every object that these lead to."""
    seen, waiting = set[int](), list(roots)
    while waiting:
        each = waiting.pop()
        if id(each) in seen or issubclass(type(each), OURS):
            continue
        seen.add(id(each))
        yield each
        waiting += gc.get_referents(each)


def holding(bench: Bench, *secrets: str) -> list[str]:
    """Texts within the screen's reach in which one of these stands."""
    return [
        each
        for each in reachable(bench.app, bench.desk, bench.window)
        if type(each) is str and any(secret in each.lower() for secret in secrets)
    ]


def states(bench: Bench) -> list[Panel]:
    """What the screens that were built show."""
    return [screen.state for screen in bench.app.root.ids.manager.screens]


def texts(bench: Bench, screen: str) -> set[str]:
    """Every text on a page that is not up."""
    page = bench.app.root.ids.manager.get_screen(screen)
    return {getattr(each, "text", "") for each in page.walk()}


def signs_up(bench: Bench) -> None:
    offers(bench, CV)
    goes_to(bench, CV.title)
    taps_each(bench, "XAVERINE")
    bench.taps(NEXT)
    taps_each(bench, "0678901234")
    bench.taps(NEXT)


def test_a_name_is_gone_once_nobody_is_there(sealing_bench: Bench) -> None:
    bench = sealing_bench
    signs_up(bench)
    bench.passes(60)
    assert bench.at == "welcome"
    assert holding(bench, "xaverine", "0678901234", "06 78 90 12 34") == []


def test_a_name_half_typed_is_gone_with_whoever_typed_it(sealing_bench: Bench) -> None:
    bench = sealing_bench
    offers(bench, CV)
    goes_to(bench, CV.title)
    taps_each(bench, "XAVERINE")
    assert holding(bench, "xaverine") != []
    bench.passes(35)
    bench.passes(10)
    assert bench.at == "welcome"
    assert holding(bench, "xaverine") == []


def test_no_page_remembers_door_number_or_language(bench: Bench) -> None:
    checks_in(bench)
    bench.taps(TWO)
    bench.taps("2")
    bench.taps(WORDS["first_visit.oui"])
    bench.passes(15)
    assert (bench.at, bench.desk.panel) == ("welcome", Panel())
    assert [state for state in states(bench) if state != Panel()] == []
    assert WORDS["door.logement"] not in texts(bench, "confirm")
    assert "1" not in texts(bench, "thanks")
    assert bench.desk.visitors.questions == ()


@pytest.mark.slow
def test_every_visitors_page_is_blank_after_everything_it_can_show(tmp_path: Path) -> None:
    from tests.support import unit_config
    from ui.gallery.pictures import GALLERY
    from ui.gallery.stage import Stage

    stage = Stage(unit_config(tmp_path), tmp_path / "scenes", language="ar")
    for scene in GALLERY["visitor"]:
        stage.arrange(scene.arrange)
        stage.desk._show(Panel())
    manager: Any = stage.app.root.ids.manager
    told = {screen.name: screen.state for screen in manager.screens}
    stage.close()
    assert [name for name, state in told.items() if state != Panel()] == []
