"""Whose turn it is: a check-in of now never waits for the backlog of a month."""

from collections import Counter

from appliance.uplink.pace import Pace
from appliance.uplink.rota import WINDOW, next_turn
from appliance.uplink.window import Window


def opened(windows: list[Window]) -> list[Window]:
    """Windows on a link that has proved itself."""
    for window in windows:
        for _ in range(10):
            window.receipted(window.watermark + 1, 0.0, Pace())
    return windows


def send(window: Window, size: int) -> None:
    window.sent(window.next, window.next + 99, size, 0.0)


def test_epochs_share_the_link_by_bytes() -> None:
    lanes = list(zip("abc", opened([Window(0), Window(0), Window(0)]), strict=True))
    turns: Counter[str] = Counter()
    windows = dict(lanes)
    while (turn := next_turn(lanes)) is not None:
        send(windows[turn], 1000 if turn == "a" else 3000)
        turns[turn] += windows[turn].flights[-1].size
    assert sum(turns.values()) >= WINDOW
    assert max(turns.values()) - min(turns.values()) <= 3000


def test_a_live_event_leaves_at_once_beside_a_full_window_of_backlog() -> None:
    screen, backlog = opened([Window(0), Window(0)])
    while next_turn([("backlog", backlog)]):
        send(backlog, 3000)
    assert next_turn([("screen", screen), ("backlog", backlog)]) == "screen"
    send(screen, 200)
    assert next_turn([("screen", screen), ("backlog", backlog)]) is None


def test_among_equals_the_first_in_preference_goes_first() -> None:
    screen, vehicle = opened([Window(0), Window(0)])
    assert next_turn([("screen", screen), ("vehicle", vehicle)]) == "screen"
    send(screen, 200)
    assert next_turn([("screen", screen), ("vehicle", vehicle)]) == "vehicle"


def test_an_epoch_in_doubt_holds_up_nobody() -> None:
    doubtful, good = opened([Window(0), Window(0)])
    doubtful.go_back()
    send(doubtful, 3000)
    assert next_turn([("doubtful", doubtful), ("good", good)]) == "good"
    assert next_turn([("doubtful", doubtful)]) is None
    assert next_turn([]) is None
