"""How a unit stands, decided from what is known of it and the time."""

import pytest

from federation.fleet import SILENT_AFTER, certificate_wanting, documents_wanting, presence
from federation.fleet_troubles import CERTIFICATE
from protocol.messages import Refusal

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


@pytest.mark.parametrize(
    ("desired", "applied", "refused", "says"),
    [
        ({"tour": 3}, {"tour": 3}, {}, []),
        ({"tour": 3}, {"tour": 4}, {}, []),
        ({}, {"tour": 4}, {}, []),
        ({"tour": 3}, {"tour": 2}, {}, ["tour 3 is not applied yet, it has 2"]),
        ({"tour": 3}, {}, {}, ["tour 3 is not applied yet, it has none"]),
        (
            {"tour": 3, "trust": 1},
            {"tour": 2},
            {"tour": Refusal(revision=3, reason="no such stop")},
            ["trust 1 is not applied yet, it has none", "tour 3 refused: no such stop"],
        ),
        (
            {},
            {},
            {"settings": Refusal(revision=0, reason="its signature is wrong")},
            ["settings (unread) refused: its signature is wrong"],
        ),
    ],
)
def test_what_was_published_and_is_not_in_force_is_told(
    desired: dict[str, int], applied: dict[str, int], refused: dict[str, Refusal], says: list[str]
) -> None:
    assert list(documents_wanting(desired, applied, refused)) == says


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (None, []),
        (NOW + CERTIFICATE + 1, []),
        (NOW + CERTIFICATE, ["certificate ends on 2026-05-25"]),
        (NOW, ["certificate ended on 2026-05-04"]),
    ],
)
def test_a_certificate_near_its_end_is_told(until: int | None, says: list[str]) -> None:
    assert list(certificate_wanting(until, NOW)) == says
