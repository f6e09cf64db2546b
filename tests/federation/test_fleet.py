"""How a unit stands, decided from what is known of it and the time."""

import pytest

from federation.fleet import SILENT_AFTER, presence

NOW = 1_777_885_200_000
LONG_AGO = NOW - 3_600_000
JUST_NOW = NOW - SILENT_AFTER
TOO_LONG = NOW - SILENT_AFTER - 1


@pytest.mark.parametrize(
    ("online", "since", "heard", "stands"),
    [
        (True, LONG_AGO, (JUST_NOW, None), ("online", LONG_AGO)),
        (True, LONG_AGO, (None, JUST_NOW), ("online", LONG_AGO)),
        (True, JUST_NOW, (None, None), ("online", JUST_NOW)),
        (True, LONG_AGO, (TOO_LONG, LONG_AGO), ("silent", TOO_LONG)),
        (True, LONG_AGO, (LONG_AGO, TOO_LONG), ("silent", TOO_LONG)),
        (True, TOO_LONG, (None, None), ("silent", TOO_LONG)),
        (True, None, (None, None), ("silent", None)),
        (False, LONG_AGO, (JUST_NOW, JUST_NOW), ("offline", LONG_AGO)),
        (False, None, (None, None), ("offline", None)),
    ],
)
def test_a_unit_is_online_while_its_link_says_so_and_something_comes(
    online: bool, since: int | None, heard: tuple[int | None, ...], stands: tuple[str, int | None]
) -> None:
    assert presence(online, since, heard, NOW) == stands
