"""Contact sheets of every scene × panel × language, and the layout lint over each of them.

`python -m tools.screens FOLDER` writes one PNG per panel, kind of page and language, and ends with
1 when something does not fit. Draws without a display; one process per sheet, since a panel's
density is settled before the window is made.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from appliance.config import Paths, Screen, Unit, UnitConfig
from ui.display import PROFILES
from ui.text import catalogue

KINDS = ("visitor", "workshops", "aloud", "driver", "staff", "attendance", "unit", "overview")
OVERVIEW = (
    *("visiteur-01-bonjour", "visiteur-02-pourquoi", "visiteur-03-oui", "visiteur-06-merci"),
    *("visiteur-12-question-1-people", "ateliers-21-liste", "ateliers-27-inscrit"),
    *("visiteur-08-aide", "visiteur-09-encore-la"),
    *("conduite-03-arret-note", "equipe-11-accueil", "equipe-31-file"),
)
"""Scenes that show at a glance what the screen is: the sheets that are committed."""
LARGER = 1.2
"""Letters of that size must fit too."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--panel", choices=PROFILES, action="append")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--language", choices=catalogue.languages(), action="append")
    parser.add_argument("--scenes", help="only those with this in their name, in one sheet")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    jobs = [
        (panel, kind, language)
        for panel in arguments.panel or PROFILES
        for kind in arguments.kind or KINDS
        for language in arguments.language or catalogue.languages()
        if is_read(kind, panel, language)
    ]
    if arguments.here:
        ((panel, kind, language),) = jobs
        sys.exit(sheet(arguments.folder, panel, kind, language, arguments.scenes or ""))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ends = list(pool.map(lambda job: elsewhere(arguments.folder, *job, arguments.scenes), jobs))
    sys.exit(max(ends))


def is_read(kind: str, panel: str, language: str) -> bool:
    """Drivers and staff read French; the overview is of one panel, in both directions."""
    if kind == "overview":
        return panel == "officiel-7" and language in ("fr", "ar")
    return kind in ("visitor", "workshops", "aloud") or language == "fr"


def elsewhere(folder: Path, panel: str, kind: str, language: str, scenes: str | None) -> int:
    """One sheet by a process of its own; its exit code."""
    command = [sys.executable, "-m", "tools.screens", str(folder), "--here", "--panel", panel]
    command += ["--kind", kind, "--language", language]
    command += ["--scenes", scenes] if scenes else []
    environment = {**os.environ, "SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"}
    return subprocess.run(command, env=environment, check=False).returncode


def sheet(folder: Path, panel: str, kind: str, language: str, scenes: str) -> int:
    """Writes the sheet, tells what does not fit; 1 when something does not."""
    from ui import bootstrap

    bootstrap.prepare(PROFILES[panel], fullscreen=False)
    from kivy.config import Config

    Config.set("graphics", "maxfps", "0")  # frames follow each other without a pause
    from tools.contact_sheet import save

    name = "-".join(filter(None, (kind, language, panel, scenes)))
    pictures, wrong = [], 0
    for scene, picture, faults in looked_at(panel, kind, language, scenes):
        pictures.append((scene, picture))
        wrong += len(faults)
        for fault in faults:
            print(f"{name}: {scene}: {fault}", flush=True)
    save(folder / f"{name}.png", pictures)
    print(f"{name}: {len(pictures)} scenes, {wrong} faults", flush=True)
    return int(wrong > 0)


def looked_at(
    panel: str, kind: str, language: str, scenes: str
) -> Iterator[tuple[str, Any, list[Any]]]:
    """Each scene with its name, its frame and everything that is wrong with it."""
    from appliance.vault.pins import Kdf
    from ui.gallery import contrast, lint, pictures
    from ui.gallery.stage import Stage
    from ui.staff import Staff

    Staff.kdf = Kdf(memory=64, passes=1)  # these cards are thrown away
    with tempfile.TemporaryDirectory() as scratch:
        stage = Stage(config(panel, scratch), Path(scratch))
        for scene in pictures.GALLERY.get(kind, pictures.SCENES):
            if scenes not in scene.name or (kind == "overview" and scene.name not in OVERVIEW):
                continue
            stage.arrange(scene.arrange)
            stage.settle(language=language, larger=LARGER)
            found = [("larger", *fault) for fault in lint.faults(stage.app.root, PROFILES[panel])]
            stage.settle(language=language)
            found += lint.faults(stage.app.root, PROFILES[panel])
            frame = pictures.drawn()
            yield scene.name, frame, [*found, *contrast.faint_words(stage.app.root, frame)]
        stage.close()


def config(panel: str, folder: str) -> UnitConfig:
    """Of a vehicle with that panel."""
    return UnitConfig(
        unit=Unit(id="van-germaine", vehicle_name="Camion Germaine"),
        paths=Paths(data=Path(folder, "data"), run=Path(folder, "run")),
        screen=Screen(panel=panel, unread_languages=True),
    )


if __name__ == "__main__":
    main()
