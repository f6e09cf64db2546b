"""Which touch-downs are a finger's."""

from ui.models.gate import Gate


def test_the_same_button_twice_in_300_milliseconds_is_one_touch() -> None:
    gate = Gate()
    assert [gate.accepts("yes", now) for now in (10.0, 10.1, 10.29, 10.31)] == [
        *(True, False, False, True),
    ]


def test_another_button_may_be_touched_at_once() -> None:
    gate = Gate()
    assert gate.accepts("one", 10.0)
    assert gate.accepts("two", 10.05)


def test_a_new_screen_is_not_touched_before_it_can_be_read() -> None:
    gate = Gate()
    gate.screen_changed(10.0)
    assert not gate.accepts("yes", 10.2)
    assert gate.accepts("yes", 10.3)
