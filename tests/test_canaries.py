"""The search for canaries finds every one, in every spelling, wherever it stands."""

import pytest

from tests.canaries import ENCODINGS, WINDOW, found, people, spellings

CROWD = people(50, seed=1)
CANARIES = [text for person in CROWD for text in person]


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
@pytest.mark.parametrize("shift", range(WINDOW))
def test_each_spelling_is_found_at_any_place(encoding: str, shift: int) -> None:
    for canary in (*CROWD[7], *CROWD[49]):
        for spelt in ENCODINGS[encoding](canary):
            assert found(CANARIES, b"x" * shift + spelt + b"y") == [canary]


def test_nothing_is_found_where_nothing_is() -> None:
    others = b"".join(spelt for person in people(50, seed=2) for spelt in spellings(person[0]))
    assert found(CANARIES, others) == []
    assert found(CANARIES, b"") == []


def test_no_spelling_is_too_short_to_be_looked_for() -> None:
    assert min(len(spelt) for text in CANARIES for spelt in spellings(text)) >= WINDOW
