"""What of the board one viewer may see: lines in order, tiles, marks, and what changed since."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple
from zlib import crc32

from ..scope import Scope
from . import drawing, words
from .board import Board, Shown
from .rows import Line

TILES: Final = (
    ("touring", "en tournée"),
    ("missing", "sans nouvelles"),
    ("waiting", "événements encore à bord"),
    ("behind", "en retard de version"),
)


class Sight(NamedTuple):
    """What one viewer sees at one moment."""

    mark: str
    """Of the moment: what came later is asked for with it."""
    lines: Sequence[Line]
    trouble: str = ""

    @property
    def tiles(self) -> dict[str, str]:
        """The four figures, by name."""
        return {
            "touring": words.number(sum(line.in_tour for line in self.lines)),
            "missing": words.number(sum(line.state == "missing" for line in self.lines)),
            "waiting": words.number(sum(line.waiting for line in self.lines)),
            "behind": words.number(sum(line.behind for line in self.lines)),
        }

    @property
    def marks(self) -> str:
        """Vehicles on the map, as SVG."""
        return drawing.marks(self.lines)

    def only(self, text: str, *, in_need: bool) -> "Sight":
        """Without the lines that a search or the filter leaves out."""
        wanted = text.casefold().split()
        kept = [
            line
            for line in self.lines
            if (line.needs_somebody or not in_need) and all(word in line.text for word in wanted)
        ]
        return self._replace(lines=kept)


def sight(board: Board, scope: Scope) -> Sight:
    """All that this scope reaches, whoever needs somebody first."""
    lines = _sorted(_reached(board, scope))
    return Sight(_mark(board, lines), lines, board.trouble)


def news(board: Board, scope: Scope, since: str) -> dict[str, Any]:
    """What changed after that mark, for fleet.js: lines with whom they stand before, and tiles.

    A mark of another life of the board, or of other vehicles, gives everything.
    """
    shown = {each.line.key: each for each in _reached(board, scope)}
    lines = _sorted(shown.values())
    mark, keys = _mark(board, lines), [line.key for line in lines]
    known = _known(since, mark)
    after = dict(zip(keys, [*keys[1:], ""], strict=True)) if keys else {}
    changed = [line for line in reversed(lines) if shown[line.key].changed > known]
    return {
        "mark": mark,
        "rows": [_told(line, after[line.key]) for line in changed],
        "tiles": Sight(mark, lines).tiles,
        "marks": drawing.marks(lines),
        "all": keys if known < 0 else None,
    }


def _told(line: Line, before: str) -> dict[str, str]:
    said = f"{line.name} : {line.said}"
    return {
        "id": line.key, "html": line.html, "before": before, "said": said, "state": line.state,
    }  # fmt: skip


def _known(since: str, mark: str) -> int:
    """The look that `since` is of; -1: of another board, or of other vehicles."""
    old, new = since.split("-"), mark.split("-")
    if len(old) != 3 or (old[0], old[2]) != (new[0], new[2]) or not old[1].isdecimal():
        return -1
    return int(old[1])


def message(told: dict[str, Any]) -> bytes:
    """As a server-sent event; its id comes back when the browser connects again."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"id: {told['mark']}\ndata: {body}\n\n".encode()


def _mark(board: Board, lines: Iterable[Line]) -> str:
    """Life of the board, number of the look, and which vehicles it is of."""
    keys = ",".join(sorted(line.key for line in lines))
    return f"{board.name}-{board.generation}-{crc32(keys.encode()):x}"


def _reached(board: Board, scope: Scope) -> list[Shown]:
    lines = board.shown()
    if scope.everything:
        return list(lines.values())
    keys = (f"v{vehicle.id}" for vehicle in scope.vehicles if not vehicle.retired)
    return [lines[key] for key in keys if key in lines]


def _sorted(shown: Iterable[Shown]) -> list[Line]:
    return sorted((each.line for each in shown), key=lambda line: (*line.rank, line.key))
