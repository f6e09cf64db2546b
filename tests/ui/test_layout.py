"""Every scene on every panel: words fit, nothing leaves the window, a finger finds its target."""

from pathlib import Path
from typing import Any

import pytest

from tests.support import unit_config
from tests.ui.kit import Bench, becomes
from ui.display import PROFILES


@pytest.mark.parametrize("panel", PROFILES)
def test_every_scene_fits_the_panel(tmp_path: Path, panel: str) -> None:
    from ui.gallery import lint
    from ui.gallery.pictures import SCENES
    from ui.gallery.stage import Stage

    becomes(PROFILES[panel])
    config = unit_config(tmp_path, screen={"panel": panel})
    stage, found = Stage(config, tmp_path / "scenes"), list[tuple[Any, ...]]()
    for scene in SCENES:
        stage.arrange(scene.arrange)
        found += ((scene.name, *fault) for fault in lint.faults(stage.app.root, PROFILES[panel]))
    stage.app.rest()
    stage.app.root.crash()
    stage.pump()
    found += lint.cut_words(stage.app.root)
    stage.close()
    assert found == []


def test_the_lint_sees_what_does_not_fit(bench: Bench) -> None:
    from ui.gallery import lint

    bench.app.words = {**bench.app.words, "welcome.begin": "Commencer maintenant tout de suite"}
    bench.find("Aide").size = (40, 40)
    bench.pump()
    assert {fault[0] for fault in lint.faults(bench.app.root, bench.profile)} >= {
        "is cut",
        "is too small",
    }
