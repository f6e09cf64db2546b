"""Dates and names of languages as each language tells them, from the public tables of Babel.

Digits are always 0 to 9: who reads Arabic here sees them on every door and every bus.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .catalogue import Words

if TYPE_CHECKING:
    from babel import Locale


class Parts(NamedTuple):
    """A date in words, one by one."""

    weekday: str
    day: str
    month: str
    hour: str


def parts(moment: datetime, words: Words) -> Parts:
    """Weekday, day, month, hour, such as *mardi*, *1er*, *décembre*, *14 heures 30*."""
    told = tables(words.language)
    names = told.days["format"]["wide"], told.months["format"]["wide"]
    return Parts(
        weekday=names[0][moment.weekday()],
        day=words["when.first"] if moment.day == 1 else str(moment.day),
        month=names[1][moment.month],
        hour=hour(moment, words),
    )


def hour(moment: datetime, words: Words) -> str:
    """In words, such as *14 heures 30*."""
    # A line never begins with the second half of an hour.
    told = words["when.hour" if moment.minute == 0 else "when.hour_minutes"].replace(" ", "\u00a0")
    return told.format(hour=moment.hour, minutes=f"{moment.minute:02}")


def clock(moment: datetime, words: Mapping[str, str]) -> str:
    """To the minute, whatever the minute, as driver and staff read it: *9 h 05*."""
    return words["driver.hour_minutes"].format(hour=moment.hour, minutes=f"{moment.minute:02}")


def day(moment: datetime, words: Words) -> str:
    """The date without its hour, as staff read it: *mardi 17 mars*."""
    told = parts(moment, words)
    return f"{told.weekday} {told.day} {told.month}"


def in_words(moment: datetime, words: Words) -> str:
    """The same as one line."""
    return words["when.date"].format(**parts(moment, words)._asdict())


def in_french(language: str) -> str:
    """The name of a language for staff, such as *arabe*; a code nobody knows stays one."""
    return tables("fr").languages.get(language, language)


@cache
def tables(language: str) -> "Locale":
    """Babel's tables of a language."""
    # Imported at the first date: the first screen shows none, and must not wait.
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language)
    except UnknownLocaleError:
        # A language of the country that the tables lack, such as a creole: its dates are French.
        return Locale("fr")
