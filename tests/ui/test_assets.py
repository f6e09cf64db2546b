"""The pictograms and fonts that are shipped: every one a page names is there."""

import json
import re
from pathlib import Path

import pytest

from ui import doors, theme

UI = Path(theme.__file__).parent
PICTOGRAM = re.compile(r"^\s*(?:pictogram:|.*\bpictogram ?=)(.*)$", re.MULTILINE)


def named() -> set[str]:
    """What the pages and the doors call for."""
    texts = (path.read_text() for kind in ("*.kv", "*.py") for path in UI.rglob(kind))
    lines = (line for text in texts for line in PICTOGRAM.findall(text))
    pages = {name for line in lines for name in re.findall(r"""['"]([a-z0-9_]*)['"]""", line)}
    return pages | {door.pictogram for door in doors.DOORS}


def test_every_pictogram_that_is_named_is_in_the_font() -> None:
    assert len(named()) > 50
    assert [name for name in sorted(named()) if name and not theme.glyph(name)] == []


def test_no_pictogram_is_shipped_that_nobody_names() -> None:
    texts = (path.read_text() for kind in ("*.kv", "*.py") for path in UI.rglob(kind))
    quoted = {name for text in texts for name in re.findall(r"""['"]([a-z0-9_]+)['"]""", text)}
    drawn = {f"persons_{people}" for people in range(1, 7)}
    shipped = {
        name.removesuffix("_line")
        for name in json.loads((UI / "assets/pictograms.json").read_text())
    }
    assert shipped - quoted - drawn == set()


@pytest.mark.parametrize("script", theme.FACES)
def test_the_fonts_are_there_in_every_weight_a_page_may_ask_for(script: str) -> None:
    assert all(Path(theme.font(weight, script)).exists() for weight in (400, 600, 700))
