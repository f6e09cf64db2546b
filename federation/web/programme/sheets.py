"""A page as PDF, made here: it asks nobody for anything."""

from pathlib import Path
from typing import Final

_STYLE: Final = Path(__file__).parent / "static/programme/sheet.css"


class Elsewhere(Exception):
    """A page asked for something that is not in it."""


def pdf(page: str) -> bytes:
    """The PDF of a page whose style is sheet.css."""
    from weasyprint import CSS, HTML

    made: bytes = HTML(string=page, url_fetcher=_nothing).write_pdf(
        stylesheets=[CSS(string=_STYLE.read_text(encoding="utf-8"), url_fetcher=_nothing)]
    )
    return made


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise Elsewhere(url)
