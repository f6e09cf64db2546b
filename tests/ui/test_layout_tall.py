"""Every scene on a panel that stands: words fit, nothing leaves it, a finger finds its target."""

from pathlib import Path

import pytest

from tests.ui.layout import (
    KINDS,
    LARGER,
    what_does_not_fit,
    what_does_not_fit_of_a_crash,
)

PANEL = "touch-2"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_scene_fits_a_panel_that_stands(tmp_path: Path, kind: str) -> None:
    assert list(what_does_not_fit(kind, PANEL, tmp_path)) == []


@pytest.mark.parametrize("larger", [1, LARGER])
def test_the_crash_page_fits_a_panel_that_stands(tmp_path: Path, larger: float) -> None:
    assert what_does_not_fit_of_a_crash(PANEL, tmp_path, larger) == []
