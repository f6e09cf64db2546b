"""What of an arriving range enters the ledger."""

from federation.absorb import (
    MAX_ISLANDS,
    Arrival,
    Decision,
    EpochState,
    Flag,
    Held,
    Proof,
    absorb,
    proof,
    reject,
)
from federation.spans import Span
from protocol.row import NO_DIGEST, Row, Tombstone


def held(text: str, *, hollow: bool = False) -> Held:
    return Held(text.encode().ljust(8), hollow)


def digest(text: str) -> bytes:
    return text.encode().ljust(8)


def row(seq: int, name: str) -> Row:
    return Row(seq, "visit.noted", b"{}", "boot-1", 0, None, "none", 0, digest(name))


def grave(seq: int, told: bytes) -> Tombstone:
    return Tombstone(seq, "visit.noted", 2, told)


def arrival(first: int, *names: str, previous: str | None = "p") -> Arrival:
    rows = [row(seq, name) for seq, name in enumerate(names, first)]
    return Arrival(first, rows, None if previous is None else digest(previous))


def state(*counted: Span, **more: object) -> EpochState:
    return EpochState(counted=counted, **more)


def test_the_next_rows_move_the_watermark() -> None:
    found = absorb(state(Span(1, 4)), arrival(5, "a", "b"), digest("p"), {})
    assert found == Decision(state(Span(1, 6)), (Span(5, 6),))


def test_rows_behind_a_gap_wait_without_moving_the_watermark_and_make_a_claim() -> None:
    found = absorb(state(Span(1, 4)), arrival(8, "a", "b"), None, {})
    after = state(Span(1, 4), Span(8, 9), claims={8: digest("p")})
    assert found == Decision(after, (Span(8, 9),))
    assert after.stored_to == 4


def test_rows_that_fill_a_gap_prove_the_claim_behind_it() -> None:
    before = state(Span(1, 4), Span(6, 9), claims={6: digest("a")})
    found = absorb(before, arrival(5, "a"), digest("p"), {})
    assert found == Decision(state(Span(1, 9)), (Span(5, 5),))


def test_a_claim_that_proves_wrong_stops_the_watermark_before_it() -> None:
    before = state(Span(1, 4), Span(6, 9), claims={6: digest("other")})
    found = absorb(before, arrival(5, "a"), digest("p"), {})
    after = state(Span(1, 9), barriers=(6,))
    assert found == Decision(after, (Span(5, 5),), (Flag(6, "chain_broken"),))
    assert after.stored_to == 5


def test_known_rows_are_not_taken_twice() -> None:
    known = {3: held("a"), 4: held("b")}
    found = absorb(state(Span(1, 4)), arrival(3, "a", "b", "c"), digest("p"), known)
    assert found == Decision(state(Span(1, 5)), (Span(5, 5),))


def test_a_known_key_with_another_digest_is_a_fork_and_stops_the_taking_there() -> None:
    known = {4: held("ours")}
    before = state(Span(1, 2), Span(4, 4))
    found = absorb(before, arrival(3, "a", "theirs", "c"), digest("p"), known)
    assert found == Decision(state(Span(1, 4), fork_at=4), (Span(3, 3),), (Flag(4, "fork"),))


def test_rows_that_follow_from_another_history_wait_until_the_unit_says_where_it_parts() -> None:
    before = state(Span(1, 4))
    found = absorb(before, arrival(5, "a"), digest("ours"), {})
    assert found == Decision(before, (), (Flag(4, "fork"),))


def test_the_fork_that_is_told_is_that_of_the_history_that_spoke_last() -> None:
    before = state(Span(1, 9), fork_at=3)
    found = absorb(before, arrival(8, "x"), digest("p"), {8: held("y")})
    assert found == Decision(state(Span(1, 9), fork_at=8), (), (Flag(8, "fork"),))


def test_a_fork_behind_a_gap_is_noted_and_not_told() -> None:
    before = state(Span(1, 4), Span(8, 9))
    found = absorb(before, arrival(7, "a", "x"), None, {8: held("y"), 9: held("z")})
    assert found == Decision(before, (), (Flag(8, "fork"),))


def test_after_a_fork_what_continues_the_ledgers_branch_is_still_taken() -> None:
    before = state(Span(1, 9), fork_at=5)
    found = absorb(before, arrival(10, "a"), digest("p"), {})
    assert found == Decision(state(Span(1, 10), fork_at=5), (Span(10, 10),))


def test_after_a_fork_what_nothing_joins_to_a_branch_is_refused() -> None:
    before = state(Span(1, 9), fork_at=5)
    found = absorb(before, arrival(12, "a"), None, {})
    assert found.take == ()
    assert found.state == before
    assert "forked at 5" in found.refused


def test_a_tombstone_gives_way_to_its_row_and_contradicts_nothing_when_lost() -> None:
    known = {2: Held(NO_DIGEST, hollow=True), 3: Held(digest("c"), hollow=True)}
    found = absorb(state(Span(1, 3)), arrival(2, "b", "c"), digest("p"), known)
    assert found == Decision(state(Span(1, 3)), (Span(2, 3),))


def test_a_row_does_not_give_way_to_its_tombstone() -> None:
    rows = [grave(2, NO_DIGEST), grave(3, digest("c"))]
    known = {2: held("b"), 3: held("c")}
    found = absorb(state(Span(1, 3)), Arrival(2, rows, digest("p")), digest("p"), known)
    assert found == Decision(state(Span(1, 3)), ())


def test_a_digest_taken_on_trust_is_flagged() -> None:
    new = Arrival(5, [row(5, "a"), row(6, "b")], None, trusted=(5,))
    found = absorb(state(Span(1, 4)), new, digest("p"), {})
    assert found == Decision(state(Span(1, 6)), (Span(5, 6),), (Flag(5, "chain_trusted"),))


def test_a_rejected_range_counts_as_stored() -> None:
    found = reject(state(Span(1, 4)), Span(3, 8))
    assert found == Decision(state(Span(1, 8), rejected=(Span(5, 8),)), (Span(5, 8),))


def test_rows_that_come_readable_after_all_leave_the_rejected_range() -> None:
    before = state(Span(1, 8), rejected=(Span(5, 8),))
    found = absorb(before, arrival(6, "a", "b"), None, {})
    after = state(Span(1, 8), rejected=(Span(5, 5), Span(8, 8)), claims={6: digest("p")})
    assert found == Decision(after, (Span(6, 7),))


def test_a_rejected_range_behind_a_gap_of_a_forked_epoch_is_refused() -> None:
    before = state(Span(1, 9), fork_at=5)
    assert "forked at 5" in reject(before, Span(11, 12)).refused
    assert reject(before, Span(10, 12)).refused == ""


def test_gaps_without_end_are_refused() -> None:
    many = state(*(Span(2 * n, 2 * n) for n in range(1, MAX_ISLANDS + 1)))
    seq = 2 * MAX_ISLANDS + 10
    assert "gaps" in absorb(many, arrival(seq, "a"), None, {}).refused
    assert "gaps" in reject(many, Span(seq, seq)).refused


def test_a_range_that_was_taken_proves_its_last_row() -> None:
    new = arrival(5, "a", "b")
    found = absorb(state(Span(1, 4)), new, digest("p"), {})
    assert proof(new, digest("p"), found) == Proof(6, digest("b"))


def test_known_rows_prove_that_their_history_is_the_ledgers() -> None:
    old, known = arrival(5, "a", "b"), {5: held("a"), 6: held("b")}
    found = absorb(state(Span(1, 90)), old, digest("p"), known)
    assert proof(old, digest("p"), found) == Proof(6, digest("b"))


def test_a_fork_proves_the_row_before_it() -> None:
    old, known = arrival(5, "a", "theirs"), {5: held("a"), 6: held("ours")}
    found = absorb(state(Span(1, 90)), old, digest("p"), known)
    assert proof(old, digest("p"), found) == Proof(5, digest("a"))
    at_once = arrival(5, "theirs")
    found = absorb(state(Span(1, 90)), at_once, digest("p"), {5: held("ours")})
    assert proof(at_once, digest("p"), found) == Proof(4, digest("p"))


def test_rows_behind_a_gap_prove_nothing() -> None:
    new = arrival(8, "a", "b")
    assert proof(new, None, absorb(state(Span(1, 4)), new, None, {})) is None
