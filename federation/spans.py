"""Sets of seqs as sorted, disjoint, closed ranges. Knows nothing of events."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """The seqs from first to last, both included."""

    first: int
    last: int


Spans = tuple[Span, ...]
"""Sorted; no two overlap or touch."""


def add(spans: Spans, new: Span) -> Spans:
    """The set with a range in it; ranges that touch become one."""
    before = tuple(span for span in spans if span.last < new.first - 1)
    after = tuple(span for span in spans if span.first > new.last + 1)
    joined = spans[len(before) : len(spans) - len(after)]
    if joined:
        new = Span(min(new.first, joined[0].first), max(new.last, joined[-1].last))
    return (*before, new, *after)


def outside(spans: Spans, wanted: Span) -> Spans:
    """The part of a range that is not in the set."""
    left = []
    first = wanted.first
    for span in spans:
        if span.last < first:
            continue
        if span.first > wanted.last:
            break
        if span.first > first:
            left.append(Span(first, span.first - 1))
        first = span.last + 1
    if first <= wanted.last:
        left.append(Span(first, wanted.last))
    return tuple(left)


def without(spans: Spans, removed: Span) -> Spans:
    """The set with a range taken out of it."""
    return tuple(part for span in spans for part in outside((removed,), span))


def union(spans: Spans, others: Iterable[Span]) -> Spans:
    """The set with several ranges in it."""
    for span in others:
        spans = add(spans, span)
    return spans


def reach(spans: Spans) -> int:
    """How far the set goes from 1 without a gap; 0 when 1 is not in it."""
    return spans[0].last if spans and spans[0].first == 1 else 0
