"""Makes a report from a snapshot, and remembers what was published of it. Prints nothing."""

from collections.abc import Callable, Sequence
from typing import Final

from ..config import FederationConfig
from ..database import writing_web
from ..errors import OperatorError
from ..registry import Registry
from . import changes, lacking, outline, package, page
from .changes import Lines
from .columns import Row
from .facts import in_scope
from .figures import Sheet
from .package import Facts, Files, Report
from .period import Period
from .published import Published
from .snapshot import TABLES, Opened

EVERYWHERE: Final = "Toute la fédération"
_COMPARED: Final = frozenset({"e1_activite", "e2_publics", "e3_themes", "e5_ateliers"})
_MINE: Final = "SELECT previous, lines FROM exported WHERE number = ? AND scope = ?"
_BEFORE: Final = """
SELECT number, lines FROM exported WHERE number < ? AND scope = ? ORDER BY number DESC LIMIT 1
"""
_THAT: Final = "SELECT number, lines FROM exported WHERE number = ? AND scope = ?"
_REMEMBER: Final = """
INSERT INTO exported (number, scope, previous, lines) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
Progress = Callable[[str], None]


def silent(_what: str) -> None:
    """Tells nobody."""


class Desk:
    """One request: a period and a territory (its code; None: all) of an open snapshot."""

    def __init__(
        self,
        opened: Opened,
        period: Period,
        territory: str | None,
        *,
        funder: bool = False,
        vehicles: frozenset[str] | None = None,
    ) -> None:
        """`vehicles`: those that are told of one by one; None: all of the territory."""
        self.snapshot, self.period, self.territory = opened.snapshot, period, territory
        self.funder, self.vehicles = funder, vehicles
        self.name = name_of(opened.snapshot.registry, territory)
        self.published: Published = opened.published(period)
        # A funder reads a year by itself: there it is of another moment, and the difference tells.
        self.above = None if period.is_year or funder else opened.published(period.year)
        self.sheet = Sheet(self.published, self.above, territory, outline.france(), vehicles)

    @property
    def scope(self) -> str:
        """What is compared with the same of another snapshot."""
        whom = "funder" if self.funder else "federation"
        mine = "" if self.vehicles is None else " " + "|".join(sorted(self.vehicles))
        return f"{self.period.name} {self.territory or '*'} {whom}{mine}"

    def facts(self, previous: int | None = None) -> Facts:
        """What every file goes with."""
        snapshot = self.snapshot
        known, facts = snapshot.completeness, self.published.facts
        missing, reached = package.missing(self.published, known, self.territory)
        units = in_scope(facts, self.territory)
        return Facts(
            self.period, self.territory, self.name, snapshot.position, snapshot.number,
            snapshot.made, reached, tuple(missing), previous, snapshot.rules.threshold,
            snapshot.rules.share, lacking.of(facts, known, units, self.vehicles),
        )  # fmt: skip

    def report(self, previous: int | None = None) -> Report:
        """All of it."""
        exports = package.exports(
            self.published, self.above, self.snapshot.completeness, self.territory,
            funder=self.funder, vehicles=self.vehicles,
        )  # fmt: skip
        figures, gauges = self.sheet.figures(), self.sheet.gauges()
        return Report(self.facts(previous), tuple(exports), tuple(figures), tuple(gauges))

    def page(self, report: Report) -> str:
        """The printed page, as HTML."""
        return page.html(report, page.tiles(self.published, self.territory))


def make(settings: FederationConfig, desk: Desk, progress: Progress = silent) -> tuple[str, Files]:
    """Name of the folder, and its files. What was published is remembered. Raises OperatorError."""
    progress("chiffres")
    report = desk.report()
    previous, changed = compare(settings, desk, compared(report))
    report = report._replace(facts=report.facts._replace(previous=previous))
    return packed(report, page.tiles(desk.published, desk.territory), changed, progress)


def packed(
    report: Report, tiles: Sequence[page.Tile], changed: Sequence[Row], progress: Progress = silent
) -> tuple[str, Files]:
    """Name of the folder, and its files."""
    progress("fichiers")
    made = package.files(report, changed)
    progress("page imprimée")
    printed = page.html(report, list(tiles))
    made["rapport.html"] = printed.encode()
    made["rapport.pdf"] = page.pdf(printed)
    return package.name(report.facts), dict(sorted(made.items()))


def compared(report: Report) -> Lines:
    """What of it is compared with another of the same."""
    return changes.lines(
        (export, rows) for export, rows in report.exports if export.key in _COMPARED
    )


def compare(
    settings: FederationConfig, desk: Desk, mine: Lines
) -> tuple[int | None, Sequence[Row]]:
    """The snapshot before in which the same was published, and what changed since."""
    number = desk.snapshot.number
    with writing_web(settings.store, TABLES) as web:
        held = web.execute(_MINE, (number, desk.scope)).fetchone()
        # Made again, it is compared with the same one as the first time.
        query, which = (_BEFORE, number) if held is None else (_THAT, held[0])
        before = web.execute(query, (which, desk.scope)).fetchone()
        previous = None if before is None else int(before[0])
        web.execute(_REMEMBER, (number, desk.scope, previous, changes.pack(mine)))
    if before is None:
        return None, []
    old, threshold = changes.unpack(bytes(before[1])), desk.snapshot.rules.threshold
    return previous, changes.between(old, mine, threshold)


def territory(known: Registry, code: str | None) -> str | None:
    """The code, when it is one. Raises OperatorError."""
    if code is not None and code not in known.territories():
        listed = ", ".join(known.territories()) or "none yet"
        raise OperatorError(f"--territory {code} is not in the registry: {listed} are.")
    return code


def name_of(known: Registry, code: str | None) -> str:
    """What people call the territory."""
    return EVERYWHERE if code is None else known.territories().get(code, code)
