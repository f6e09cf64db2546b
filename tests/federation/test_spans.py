"""Sets of seqs do what sets do."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from federation.spans import Span, Spans, add, outside, reach, union, without

spans = st.tuples(st.integers(1, 40), st.integers(0, 10)).map(lambda p: Span(p[0], p[0] + p[1]))


def seqs(found: Spans) -> set[int]:
    return {seq for span in found for seq in range(span.first, span.last + 1)}


def is_tidy(found: Spans) -> bool:
    pairs = itertools.pairwise(found)
    return all(a.last + 1 < b.first for a, b in pairs) and all(s.first <= s.last for s in found)


@given(st.lists(spans), spans)
def test_adding_a_range_is_a_union_of_sets(before: list[Span], new: Span) -> None:
    start = union((), before)
    after = add(start, new)
    assert is_tidy(after)
    assert seqs(after) == seqs(start) | seqs((new,))


@given(st.lists(spans), spans)
def test_taking_a_range_out_is_a_difference_of_sets(before: list[Span], gone: Span) -> None:
    start = union((), before)
    after = without(start, gone)
    assert is_tidy(after)
    assert seqs(after) == seqs(start) - seqs((gone,))


@given(st.lists(spans), spans)
def test_what_is_outside_is_what_the_set_lacks(before: list[Span], wanted: Span) -> None:
    start = union((), before)
    found = outside(start, wanted)
    assert is_tidy(found)
    assert seqs(found) == seqs((wanted,)) - seqs(start)


@given(st.lists(spans))
def test_the_reach_ends_at_the_first_gap(before: list[Span]) -> None:
    start = union((), before)
    held = seqs(start)
    assert reach(start) == next(seq for seq in range(100) if seq + 1 not in held)
