"""Reads the words of one language. Refuses a key that is not there: a screen never shows a key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

FRENCH = Path(__file__).parent / "french"
"""One file for each kind of reader; visitors' alone is translated."""

Text = str | dict[str, str]
"""A sentence; or one by number, `{one = …, other = …}`."""


class Words(Mapping[str, str]):
    """`section.key` → text. A text by number is told by `plural`."""

    def __init__(self, language: str, texts: Mapping[str, Text]) -> None:
        self.language = language
        self._texts = texts

    def __getitem__(self, key: str) -> str:
        text = self._texts[key]
        return text if isinstance(text, str) else text["other"]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def plural(self, key: str, count: int, **values: object) -> str:
        """The text that goes with that many, `{count}` and the other values put in."""
        text = self._texts[key]
        if not isinstance(text, str):
            text = text["one" if count < 2 else "other"]
        return text.format(count=count, **values)


def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return ("fr",)


def load(language: str) -> Words:
    """Every word. Raises KeyError for a language without a catalogue."""
    if language not in languages():
        raise KeyError(f"no catalogue for {language!r} (there is: {', '.join(languages())})")
    return Words(language, french("visitor") | french("driver") | french("staff"))


def french(reader: str) -> dict[str, Text]:
    """What visitors, drivers or staff read, as it is written: the source of all the others."""
    sections = tomllib.loads((FRENCH / f"{reader}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": typeset(text)
        for section, texts in sections.items()
        for key, text in texts.items()
    }


def typeset(text: Text) -> Text:
    """A line never begins with a question mark: French puts a space before it, unbreakable here."""
    if isinstance(text, dict):
        return {number: typeset(part) for number, part in text.items()}
    return re.sub(r" ([?!:;»])", "\u00a0\\1", text)
