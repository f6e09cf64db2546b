"""Draws with elements and presentation attributes alone: no style attribute, no script, no font.

Colours are readable on white and on dark; text takes the colour of the page. Knows no figure.
"""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

COLOURS: Final = ("#3a7fb5", "#c4713b", "#6f8f3f", "#8b8f99", "#9a6fb0")
FAINT: Final = "#8b8f99"
SIZE: Final = 13
"""Of text, in the units of the drawing."""


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element; `_` in a name is `-`, `class_` is class. Numbers have one decimal at most."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_number(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def text(x: float, y: float, words: str, **attributes: object) -> str:
    """A line of text in the colour of the page."""
    given = {"fill": "currentColor", "font_size": SIZE, **attributes}
    return tag("text", escape(words), x=x, y=y, **given)


def drawing(
    key: str, title: str, desc: str, width: float, height: float, body: Iterable[str]
) -> str:
    """The whole: named and told for whoever cannot see it. `key` is unique on a page."""
    hatch = tag(
        "pattern",
        tag("path", d="M0 6 L6 0", stroke=FAINT, stroke_width=1.5),
        id=f"{key}-hatch", width=6, height=6, patternUnits="userSpaceOnUse",
    )  # fmt: skip
    return tag(
        "svg",
        tag("title", escape(title), id=f"{key}-title"),
        tag("desc", escape(desc), id=f"{key}-desc"),
        tag("defs", hatch),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        class_="chart",
        font_family="system-ui, sans-serif",
    )


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)


def cut(label: str, most: int) -> str:
    """The words, or as many of them as there is room for."""
    return label if len(label) <= most else label[: most - 1] + "…"
