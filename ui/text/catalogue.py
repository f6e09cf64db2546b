"""Reads the words of one language. Refuses a key that is not there: a screen never shows a key."""

import re
import tomllib
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"


def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.stem for path in LOCALES.glob("*.toml")))


def load(language: str) -> dict[str, str]:
    """`section.key` → text. Raises KeyError for a language without a catalogue."""
    if language not in languages():
        raise KeyError(f"no catalogue for {language!r} (there is: {', '.join(languages())})")
    sections = tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": typeset(text)
        for section, texts in sections.items()
        for key, text in texts.items()
    }


def typeset(text: str) -> str:
    """A line never begins with a question mark: French puts a space before it, unbreakable here."""
    return re.sub(r" ([?!:;»])", "\u00a0\\1", text)
