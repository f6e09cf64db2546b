"""Draws what the panel shows while there is no screen: ui/assets/notices/*.png, one for each panel.

Done again when their words or the theme change (`make assets` needs nothing of it).
"""

import os
import subprocess
import sys

from ui import bootstrap
from ui.display import PROFILES
from ui.notice import FOLDER


def main() -> None:
    if len(sys.argv) == 1:
        FOLDER.mkdir(exist_ok=True)
        for panel in PROFILES:
            # A panel's density is settled before the window is made: a process for each.
            subprocess.run([sys.executable, "-m", "tools.build_notices", panel], check=True)
        return
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    bootstrap.prepare(PROFILES[sys.argv[1]], fullscreen=False, rotation=0)
    from ui.gallery import notices

    notices.draw(FOLDER, sys.argv[1])


if __name__ == "__main__":
    main()
