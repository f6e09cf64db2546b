"""Finds all events of a subject, whichever of its keys they cite. Decides nothing of them.

Few subjects have several keys: those of a unit whose card was restored or cloned, and lines of
attendance that replace each other.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from protocol.event import Key

from ..database import Database
from . import noting
from .kinds import FIRST, About, Kind, abouts
from .rows import MANY, among, flat
from .words import Word, is_sane

_WORDS = """
SELECT about.epoch, about.seq, dated.id, dated.epoch, dated.seq, dated.origin_epoch,
    dated.origin_seq, CASE WHEN dated.copy_of IS NULL THEN 0 ELSE 1 END, dated.utc,
    dated.received, dated.type, dated.body
FROM about JOIN dated ON dated.id = about.event
WHERE about.unit = ? AND about.kind = ? AND about.owner = ? AND {those}
"""
_KEYS = """
SELECT epoch, seq, origin_epoch, origin_seq FROM event
WHERE unit = ? AND (epoch = ? AND seq = ? OR origin_epoch = ? AND origin_seq = ?)
"""


class Subject(NamedTuple):
    """All that was told of one."""

    keys: frozenset[Key]
    """Every key its rows may have."""
    words: list[Word]


def subjects(
    database: Database, unit: str, kind: Kind, wanted: Iterable[About]
) -> Iterator[Subject]:
    """The subjects of these keys, of one kind and one unit, each once."""
    wanted = list(wanted)
    moved = noting.is_moved(database, unit)
    if not moved and kind is not Kind.ATTENDANCE:
        keys = [one.key for one in wanted]
        owner = wanted[0].owner
        found: dict[Key, list[Word]] = {key: [] for key in keys}
        for begin in range(0, len(keys), MANY):
            for key, word in words(database, unit, kind, owner, keys[begin : begin + MANY]):
                found[key].append(word)
        for told in found.values():
            yield _subject(told)
        return
    seen = set[About]()
    for one in wanted:
        if one not in seen:
            family, told = _family(database, unit, one, moved=moved)
            seen |= family
            yield _subject(told)


def words(
    database: Database, unit: str, kind: Kind, owner: str, keys: list[Key]
) -> Iterator[tuple[Key, Word]]:
    """What was told about these keys, with the key."""
    query = _WORDS.format(those=among(keys, "about."))
    values = (unit, int(kind), owner, *flat(keys))
    for line in database.execute(query, values).fetchall():
        about_epoch, about_seq, id_, epoch, seq, old_epoch, old_seq, copied, *rest = line
        utc, received, type_, body = rest
        event = noting.read(type_, body)
        if event is not None:
            origin = None if old_epoch is None else Key(old_epoch, old_seq)
            when = utc if is_sane(utc) else None
            word = Word(
                id_, Key(epoch, seq), origin, bool(copied), when, received, event, bytes(body)
            )
            yield Key(about_epoch, about_seq), word


def first_key(database: Database, unit: str, cited: Key) -> Key:
    """The key that a sign-up is known by which is cited so."""
    if not noting.is_moved(database, unit):
        return cited
    _, told = _family(database, unit, About(Kind.SIGN_UP, unit, cited), moved=True)
    made = [
        word.key for word in told if FIRST.get(word.event.TYPE) is Kind.SIGN_UP and not word.copied
    ]
    return cited if cited in made else min(made, default=cited)


def _subject(told: Iterable[Word]) -> Subject:
    once = {word.id: word for word in told}.values()
    return Subject(frozenset(word.key for word in once), list(once))


def _family(
    database: Database, unit: str, one: About, *, moved: bool
) -> tuple[set[About], list[Word]]:
    """Every key that is the same subject as this one, and what was told by them."""
    family, told, open_ = {one}, list[Word](), [one]
    while open_:
        key = open_.pop()
        near = list[About]()
        if moved and key.owner == unit:
            near += [About(one.kind, unit, same) for same in _same(database, unit, key.key)]
        for _, word in words(database, unit, one.kind, key.owner, [key.key]):
            told.append(word)
            if one.kind is Kind.ATTENDANCE:
                near += [
                    about for about in abouts(unit, word.key, word.event)
                    if about.kind is Kind.ATTENDANCE
                ]  # fmt: skip
        fresh = set(near) - family
        family |= fresh
        open_ += fresh
    return family, told


def _same(database: Database, unit: str, key: Key) -> Iterator[Key]:
    pair = (key.epoch, key.seq)
    for epoch, seq, old_epoch, old_seq in database.execute(_KEYS, (unit, *pair, *pair)).fetchall():
        yield Key(epoch, seq)
        if old_epoch is not None:
            yield Key(old_epoch, old_seq)
