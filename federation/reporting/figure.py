"""A chart with the table that stands under it. Draws from values; knows no table of the ledger."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from . import charts
from .charts import Bar

MOST: Final = 14
"""Bars of one chart: a page has an end."""


NOTHING: Final = "Rien n’était prévu dans cette période."
NO_TOURS: Final = "Pas de tournée publiée pour les jours passés de cette période."
UNPUBLISHED: Final = "pas de tournée publiée"
"""In place of a number of planned stops: nobody was told of any."""


class Figure(NamedTuple):
    """A chart and its table; `svg` is empty when there is nothing to draw."""

    key: str
    title: str
    note: str
    """What is counted, and what is not told."""
    svg: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def barred(
    key: str,
    title: str,
    note: str,
    lines: Sequence[Bar],
    headings: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
    legend: Sequence[str] = (),
) -> Figure:
    if len(lines) > MOST:
        lines = sorted(
            lines, key=lambda line: -max(line.of or 0, sum(part or 0 for part in line.parts))
        )[:MOST]
        note = f"{note} Les {MOST} premiers ; tous sont dans le tableau.".strip()
    note = note if lines or note else NOTHING
    svg = charts.bars(key, title, note or title, lines, legend) if lines else ""
    return Figure(key, title, note, svg, headings, tuple(rows))


def drawn(
    key: str,
    title: str,
    note: str,
    chart: Callable[[str, str, str, Sequence[tuple[str, int | None]]], str] | None,
    values: Sequence[tuple[str, int | None]],
    headings: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
) -> Figure:
    svg = chart(key, title, note or title, values) if chart else ""
    return Figure(key, title, note, svg, headings, tuple(rows))
