"""A programme is settled when all that its van had written by then has arrived."""

import pytest

from federation.planning.settling import settled
from protocol.messages import JournalStatus, Status

STATUS = Status(
    boot_id="b", boottime=1, utc=None, version="1", documents={"programme": 7},
    journals={
        "screen": [
            JournalStatus(epoch=3, head=20, watermark=18),
            JournalStatus(epoch=2, head=9, watermark=9, set_aside=True),
        ],
        "vehicle": [JournalStatus(epoch=4, head=5, watermark=5)],
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "revision"),
    [
        ({3: 20, 2: 9, 4: 5}, 7),
        ({3: 25, 2: 9, 4: 5}, 7),
        ({3: 19, 2: 9, 4: 5}, 0),
        ({3: 20, 2: 8, 4: 5}, 0),
        ({3: 20, 2: 9}, 0),
    ],
)
def test_every_journal_counts(stored: dict[int, int], revision: int) -> None:
    assert settled(STATUS, "programme", stored) == revision


def test_a_van_that_holds_none_settles_none() -> None:
    assert settled(STATUS, "tour", {3: 20, 2: 9, 4: 5}) == 0
