"""Who gets a new system next, or why nobody does: decided of what units report. Pure.

A wave opens when all units of the one before that can be heard run the new system and live well.
That it runs there is believed of the unit's own signed event; a status, which nobody signs, can
hold a wave back or stop it, never open one. The first failure stops everything, until a person says
otherwise. Silence neither passes nor stops: another unit takes the silent one's place, but when
more fell silent than passed somebody must look: a system without its network looks like that.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

SIZES: Final[tuple[int | None, ...]] = (1, 5, None)
"""Units of each wave; None: all that are left, those too that are silent."""
HOUR: Final = 3_600_000
SETTLE: Final = HOUR
"""Milliseconds that a unit lives with the new system before its word counts."""
SILENCE: Final = 5 * 24 * HOUR
"""Longer than a weekend with a day off on each side."""

Standing = Literal[
    "planned", "already", "told", "applied", "passed", "silent", "refused", "rolled_back",
    "trouble", "aside",
]  # fmt: skip
"""already: it ran this system before it was told; aside: it failed and the others went on."""
Failure = Literal["", "refused", "rolled_back", "trouble"]


class Word(NamedTuple):
    """What one unit reports; moments in milliseconds since 1970."""

    heard: int | None = None
    said: int | None = None
    """When its last status came."""
    version: str = ""
    troubles: frozenset[str] = frozenset()
    outcome: str = ""
    """Of this very version, since it was told, by its event: applied, refused or rolled_back."""
    reason: str = ""
    came: int = 0
    """When that event came."""
    holds: int = 0
    """The revision of the document that it applied."""
    refused: tuple[int, str] = (0, "")
    """The revision that it did not take, and why."""


class Row(NamedTuple):
    """What a rollout keeps of one unit."""

    unit: str
    told: int | None = None
    revision: int = 0
    """Of the document that told it."""
    wave: int = 0
    before: frozenset[str] = frozenset()
    """Troubles that it had when it was told."""
    withdrawn: bool = False
    """It was told that nothing is wanted after all."""
    applied: int | None = None
    """When its event came that says so."""
    passed: int | None = None
    failed: Failure = ""
    reason: str = ""
    aside: bool = False


class Seen(NamedTuple):
    """A unit in its place in the order."""

    row: Row
    word: Word


class Step(NamedTuple):
    """What is to be done now."""

    wave: int = 1
    tell: tuple[str, ...] = ()
    stop: Literal["", "refused", "rolled_back", "trouble", "silent"] = ""
    unit: str = ""
    """Whose failure it is."""
    reason: str = ""
    done: bool = False


def observe(row: Row, word: Word, version: str, now: int) -> Row:
    """What the rollout keeps once this word is known."""
    if row.told is None or row.failed:
        return row
    if word.outcome in ("refused", "rolled_back"):
        failed: Failure = "refused" if word.outcome == "refused" else "rolled_back"
        return row._replace(failed=failed, reason=word.reason)
    if row.revision and word.refused[0] == row.revision:
        return row._replace(failed="refused", reason=word.refused[1])
    if row.applied is None:
        return row._replace(applied=word.came) if word.outcome == "applied" else row
    said = word.said if word.said is not None else 0
    # What it says while it starts again is no verdict yet: the old version, a receiver that wakes.
    return row if said < row.applied + SETTLE else _lived(row, word, version, now)


def _lived(row: Row, word: Word, version: str, now: int) -> Row:
    """It runs the new system: well, or with a trouble that it did not have; or no more."""
    if word.version != version:
        return row._replace(failed="rolled_back", reason=word.version)
    fresh = word.troubles - row.before
    if row.passed is None and fresh:
        return row._replace(failed="trouble", reason=", ".join(sorted(fresh)))
    if row.passed is not None or word.outcome != "applied":
        return row
    return row._replace(passed=now)


def standing(seen: Seen, version: str, now: int) -> Standing:
    """How a unit stands in the rollout."""
    row, word = seen
    if row.passed is not None and not row.failed:
        return "passed"
    if row.aside:
        return "aside"
    if row.failed:
        return row.failed
    if row.applied is None and (row.told is None or row.withdrawn):
        return "already" if word.version == version else "planned"
    if is_silent(word, now):
        return "silent"
    return "applied" if row.applied is not None or _says_so(seen, version) else "told"


def _says_so(seen: Seen, version: str) -> bool:
    """Its status names the new system: enough to show, not to count."""
    row, word = seen
    return word.version == version and word.said is not None and word.said >= (row.told or 0)


def is_silent(word: Word, now: int) -> bool:
    """Whether nobody can say how it is."""
    return word.heard is None or now - word.heard > SILENCE


def decide(units: Sequence[Seen], version: str, now: int) -> Step:
    """What is to be done now, of all units in their order."""
    stands = [(seen, standing(seen, version, now)) for seen in units]
    stop = _failure(stands)
    if stop is not None:
        return stop
    passed = [seen.row.wave for seen, how in stands if how == "passed"]
    busy = sum(how in ("told", "applied") for _, how in stands)
    fresh = [seen for seen, how in stands if how == "planned"]
    near = [seen.row.unit for seen in fresh if not is_silent(seen.word, now)]
    for wave, size in _from(_open(passed)):
        if size is None:
            done = not busy and not fresh and all(how != "silent" for _, how in stands)
            return Step(wave, tuple(seen.row.unit for seen in fresh), done=done)
        places = size - busy - sum(each >= wave for each in passed)
        if places > 0 and near:
            return Step(wave, tuple(near[:places]))
        if busy or (fresh and not passed):
            return Step(wave)
    raise AssertionError("the last wave has no size")


def tell(seen: Seen, wave: int, now: int) -> Row:
    """A unit that is told now."""
    return Row(seen.row.unit, told=now, wave=wave, before=seen.word.troubles)


def withdraw(row: Row) -> Row:
    """After a stop: what it has not taken, or has left, it shall not take again."""
    runs = row.applied is not None and row.failed in ("", "trouble")
    return row._replace(withdrawn=row.told is not None and not runs)


def resume(seen: Seen, version: str, now: int, *, retry: bool) -> Row:
    """After a person looked: one that failed, or fell silent, is left aside or tried again."""
    row = seen.row
    how = standing(seen, version, now)
    if how == "silent":
        return row._replace(aside=True)
    if how not in ("refused", "rolled_back", "trouble"):
        return row
    if not retry:
        return row._replace(aside=True)
    if how == "trouble":
        return row._replace(failed="", reason="")
    return Row(row.unit)


def _failure(stands: Iterable[tuple[Seen, Standing]]) -> Step | None:
    lost, passed = [], 0
    for seen, how in stands:
        row = seen.row
        if how in ("refused", "rolled_back", "trouble"):
            return Step(row.wave, stop=how, unit=row.unit, reason=row.reason)
        passed += how == "passed"
        if how == "silent" and seen.word.heard is not None and seen.word.heard >= (row.told or 0):
            lost.append(row)
    if len(lost) > max(1, passed):
        return Step(lost[0].wave, stop="silent", unit=lost[0].unit)
    return None


def _open(passed: Sequence[int]) -> int:
    """The first one that not enough units passed; not the last in which one was told: the last of
    all is soon reached when statuses say that the others are silent, or run it already."""
    for wave, size in enumerate(SIZES, 1):
        if size is None or sum(each >= wave for each in passed) < size:
            return wave
    raise AssertionError("the last wave has no size")


def _from(wave: int) -> Iterable[tuple[int, int | None]]:
    return list(enumerate(SIZES, 1))[wave - 1 :]
