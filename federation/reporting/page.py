"""The printed report: one A4 page, as HTML and as PDF. From the same figures; decides none.

The PDF is tagged, says its language and is the same bytes for the same page.
"""

from hashlib import blake2b
from html import escape
from importlib.resources import files
from typing import Final, NamedTuple

from . import lacking, words
from .figure import Figure
from .package import Facts, Report
from .published import Published
from .shapes import Tree
from .words import number

_ROWS: Final = (
    ("semaines",),
    ("publics", "themes"),
    ("premieres", "classes"),
    ("prevus", "ateliers"),
)
_ZOOMS: Final = (1.0, 0.9, 0.8, 0.7)
"""Tried in turn until the page is one."""


class Tile(NamedTuple):
    """A figure that stands large."""

    value: str
    label: str
    note: str = ""


def tiles(published: Published, territory: str | None) -> list[Tile]:
    """What is counted apart and never added up."""
    from . import activity

    def shown(tree: Tree) -> int | None:
        return tree.shown() if territory is None else tree.shown(territory)

    first, unknown = shown(published.first_visits), shown(published.first_unknown)
    passages = shown(published.passages)
    share = "s" if unknown is None else words.percent(unknown, passages or 0)
    came = activity.participants(published)
    return [
        Tile(
            number(first), "personnes, au moins",
            f"premières visites déclarées ; non précisé pour {share} des passages",
        ),
        Tile(
            number(passages), "passages",
            f"dont {number(shown(published.street))} en animation de rue",
        ),
        Tile(number(shown(published.demands)), "demandes", "une pour qui vient à plusieurs"),
        Tile(number(shown(came)), "participants", "aux ateliers"),
        Tile(number(shown(published.unserved)), "repartis", "sans être reçus (demandes)"),
    ]  # fmt: skip


def completeness(facts: Facts) -> str:
    """What may be missing, in a sentence or two."""
    return lacking.sentence(facts.lacking, facts.complete_to)


def html(report: Report, large: list[Tile]) -> str:
    """The page, whole: its style is inside, nothing comes from elsewhere."""
    facts = report.facts
    by = {figure.key: figure for figure in report.figures}
    rows = "".join(
        f'<div class="row">{"".join(_figure(by[k]) for k in row)}</div>' for row in _ROWS
    )
    style = (files(__package__) / "page.css").read_text(encoding="utf-8")
    title = f"{facts.territory_name}, {facts.period.label}"
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        f"<title>Escale : {escape(title)}</title>\n"
        '<meta name="author" content="Escale">\n'
        f'<meta name="description" content="Rapport d’activité, {escape(title)}">\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n"
        f'<header><p class="brand">Escale</p><h1>{escape(facts.territory_name)}</h1>'
        f'<p class="period">{escape(facts.period.label)}</p></header>\n'
        f'<p class="complete">{escape(completeness(facts))}</p>\n'
        f'<ul class="tiles">{"".join(_tile(tile) for tile in large)}</ul>\n'
        f"<main>{rows}</main>\n"
        f"{_foot(facts)}\n</body>\n</html>\n"
    )


def pdf(page: str) -> bytes:
    """The page as PDF."""
    # Here: it takes a second to import, and most commands print nothing.
    from weasyprint import CSS, HTML

    source = HTML(string=page, url_fetcher=_nothing)
    options = {
        "pdf_identifier": blake2b(page.encode(), digest_size=16).hexdigest().encode(),
        "pdf_variant": "pdf/ua-1",
    }
    for zoom in _ZOOMS:
        smaller = (
            f"html {{ font-size: {9 * zoom}pt !important }}"
            f" svg {{ max-height: {62 * zoom}mm !important }}"
        )
        document = source.render(stylesheets=[CSS(string=smaller)], **options)
        if len(document.pages) == 1:
            break
    return bytes(document.write_pdf(**options) or b"")


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a report fetches nothing: {url}")


def _tile(tile: Tile) -> str:
    note = f"<small>{escape(tile.note)}</small>" if tile.note else ""
    return f"<li><strong>{escape(tile.value)}</strong> <span>{escape(tile.label)}</span>{note}</li>"


def _figure(figure: Figure) -> str:
    note = f'<p class="note">{escape(figure.note)}</p>' if figure.note else ""
    return (
        f'<section class="{figure.key}"><h2>{escape(figure.title)}</h2>{figure.svg}{note}</section>'
    )


def _foot(facts: Facts) -> str:
    said = (
        f"« s » : moins de {facts.threshold}, ou masqué pour protéger un si petit nombre.",
        "Personnes, passages et participants ne s’additionnent pas.",
        "Jours locaux de chaque véhicule.",
        f"Instantané {facts.snapshot}, {lacking.moment(facts.made)}.",
    )
    return f"<footer><p>{escape(' '.join(said))}</p></footer>"
