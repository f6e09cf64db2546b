"""However events arrive, are doubled, dated late or moved, the tables for reading are the same."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from federation.config import Store
from federation.ledger import Ledger
from federation.projections.rebuilding import build_until, rebuild

from .ground import follow, tables
from .story import Post, Story, projector, stories, surroundings


@contextmanager
def empty() -> Iterator[Post]:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Ledger.open(Store(data=Path(folder)))) as ledger,
    ):
        yield Post(ledger)


@settings(max_examples=60, deadline=None)
@given(stories, st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_order_of_arrival_ends_in_the_same_tables_and_so_do_rebuilding_and_as_of(
    actions: list[tuple[int, int, int]], dice: object, size: int
) -> None:
    same_whatever_the_order(Story(actions), dice, size)


def same_whatever_the_order(story: Story, dice: object, size: int) -> None:
    """Two ledgers, one in order and one in none, and the second made again."""
    with empty() as first, empty() as second:
        _arrive_in_order(first, story)
        on_the_way = _arrive_anyhow(second, story, dice, size)
        found = tables(second.database)
        assert found == tables(first.database)
        _same_again(second, found)
        for position, seen in on_the_way:
            with closing(build_until(second.database, position, surroundings())) as then:
                assert tables(then) == seen


def _arrive_in_order(post: Post, story: Story) -> None:
    for piece in post.pieces(story, 1000):
        post.send(piece)
    follow(projector(post.database))


def _arrive_anyhow(post: Post, story: Story, dice: object, size: int) -> list[tuple[int, object]]:
    """What the tables said on the way, when the ledger had come so far."""
    at_work, seen = projector(post.database), list[tuple[int, object]]()
    pieces = post.pieces(story, size)
    dice.shuffle(pieces)  # type: ignore[attr-defined]
    for number, piece in enumerate([*pieces, *pieces[: len(pieces) // 3]]):
        if number < len(pieces):
            post.send(piece, hollow=number % 3 == 0)
        if number % 2:
            follow(at_work)
        if number == len(pieces) // 2:
            follow(at_work)
            seen.append((at_work.position, tables(post.database)))
        post.send(piece)
        at_work.step(0.0, budget=0.0)
    follow(at_work)
    assert post.database.execute("SELECT count(*) FROM dirty").fetchone() == (0,)
    return seen


def _same_again(post: Post, found: object) -> None:
    told = surroundings()
    reached = rebuild(post.database, told)
    assert tables(post.database) == found
    with closing(build_until(post.database, reached, told)) as then:
        assert tables(then) == found
