"""Every scene on a panel that stands: words fit, nothing leaves it, a finger finds its target."""

from pathlib import Path

import pytest

from tests.ui.layout import KINDS, LARGER, faults, stage_on, what_does_not_fit

PANEL = "touch-2"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_scene_fits_a_panel_that_stands(tmp_path: Path, kind: str) -> None:
    assert list(what_does_not_fit(kind, PANEL, tmp_path)) == []


@pytest.mark.parametrize("larger", [1, LARGER])
def test_the_crash_page_fits_a_panel_that_stands(tmp_path: Path, larger: float) -> None:
    with stage_on(PANEL, tmp_path) as stage:
        stage.settle(larger=larger)
        stage.app.rest()
        stage.app.root.crash()
        stage.pump()
        assert faults(stage, PANEL) == []
