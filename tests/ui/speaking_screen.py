"""A visitor touches the loudspeaker of the first page, and again after a line; or does not.

A process of its own, since SDL opens its loudspeaker once: run by test_voice.py.
"""

import sys
from pathlib import Path

from ui import bootstrap, sound
from ui.display import PROFILES
from ui.voice import Voice


def main(folder: Path, *, listens: bool) -> None:
    bootstrap.prepare(PROFILES["officiel-7"], fullscreen=False)
    from tests.support import eventually
    from tests.ui.kit import Bench

    with Bench(folder, voice=Voice(sound.load)) as bench:
        eventually(lambda: (bench.pump(1), bench.voice.available)[1], what="the voice wakes")
        bench.pump()
        bench.hand.seconds += 1
        if listens:
            reader, button = bench.app.root.reader, bench.app.root.ids.listen
            bench.touches(*bench.centre(button))
            eventually(lambda: (bench.pump(1), reader._listening.at == 1)[1], what="one is said")
            bench.hand.seconds += 1
            bench.touches(*bench.centre(button))
        assert not bench.voice.speaking


if __name__ == "__main__":
    main(Path(sys.argv[1]), listens=sys.argv[2] == "listens")
