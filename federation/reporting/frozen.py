"""What funders read of a closed period: made once, for every territory together, and kept.

Never made again within a week, nor unless other facts of the period came: two readings would
differ by few people. All territories are of one moment, so that none is another's difference.
"""

from typing import Final

import msgspec
import zstandard

from ..config import FederationConfig
from ..database import reading_web, writing_web
from ..errors import OperatorError
from . import changes, package, page, snapshot
from .columns import Row
from .facts import in_scope
from .machines import Completeness, lacks
from .making import Desk, compared, packed
from .package import Files, Report
from .page import Tile
from .period import Period
from .plans import Book
from .published import Published
from .records import Counts
from .snapshot import Opened

WEEK: Final = 7 * 24 * 3_600_000
TABLES: Final = """
CREATE TABLE IF NOT EXISTS frozen (
    period TEXT PRIMARY KEY,
    made INTEGER NOT NULL,              -- milliseconds since 1970
    content BLOB NOT NULL               -- compressed JSON: federation.reporting.frozen.Frozen
) WITHOUT ROWID;
"""
_HELD: Final = "SELECT content FROM frozen WHERE period = ?"
_KEEP: Final = """
INSERT INTO frozen (period, made, content) VALUES (?, ?, ?)
ON CONFLICT (period) DO UPDATE SET made = excluded.made, content = excluded.content
"""
_WHOLE: Final = ""
"""In place of the code of a territory."""


Lacking = dict[str, tuple[int | None, int, int]]
"""Unit → up to when everything is here, requests, passages."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A report of one territory, or of all."""

    report: Report
    tiles: tuple[Tile, ...]
    changed: tuple[Row, ...] = ()
    """Since the one before."""

    def files(self) -> tuple[str, Files]:
        """Name of the folder, and its files: the same bytes as long as it is frozen."""
        return packed(self.report, self.tiles, self.changed)

    def pdf(self) -> tuple[str, bytes]:
        """Name without its end, and the printed page."""
        made = page.pdf(page.html(self.report, list(self.tiles)))
        return package.name(self.report.facts), made


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """All of a period, at one moment."""

    made: int
    """Milliseconds since 1970."""
    lacking: Lacking
    """Of whom more may come."""
    sheets: dict[str, Sheet]

    def of(self, territory: str | None) -> Sheet:
        """That of a territory (its code; None: all). Raises OperatorError."""
        found = self.sheets.get(territory or _WHOLE)
        if found is None:
            raise OperatorError(
                f"reports: territory {territory} is newer than what funders read of this period; "
                "it comes with the next one, a week after the last."
            )
        return found


def read(settings: FederationConfig, period: Period, now: int, book: Book) -> Frozen:
    """What stands for a closed period; made when it must be. Raises OperatorError.

    `now`: milliseconds since 1970. `book`: as for `snapshot.looked_at`.
    """
    held = _held(settings, period)
    if held is not None and now - held.made < WEEK:
        return held
    if held is not None:
        with snapshot.looked_at(settings, now, book) as seen:
            if lacking(seen.published(period), seen.snapshot.completeness) == held.lacking:
                return held
    with snapshot.opened(settings, None, now) as opened:
        made = _made(opened, period, now, held)
    return _kept(settings, period, made)


def lacking(published: Published, known: dict[str, Completeness]) -> Lacking:
    """Units of which something of the period may be missing: how far they came, what they told."""
    facts = published.facts
    found: Lacking = {}
    for unit in in_scope(facts, None):
        told, counts = known.get(unit, Completeness(unit=unit)), facts.totals.get(unit, Counts())
        if lacks(facts, told):
            found[unit] = (told.complete_to, counts.visits, counts.people)
    return found


def _made(opened: Opened, period: Period, now: int, before: Frozen | None) -> Frozen:
    snapshot = opened.snapshot
    published = opened.published(period)
    return Frozen(
        made=now,
        lacking=lacking(published, snapshot.completeness),
        sheets={
            code or _WHOLE: _sheet(opened, period, code, before)
            for code in (None, *snapshot.registry.territories())
        },
    )


def _sheet(opened: Opened, period: Period, territory: str | None, before: Frozen | None) -> Sheet:
    desk = Desk(opened, period, territory, funder=True)
    old = None if before is None else before.sheets.get(territory or _WHOLE)
    report = desk.report(None if old is None else old.report.facts.number)
    threshold = opened.snapshot.rules.threshold
    changed = (
        [] if old is None
        else changes.between(compared(old.report), compared(report), threshold)
    )  # fmt: skip
    tiles = page.tiles(desk.published, territory)
    return Sheet(report=report, tiles=tuple(tiles), changed=tuple(changed))


def _held(settings: FederationConfig, period: Period) -> Frozen | None:
    with reading_web(settings.store) as web:
        if not web.columns("frozen"):
            return None
        return _read(web.execute(_HELD, (period.name,)).fetchone())


def _kept(settings: FederationConfig, period: Period, made: Frozen) -> Frozen:
    """What stands from here on: another's, when somebody else was first."""
    content = zstandard.compress(msgspec.json.encode(made))
    with writing_web(settings.store, TABLES) as web:
        found = _read(web.execute(_HELD, (period.name,)).fetchone())
        if found is not None and made.made - found.made < WEEK:
            return found
        web.execute(_KEEP, (period.name, made.made, content))
    # As the store gives it back: the first reader gets the same bytes as the next.
    return msgspec.json.decode(zstandard.decompress(content), type=Frozen)


def _read(row: tuple[bytes] | None) -> Frozen | None:
    if row is None:
        return None
    return msgspec.json.decode(zstandard.decompress(bytes(row[0])), type=Frozen)
