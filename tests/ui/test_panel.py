"""The panel as a pure model: whatever is touched, in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.event import Event
from protocol.visits import CheckedIn
from ui import doors
from ui.models import panel as model
from ui.models import quiet
from ui.models.panel import Facts, Panel

TOUCHES = sorted({touch for _, touch in [*model.MOVES, *model.RETURNS]} | {"help", "unknown"})
VALUES = {"chose": [door.code for door in doors.DOORS], "duty": [*model.DUTIES]}
VALUES["stop"] = [*model.WORDS]
A_TOUCH = st.sampled_from(TOUCHES).flatmap(
    lambda touch: st.tuples(st.just(touch), st.sampled_from(VALUES.get(touch, [""])))
)
A_MOMENT = A_TOUCH | st.floats(0, 200) | st.booleans()


@given(st.lists(A_MOMENT, max_size=60))
def test_a_number_is_only_shown_for_a_check_in_just_made(moments: list[object]) -> None:
    panel, made = Panel(), list[Event]()
    for moment in moments:
        before, number = panel, len(made) + 1
        if isinstance(moment, tuple):
            panel, event = model.touched(panel, *moment, Facts(number=number))
            made += [event] if isinstance(event, CheckedIn) else []
        elif isinstance(moment, bool):
            panel = model.while_moving(panel, moment)
        else:
            panel = quiet.after_quiet(panel, moment)
        if panel.screen == "thanks" and before.screen not in ("thanks", "help"):
            assert made[-1].number == panel.number == number
        if panel.screen == "welcome":
            assert panel == Panel()


@given(st.lists(A_TOUCH, max_size=30))
def test_from_anywhere_the_quiet_leads_to_nobody(touches: list[tuple[str, str]]) -> None:
    panel = Panel()
    for touch in touches:
        panel, _ = model.touched(panel, *touch)
    assert quiet.after_quiet(panel, 240.0) == Panel()


def test_a_touch_that_means_nothing_here_changes_nothing() -> None:
    assert model.touched(Panel(), "yes", "", Facts(7)) == (Panel(), None)
