"""What a visitor types: a name, a telephone, the number and letters of a sign-up. Pure."""

from typing import Final

import msgspec

from . import ticket

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
JOINING: Final = "-’"
KEYBOARDS: Final = {
    "abc": "ABCDEFGHIJKLMNOPQRSTUVWXYZ’- <",
    "azerty": "AZERTYUIOPQSDFGHJKLMWXCVBN’- <",
}
"""The keys in their order, ten a row; a space leaves a place free, "<" takes the last one back."""
DIGITS: Final = "0123456789"
BACK: Final = "backspace"
LONGEST_NAME: Final = 20
LONGEST_PHONE: Final = 15
LAST_SIGN_UP: Final = 9999
"""After it numbers of sign-ups begin again: by then nobody comes back with the first one."""
ACCENTS: Final = {
    "A": "ÀÂÄÁÃ",
    "C": "Ç",
    "E": "ÉÈÊË",
    "I": "ÎÏÍ",
    "N": "Ñ",
    "O": "ÔÖÓÕŒ",
    "U": "ÙÛÜÚ",
}
"""Letter → the ones that are offered once it was typed."""
_UNACCENTED = {accent: letter for letter, accents in ACCENTS.items() for accent in accents}


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a name: in memory alone, until it is sealed or forgotten."""

    first_name: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        """Tells no letter."""
        return "Typed(…)"


def spelt(name: str, key: str) -> str:
    """The name after a key: a capital by itself at the start and after a joint; accents replace."""
    if key == BACK:
        return name[:-1]
    if key in _UNACCENTED:
        return name[:-1] + _cased(name[:-1], key) if key in accents(name) else name
    if len(name) >= LONGEST_NAME or len(key) != 1 or key not in LETTERS + JOINING:
        return name
    if key in JOINING and name[-1:] in ("", *JOINING):
        return name
    return name + _cased(name, key)


def accents(name: str) -> str:
    """The other forms of the last letter, as capitals; those of its plain form when it has one."""
    last = name[-1:].upper()
    plain = _UNACCENTED.get(last, last)
    return ACCENTS.get(plain, "")


def dialled(phone: str, key: str) -> str:
    """The number after a key; a plus stands only at its beginning."""
    if key == BACK:
        return phone[:-1]
    if len(phone) >= LONGEST_PHONE or not (key in DIGITS or (key == "+" and not phone)):
        return phone
    return phone + key


def counted(number: str, key: str) -> str:
    """The number of a sign-up after a key."""
    return _plain(number, key, DIGITS, len(str(LAST_SIGN_UP))).lstrip("0")


def coded(code: str, key: str) -> str:
    """Its letters after a key."""
    return _plain(code, key, ticket.LETTERS, ticket.LENGTH)


def in_pairs(phone: str) -> str:
    """The number as it is read out in French: by twos; one with a plus as it is."""
    if phone.startswith("+"):
        return phone
    return " ".join(phone[place : place + 2] for place in range(0, len(phone), 2))


def _plain(text: str, key: str, keys: str, longest: int) -> str:
    if key == BACK:
        return text[:-1]
    return text + key if len(text) < longest and len(key) == 1 and key in keys else text


def _cased(before: str, key: str) -> str:
    return key if not before or before[-1] in JOINING else key.lower()
