"""Reads the words of one language. Refuses a key that is not there: a screen never shows a key.

French is the source, in `french/*.toml`; the others are gettext's, made by `make catalogues`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from .shape import script

FRENCH = Path(__file__).parent / "french"
"""One file for each kind of reader; visitors' alone is translated."""
LOCALES = Path(__file__).parent / "locales"

Text = str | dict[str, str]
"""A sentence; or one by number, `{one = …, other = …}`."""


class French(NullTranslations):
    """As it is written: what another language lacks is told in French."""

    def npgettext(self, _context: str, one: str, other: str, count: int) -> str:
        """French counts nothing as one."""
        return one if count < 2 else other


FROM_FRENCH = French()
MANY = 100
"""More than any language has a word of its own for."""


class Words(Mapping[str, str]):
    """`section.key` → text. What goes by number is told by `plural`."""

    def __init__(self, language: str, told: NullTranslations) -> None:
        self.language = language
        self.proof_read = language == "fr" or told.info().get("x-proof-read", "no") != "no"
        """Whether a speaker has read it; until then it is off."""
        self._told, self._visitor = told, french("visitor")
        self._french: dict[str, Text] = self._visitor | french("driver") | french("staff")

    @property
    def rtl(self) -> bool:
        """Whether it is read from the right."""
        return script(self["language.name"]) == "arabic"

    def __getitem__(self, key: str) -> str:
        text, told = self._text(key)
        if isinstance(text, str):
            return typeset(told.pgettext(key, text))
        return typeset(told.npgettext(key, text["one"], text["other"], MANY))

    def __iter__(self) -> Iterator[str]:
        return iter(self._french)

    def __len__(self) -> int:
        return len(self._french)

    __eq__, __hash__ = object.__eq__, object.__hash__

    def plural(self, key: str, count: int, **values: object) -> str:
        """The text that goes with that many, `{count}` and the other values put in."""
        text, told = self._text(key)
        if isinstance(text, str):
            return self[key].format(count=count, **values)
        form = typeset(told.npgettext(key, text["one"], text["other"], count))
        return form.format(count=count, **values)

    def _text(self, key: str) -> tuple[Text, NullTranslations]:
        """The French, and who translates it."""
        return self._french[key], self._told if key in self._visitor else FROM_FRENCH


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue; French is the first."""
    return ("fr", *sorted(path.parent.name for path in LOCALES.glob("*/visitor.mo")))


def of(language: str) -> Words:
    """The words of somebody's language; French for nobody, and where there is no catalogue."""
    return load(language if language in languages() else "fr")


@cache
def load(language: str) -> Words:
    """Every word. Raises KeyError for a language without a catalogue."""
    if language == "fr":
        return Words("fr", FROM_FRENCH)
    if language not in languages():
        raise KeyError(f"no catalogue for {language!r} (there is: {', '.join(languages())})")
    with (LOCALES / language / "visitor.mo").open("rb") as compiled:
        told = GNUTranslations(compiled)
    told.add_fallback(FROM_FRENCH)
    return Words(language, told)


@cache
def french(reader: str) -> dict[str, Text]:
    """What visitors, drivers or staff read, as it is written: the source of all the others."""
    sections = tomllib.loads((FRENCH / f"{reader}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": text
        for section, texts in sections.items()
        for key, text in texts.items()
    }


def typeset(text: str) -> str:
    """A line never begins with a question mark: French puts a space before it, unbreakable here."""
    return re.sub(r" ([?!:;»])", "\u00a0\\1", text)
