"""A year's report of the whole federation: from the sums of `aggregate`, and from every visit.

Made-up visits are put straight into `visit`; their sums for months and years are made by SQL, and
those of a few units again by the code that ingest uses, which must say the same. Then the same
three tables are asked for both ways, in turns: gender by age, themes, territory by class.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from federation.config import Store
from federation.database import Database, open_ledger
from federation.projections.counting import Cell, Sums, count
from federation.projections.visits import VisitRow
from protocol.codes import CODES

EACH = 2083
"""Visits of a unit in a year: 5 million of 2,400 units."""
TERRITORIES = 13
YEAR = "2026"
CLASSES = ("qpv", "frr", "autre", "non_communique")
AXES = {
    "total": ("''", "''", "''"),
    "gender_age": ("gender", "age_band", "''"),
    "theme": ("theme", "''", "''"),
    "class": ("territory_class", "coalesce(CAST(zoning_year AS TEXT), '')", "''"),
    "class_gender_age": ("territory_class", "gender", "age_band"),
    "commune_gender_age": ("stop_commune", "gender", "age_band"),
    "theme_help": ("theme", "help_level", "''"),
}
_SUMS = """
INSERT INTO aggregate (period, axis, unit, a, b, c, visits, people, tallied, served, left_unserved,
    minutes)
SELECT substr(day, 1, {length}), '{axis}', unit, {a}, {b}, {c}, count(*), sum(people), 0,
    sum(CASE WHEN received_at IS NOT NULL OR described = 1 THEN 1 ELSE 0 END),
    sum(CASE WHEN left_at IS NOT NULL AND received_at IS NULL AND described = 0 THEN 1 ELSE 0 END),
    sum(coalesce(duration_minutes, 0))
FROM visit WHERE cancelled IS NULL
GROUP BY substr(day, 1, {length}), unit, {grouped} ORDER BY 1, 3, 4, 5, 6
"""
_ROWS = """
SELECT {by}, count(*), sum(people) FROM visit
WHERE day BETWEEN ? AND ? AND cancelled IS NULL GROUP BY {by}
"""
_CELLS = """
SELECT {by}, sum(visits), sum(people) FROM aggregate WHERE period = ? AND axis = ? GROUP BY {by}
"""


def main() -> None:
    """Prints both times, their ratio, and how large the tables are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=500_000, help="5000000 for the full one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", help="a connection string of an empty database")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    units = max(1, options.visits // EACH)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        store = Store(data=Path(folder), postgresql=options.postgresql)
        with closing(open_ledger(store)) as database:
            visits = _fill(database, units)
            _sum_up(database)
            _check(database, units)
            (cells,) = database.execute("SELECT count(*) FROM aggregate").fetchone()
            print(f"{visits:,} visits of {units:,} units, {cells:,} sums of months and years")
            _measure(database, options.rounds)


def _measure(database: Database, rounds: int) -> None:
    slow, fast = list[float](), list[float]()
    for _ in range(rounds):
        from_rows, seconds = _timed(lambda: _report(database, from_rows=True))
        slow.append(seconds)
        from_sums, seconds = _timed(lambda: _report(database, from_rows=False))
        fast.append(seconds)
        assert from_rows == from_sums, "both ways must say the same"
    rows, sums = statistics.median(slow), statistics.median(fast)
    ratios = [a / b for a, b in zip(slow, fast, strict=True)]
    print(f"from rows  {rows:8.3f} s ({min(slow):.3f} to {max(slow):.3f})")
    print(f"from sums  {sums:8.3f} s ({min(fast):.3f} to {max(fast):.3f})")
    print(
        f"ratio      {statistics.median(ratios):8.0f}x ({min(ratios):.0f} to {max(ratios):.0f})"
        "   (aim: 50x, 2 s)"
    )


def _report(database: Database, *, from_rows: bool) -> list[dict[Any, Any]]:
    tables = [("gender, age_band", "a, b", "gender_age"), ("theme", "a", "theme")]
    found: list[dict[Any, Any]] = []
    for columns, keys, axis in tables:
        found.append(_asked(database, columns, keys, axis, from_rows=from_rows))
    by_unit = _asked(database, "unit, territory_class", "unit, a", "class", from_rows=from_rows)
    by_territory: Counter[tuple[Any, ...]] = Counter()
    for (unit, class_), (visits, people) in by_unit.items():
        by_territory[int(unit[-4:]) % TERRITORIES, class_, "visits"] += visits
        by_territory[int(unit[-4:]) % TERRITORIES, class_, "people"] += people
    return [*found, dict(by_territory)]


def _asked(
    database: Database, columns: str, keys: str, axis: str, *, from_rows: bool
) -> dict[tuple[Any, ...], tuple[int, int]]:
    if from_rows:
        found = database.execute(_ROWS.format(by=columns), (f"{YEAR}-01-01", f"{YEAR}-12-31"))
    else:
        found = database.execute(_CELLS.format(by=keys), (YEAR, axis))
    return {tuple(row[:-2]): (int(row[-2]), int(row[-1])) for row in found.fetchall()}


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.perf_counter()
    return work(), time.perf_counter() - begin


def _fill(database: Database, units: int) -> int:
    for number in range(units):
        with database.transaction():
            database.append("visit", VisitRow._fields, _visits(number))
    return units * EACH


def _visits(number: int) -> Iterator[VisitRow]:
    dice = random.Random(number)
    lists = {name: list(CODES[name]) for name in ("theme", "gender", "age_band", "help_level")}
    communes = [f"{dice.randrange(1001, 95999):05d}" for _ in range(6)]
    for seq in range(1, EACH + 1):
        day = date(int(YEAR), 1, 1) + timedelta(days=seq * 365 // (EACH + 1))
        utc = int(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp() * 1000)
        stop, theme = dice.randrange(6), dice.choice(lists["theme"])
        yield VisitRow(
            f"van-{number:04d}", 7, seq, utc, 1, day.isoformat(), f"{9 + seq % 8:02d}", seq % 99,
            theme, theme, dice.choice((1, 1, 1, 2, 3)), 0, 9, stop + 1, communes[stop],
            CLASSES[stop % 4], 2024, utc + 60_000 if dice.random() < 0.9 else None, None,
            "mistake" if dice.random() < 0.02 else None,
            dice.choice(lists["help_level"]), dice.choice(lists["age_band"]),
            dice.choice(lists["gender"]), themes=theme,
            duration_minutes=dice.choice((None, 15, 30)), described=1,
        )  # fmt: skip


def _sum_up(database: Database) -> None:
    for axis, (a, b, c) in AXES.items():
        for length in (4, 7):
            names = {"axis": axis, "a": a, "b": b, "c": c, "length": length}
            grouped = ", ".join(each for each in (a, b, c) if each != "''") or "unit"
            with database.transaction():
                database.execute(_SUMS.format(grouped=grouped, **names))


def _check(database: Database, units: int) -> None:
    """The sums of three units are those that ingest would have made."""
    for number in sorted({0, units // 2, units - 1}):
        made = {
            cell: sums
            for cell, sums in count(_visits(number)).items()
            if cell.axis in AXES and len(cell.period) < 10
        }
        columns = ", ".join((*Cell._fields, *Sums._fields))
        held = database.execute(
            f"SELECT {columns} FROM aggregate WHERE unit = ?", (f"van-{number:04d}",)
        ).fetchall()
        assert made == {Cell(*row[:6]): Sums(*map(int, row[6:])) for row in held}


if __name__ == "__main__":
    main()
