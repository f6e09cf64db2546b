"""The desk behind the panel: whatever is touched, in whatever order."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.visits import CheckedIn
from tests.ui.kit import Hand, kept, new_desk
from ui import doors
from ui.models import moves, quiet, sign_up
from ui.models.moves.visitor import RETURNS
from ui.models.panel import Panel

KNOWN = {touch for _, touch in (*moves.MOVES, *RETURNS, *sign_up.TOUCHES)}
TOUCHES = sorted(KNOWN | {"help", "yes", "duty", "stop", "unknown"})
VALUES = {
    "chose": [door.code for door in doors.DOORS],
    "duty": ["on", "paused", "off"],
    "stop": ["arrived", "departed"],
    "people": ["1", "6"],
}
A_TOUCH = st.sampled_from(TOUCHES).flatmap(
    lambda touch: st.tuples(st.just(touch), st.sampled_from(VALUES.get(touch, [""])))
)
A_MOMENT = A_TOUCH | st.floats(0, 200) | st.booleans()


@settings(max_examples=30, deadline=None)
@given(st.lists(A_MOMENT, max_size=60))
def test_a_number_is_only_shown_for_a_check_in_just_made(moments: list[object]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, hand = Path(scratch), Hand()
        desk = new_desk(folder, hand)
        for moment in moments:
            before = desk.panel
            if isinstance(moment, tuple):
                desk.touch(*moment)
            elif isinstance(moment, bool):
                desk.house.vehicle = {"moving": moment}
            else:
                hand.seconds += moment
                desk.step()
            if desk.panel.screen == "thanks" and before.screen not in ("thanks", "help"):
                made = [each for each in kept(folder) if isinstance(each, CheckedIn)]
                assert made[-1].number == desk.panel.number == len(made)
            if desk.panel.screen == "welcome":
                assert desk.panel == Panel()
        desk.close()


@settings(max_examples=30, deadline=None)
@given(st.lists(A_TOUCH, max_size=30))
def test_from_anywhere_the_quiet_leads_to_nobody(touches: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        desk = new_desk(Path(scratch), Hand())
        for touch in touches:
            desk.touch(*touch)
        assert quiet.after_quiet(desk.panel, 240.0) == Panel()
        desk.close()


def test_a_touch_that_means_nothing_here_changes_nothing(tmp_path: Path) -> None:
    desk = new_desk(tmp_path, Hand())
    desk.touch("yes")
    assert desk.panel == Panel()
    assert kept(tmp_path) == []
    desk.close()
