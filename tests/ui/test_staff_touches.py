"""Whatever staff touch, in whatever order: nothing breaks, and everybody is counted once."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.visits import CheckedIn, Described
from tests.ui.indoors import PIN
from tests.ui.kit import Hand, kept, new_desk
from ui.desk import Desk
from ui.models import describing, moves, tally
from ui.models.panel import Panel

NUMBERS = ["1", "2", "3"]
CHOICES = [f"{field}:{describing.choices(field)[0]}" for field in describing.LIST_OF]
CODES = [describing.choices(field)[-1] for field in describing.LIST_OF]
VALUES = {
    "describe": NUMBERS,
    "call": NUMBERS,
    "chose": ["sante", "droit", "lien_social"],
    "choose": [*CHOICES, *CODES],
    "field": [*describing.FIELDS, "none"],
    "because": ["mistake", "duplicate"],
    "one": [tally.cell(tally.AGES[0], tally.GENDERS[0]), "no:where"],
    "is": ["AB", ""],
    "key": ["A", "backspace"],
    "note": ["", "30"],
}
KEPT = (
    "received",
    "left",
    "same",
    "later",
    "again",
    "all",
    "undo",
    "over",
    "trial",
    "author",
    "skip",
)
INDOORS = {touch for (screen, touch) in moves.MOVES if screen in moves.INSIDE}
TOUCHES = sorted((INDOORS - {"done", "change"}) | {*VALUES, *KEPT})
WAYS_IN = (
    [],
    [("visits", ""), ("describe", "1")],
    [("visits", ""), ("describe", "2"), ("field", "themes")],
    [("queue", ""), ("call", "1")],
    [("animation", ""), ("chose", "sante")],
    [("close", ""), ("describe", "")],
)
A_TOUCH = st.sampled_from(TOUCHES).flatmap(
    lambda touch: st.tuples(st.just(touch), st.sampled_from(VALUES.get(touch, [""])))
)
SOME = st.tuples(st.sampled_from(WAYS_IN), st.lists(A_TOUCH, max_size=30)).map(
    lambda parts: [*parts[0], *parts[1]]
)


@contextmanager
def inside() -> Iterator[tuple[Desk, Path]]:
    """A desk with three people who wait, and somebody of staff at it."""
    with tempfile.TemporaryDirectory() as scratch:
        desk = new_desk(Path(scratch), Hand())
        for number in range(1, 4):
            desk.house.keep(CheckedIn(number=number, door="sante", theme="social_sante"))
        desk.staff.vault.choose(PIN)
        desk._show(Panel(screen="staff"))
        yield desk, Path(scratch)
        desk.close()


@settings(max_examples=80, deadline=None)
@given(SOME)
def test_no_order_of_touches_breaks_it_or_describes_somebody_who_is_not_there(
    touches: list[tuple[str, str]],
) -> None:
    with inside() as (desk, folder):
        for touch in touches:
            desk.touch(*touch)
        events = kept(folder)
        visits = {visit.key for visit in desk.staff.day.today().visits}
        assert desk.panel.screen in moves.INSIDE
        made = [event for event in events if isinstance(event, CheckedIn)]
        numbers = dict.fromkeys(event.number for event in made)
        assert list(numbers) == list(range(1, len(numbers) + 1))
        counted = [
            visit.number for visit in desk.staff.day.today().visits if visit.state != "cancelled"
        ]
        assert len(counted) == len(set(counted))
        assert {one.visit for one in events if isinstance(one, Described)} <= visits


@settings(max_examples=30, deadline=None)
@given(SOME)
def test_from_any_page_of_staff_the_quiet_locks(touches: list[tuple[str, str]]) -> None:
    with inside() as (desk, _):
        for touch in touches:
            desk.touch(*touch)
        desk.now.seconds += 240
        desk.step()
        assert (desk.panel, desk.staff.vault.is_open) == (Panel(), False)
        assert (desk.staff.visits.shown, desk.staff.author()) == ((), "")
