"""What staff note of a visit, shaped like an *activité* of the Coop, in few touches. Pure.

Nothing is noted of what staff see; what nobody said is `non_communique` or left out.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from protocol import codes
from protocol.event import Key
from protocol.visits import Described

from ..doors import THEMES_OF
from .today import Visit

LIST_OF: Final[dict[str, str]] = {
    "themes": "theme",
    "duration": "duration",
    "mode": "mode",
    "materials": "material",
    "autonomy": "autonomy",
    "place": "place_type",
    "referral": "referral",
}
"""Field → the code list its choices are from."""
FIELDS: Final = (*LIST_OF, "people")
SEVERAL: Final = ("themes", "materials")
"""Fields that take more than one."""
MOST_PEOPLE: Final = 6
OTHER_PLACE: Final = "autre"
"""A van stands anywhere but within walls of ours."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Chosen so far; empty: not said."""

    themes: tuple[str, ...] = ()
    duration: str = ""
    mode: str = ""
    materials: tuple[str, ...] = ()
    autonomy: str = ""
    place: str = OTHER_PLACE
    referral: str = ""
    people: str = ""


def begun(visit: Visit) -> Draft:
    """From what the visitor chose, or from what staff noted before."""
    people = str(visit.people)
    if visit.told is not None:
        return msgspec.structs.replace(as_noted(visit.told), people=people)
    theme = visit.event.theme
    return Draft(themes=(theme,) if theme != codes.NOT_STATED else (), people=people)


def as_noted(told: Described) -> Draft:
    """The draft that makes this description again."""
    return Draft(
        themes=told.themes,
        duration=str(told.duration_minutes or ""),
        mode="" if told.mode == codes.NOT_STATED else told.mode or "",
        materials=told.materials,
        autonomy=told.autonomy or "",
        place=told.place_type or "",
        referral=told.referral or "",
    )


def like(draft: Draft, told: Described) -> Draft:
    """Identical to that description, but for what is the visit's own: its theme, how many came."""
    noted = as_noted(told)
    return msgspec.structs.replace(noted, themes=draft.themes or noted.themes, people=draft.people)


def for_all(draft: Draft, visit: Visit) -> Draft:
    """What is said of one of several visits: the same, but for what is its own, as in `like`."""
    own = begun(visit)
    return msgspec.structs.replace(draft, themes=own.themes or draft.themes, people=own.people)


def chosen(draft: Draft, field: str, code: str) -> Draft:
    """The draft after a touch on a choice; touched again, it is taken back."""
    if field not in FIELDS or code not in choices(field):
        return draft
    before = getattr(draft, field)
    if field not in SEVERAL:
        return msgspec.structs.replace(draft, **{field: "" if before == code else code})
    after = tuple(one for one in before if one != code)
    return msgspec.structs.replace(draft, **{field: (*before, code) if after == before else after})


def has(draft: Draft, field: str, code: str) -> bool:
    """Whether that is chosen."""
    value = getattr(draft, field)
    return code in value if field in SEVERAL else code == value


def choices(field: str, door: str = "") -> tuple[str, ...]:
    """Codes that may be chosen; themes near to what the visitor touched come first."""
    if field == "people":
        return tuple(str(people) for people in range(1, MOST_PEOPLE + 1))
    found = [code for code in codes.CODES[LIST_OF[field]] if code != codes.NOT_STATED]
    if field == "themes":
        near = (codes.theme_of_door(door), *THEMES_OF.get(door, ()))
        found.sort(key=lambda code: near.index(code) if code in near else len(near))
    return tuple(found)


def label(field: str, code: str) -> str:
    """What staff read for it."""
    return code if field == "people" else codes.label(LIST_OF[field], code)


def told(draft: Draft, field: str) -> tuple[str, ...]:
    """What is chosen, in words."""
    value: str | Sequence[str] = getattr(draft, field)
    listed = value if field in SEVERAL else ([value] if value else [])
    return tuple(label(field, code) for code in listed)


def described(draft: Draft, visit: Key, author: str, people: int) -> Described:
    """What is kept. `people`: as many as were known before; said again only when it changed."""
    many = int(draft.people or 0)
    return Described(
        visit=visit,
        source="staff",
        people=many if many and many != people else None,
        themes=draft.themes,
        duration_minutes=int(draft.duration) if draft.duration else None,
        place_type=draft.place or None,
        materials=draft.materials,
        autonomy=draft.autonomy or None,
        mode=draft.mode or codes.NOT_STATED,
        referral=draft.referral or None,
        author=author,
    )
