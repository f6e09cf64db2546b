"""Which touches are a finger's."""

import pytest

from ui.models.gate import Gate


def press(gate: Gate, button: str, now: float) -> bool:
    """Down, and up again at once."""
    return gate.accepts(button, now) and gate.lets_go(button)


def test_the_same_button_twice_in_300_milliseconds_is_one_touch() -> None:
    gate = Gate()
    assert [press(gate, "yes", now) for now in (10.0, 10.1, 10.29, 10.31)] == [
        *(True, False, False, True),
    ]


def test_another_button_may_be_touched_at_once() -> None:
    gate = Gate()
    assert press(gate, "one", 10.0)
    assert press(gate, "two", 10.05)


def test_a_second_finger_presses_nothing_while_the_first_holds_a_button() -> None:
    gate = Gate()
    assert gate.accepts("yes", 10.0)
    assert not gate.accepts("change", 11.0)
    assert gate.lets_go("yes")
    assert not gate.lets_go("change")
    assert press(gate, "change", 11.1)


def test_a_new_screen_is_not_touched_before_it_can_be_read() -> None:
    gate = Gate()
    gate.screen_changed(10.0)
    assert not gate.accepts("yes", 10.2)
    assert gate.accepts("yes", 10.3)


def test_a_button_that_is_let_go_on_another_screen_does_nothing() -> None:
    gate = Gate()
    assert gate.accepts("yes", 10.0)
    gate.screen_changed(10.1)
    assert not gate.lets_go("yes")


@pytest.mark.parametrize(("later", "free"), [(9.9, False), (10.0, True)])
def test_a_finger_that_never_left_does_not_stop_the_panel_for_ever(
    later: float, free: bool
) -> None:
    gate = Gate()
    assert gate.accepts("yes", 10.0)
    assert gate.accepts("change", 10.0 + later) is free
    assert gate.lets_go("yes") is not free
