"""The chain of digests: no row can be changed, dropped, added or moved unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.row import NO_DIGEST, chain

Part = tuple[str, bytes, str, int]
PARTS = st.tuples(
    st.sampled_from(["a.b", "a.bc"]), st.binary(max_size=4), st.sampled_from(["x", "xy"]),
    st.integers(0, 99),
)  # fmt: skip
JOURNALS = st.lists(PARTS, min_size=2, max_size=8)


def last_digest(parts: list[Part], epoch: int = 5) -> bytes:
    digest = NO_DIGEST
    for seq, (name, body, boot, boottime) in enumerate(parts, 1):
        digest = chain(digest, epoch, seq, name, body, boot, boottime)
    return digest


@given(JOURNALS, st.data())
def test_changing_any_part_of_any_row_changes_the_last_digest(
    parts: list[Part], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(parts) - 1))
    other = data.draw(PARTS.filter(lambda part: part != parts[place]))
    assert last_digest([*parts[:place], other, *parts[place + 1 :]]) != last_digest(parts)


@given(JOURNALS, st.data())
def test_removing_adding_or_swapping_any_row_changes_the_last_digest(
    parts: list[Part], data: st.DataObject
) -> None:
    honest = last_digest(parts)
    one, two = sorted(data.draw(st.tuples(*[st.integers(0, len(parts) - 1)] * 2)))
    assert last_digest(parts[:one] + parts[one + 1 :]) != honest
    assert last_digest([*parts[:one], data.draw(PARTS), *parts[one:]]) != honest
    if parts[one] != parts[two]:
        swapped = list(parts)
        swapped[one], swapped[two] = parts[two], parts[one]
        assert last_digest(swapped) != honest


def test_the_epoch_and_the_seq_are_part_of_it() -> None:
    assert last_digest([("a.b", b"{}", "x", 1)], epoch=5) != last_digest(
        [("a.b", b"{}", "x", 1)], epoch=6
    )
    assert chain(NO_DIGEST, 5, 1, "a", b"", "x", 1) != chain(NO_DIGEST, 5, 2, "a", b"", "x", 1)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ((5, 1, "a", b"b", "c", 1), (5, 1, "ab", b"", "c", 1)),
        ((5, 1, "a", b"b", "c", 1), (5, 1, "a", b"bc", "", 1)),
        ((5, 1, "a", b"b", "c", 11), (5, 1, "a", b"b", "c1", 1)),
        ((51, 1, "a", b"b", "c", 1), (5, 11, "a", b"b", "c", 1)),
        ((5, 1, "", b"1:a", "c", 1), (5, 1, "1:a", b"", "c", 1)),
    ],
)
def test_no_part_lends_bytes_to_its_neighbour(
    one: tuple[int, int, str, bytes, str, int], two: tuple[int, int, str, bytes, str, int]
) -> None:
    assert chain(NO_DIGEST, *one) != chain(NO_DIGEST, *two)


def test_the_chain_of_released_software_stays_what_it_is() -> None:
    digest = chain(NO_DIGEST, 7, 1, "visit.left", b'{"visit":[7,1]}', "boot", 1234)
    assert digest.hex() == "1a9a6c21ce52b8c4"
