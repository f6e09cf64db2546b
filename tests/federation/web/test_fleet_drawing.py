"""Where vehicles are on the drawing of France, and what their marks say."""

import pytest

from federation.fleet_state import State
from federation.web.fleet import drawing
from federation.web.fleet.drawing import CROWD, france, marks
from federation.web.fleet.rows import Line


def line(key: str, state: State, place: tuple[float, float] | None, name: str = "Rosa") -> Line:
    rank = ({"missing": 0, "trouble": 1, "online": 2, "quiet": 3}[state], 0, "", "", key)
    return Line(key, rank, "", name, state, place, "En ligne", "", False, 0, False, 0)


@pytest.mark.parametrize(
    ("place", "frame"),
    [
        ((48.85, 2.35), "Hexagone et Corse"),
        ((41.92, 8.74), "Hexagone et Corse"),
        ((4.93, -52.33), "Guyane"),
        ((16.24, -61.53), "Guadeloupe"),
        ((14.61, -61.07), "Martinique"),
        ((-20.9, 55.5), "La Réunion"),
        ((-12.78, 45.23), "Mayotte"),
    ],
)
def test_every_territory_is_drawn_in_its_own_frame(place: tuple[float, float], frame: str) -> None:
    x, y = france().place(*place) or (0, 0)
    found = next(each for each in france().frames if each.name == frame)
    assert found.x <= x <= found.x + found.width
    assert found.y <= y <= found.y + found.height


def test_paris_is_where_paris_is() -> None:
    x, y = france().place(48.85, 2.35) or (0, 0)
    assert (x, y) == pytest.approx((632, 282), abs=6)


def test_what_is_nowhere_in_france_has_no_mark() -> None:
    assert marks([line("v1", "online", (40.4, -3.7)), line("v2", "online", None)]) == ""


def test_the_gravest_is_drawn_above_the_others_and_no_word_is_taken_as_markup() -> None:
    found = marks([
        line("v1", "missing", (48.0, 2.0), "<b>"), line("v2", "online", (45.0, 5.0)),
    ])  # fmt: skip
    assert found.index("data-row=v2") < found.index("data-row=v1")
    assert "<title>&lt;b&gt; : " in found


def test_vehicles_at_the_same_place_share_a_mark_with_their_number() -> None:
    found = marks([line("v1", "online", (48.0, 2.0)), line("v2", "missing", (48.0, 2.0))])
    assert found.count("<use") == 1
    assert "<title>2 véhicules : 1 sans nouvelles, 1 en ligne</title>" in found
    assert "class=m data-row=v2" in found


def test_a_crowd_is_gathered() -> None:
    many = [
        line(f"v{number}", "online", (43 + number % 60 / 10, number // 60 / 2))
        for number in range(CROWD + 60)
    ]
    assert marks(many).count("<use") < len(many) / 2
    assert drawing.CELL > drawing.NEAR
