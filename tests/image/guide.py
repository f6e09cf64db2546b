"""What the card's pages should look like and where their buttons are, from the screen's own code.

`python -m tests.image.guide FOLDER UNIT.TOML SCENE…` draws them without a display, of the panel's
size: one PNG per scene, and `guide.json` with each button's place as parts of width and height.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from appliance import config as settings
from ui import bootstrap
from ui.display import PROFILES

Places = dict[str, tuple[float, float]]


def main() -> None:
    """Draws each scene that is named."""
    folder, file, *names = sys.argv[1:]
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    config = settings.load(Path(file))
    bootstrap.prepare(PROFILES[config.screen.panel], fullscreen=False)
    from ui.gallery import pictures
    from ui.gallery.stage import Stage

    scenes = {scene.name: scene for scene in pictures.SCENES}
    guide: dict[str, Places] = {}
    with tempfile.TemporaryDirectory() as scratch:
        stage = Stage(config, Path(scratch))
        for name in names:
            stage.arrange(scenes[name].arrange)
            stage.pump(6)
            pictures.picture(Path(folder) / f"{name}.png")
            guide[name] = dict(_buttons(stage.app.root))
        stage.close()
    (Path(folder) / "guide.json").write_text(json.dumps(guide), encoding="utf-8")


def _buttons(root: Any) -> Any:
    from kivy.core.window import Window

    from ui.widgets.scene import Held
    from ui.widgets.surfaces import Press

    width, height = Window.size
    for widget in root.walk():
        if isinstance(widget, Press | Held):
            x, y = widget.to_window(*widget.center)
            if 0 < x < width:
                yield _words(widget), (x / width, 1 - y / height)


def _words(button: Any) -> str:
    """What it says, or the name of its sign, or what it is called."""
    said = (getattr(button, name, "") for name in ("text", "pictogram"))
    return next((str(words) for words in said if words), type(button).__name__)


if __name__ == "__main__":
    main()
