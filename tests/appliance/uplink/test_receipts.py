"""Which receipts are believed, and what the others give away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.uplink.receipts import (
    NEVER_HEARD,
    Advance,
    Behind,
    Fork,
    Held,
    Nothing,
    Stranger,
    judge,
    standing,
)
from protocol.messages import Rejected, Stored
from protocol.row import chain


def history(length: int, *, forked_at: int = 0) -> list[bytes]:
    """Digests of rows 0 to `length`; from `forked_at` on those of another box."""
    digests = [bytes(8)]
    for seq in range(1, length + 1):
        body = b"{}" if not forked_at or seq < forked_at else b'{"other":1}'
        digests.append(chain(digests[-1], 7, seq, "duty.started", body, "boot", seq))
    return digests


OURS = history(100)
THEIRS = history(120, forked_at=61)
HELD = Held(watermark=40, head=100, sent_to=100)


def ours(seq: int) -> bytes | None:
    return OURS[seq] if 0 < seq < len(OURS) else None


def told(stored_to: int, digests: list[bytes] = OURS, **more: object) -> Stored:
    digest = digests[stored_to].hex() if stored_to < len(digests) else "00" * 8
    return Stored(stored_to=stored_to, digest=digest, **more)


@pytest.mark.parametrize(
    ("receipt", "verdict"),
    [
        (told(70), Advance(70)),
        (told(100), Advance(100)),
        (told(40), Nothing()),
        (told(30), Behind(30)),
        (NEVER_HEARD, Behind(0)),
        (told(101, THEIRS), Stranger()),
        (told(70, THEIRS), Stranger()),
        (Stored(stored_to=70, digest=""), Stranger()),
        (Stored(stored_to=10**15, digest="ff" * 8), Stranger()),
        (told(101, THEIRS, fork_at=61), Fork(61, 60)),
        (told(60, THEIRS, fork_at=61), Fork(61, 60)),
        (told(50, THEIRS, fork_at=61), Fork(61, 50)),
        (told(70, fork_at=61), Advance(70)),
        (told(120, THEIRS, fork_at=40), Stranger()),
        (told(120, THEIRS, fork_at=101), Stranger()),
    ],
)
def test_a_receipt_moves_the_watermark_only_by_the_digest_of_our_own_row(
    receipt: Stored, verdict: object
) -> None:
    assert judge(HELD, receipt, ours) == verdict


def test_nothing_beyond_our_head_is_believed_whatever_its_digest() -> None:
    receipt = Stored(stored_to=101, digest="aa" * 8)
    assert judge(HELD, receipt, lambda _: bytes.fromhex("aa" * 8)) == Stranger()


def test_a_fork_is_ours_only_once_we_sent_the_row_it_names() -> None:
    receipt = told(101, THEIRS, fork_at=61)
    assert judge(Held(watermark=40, head=100, sent_to=60), receipt, ours) == Stranger()
    assert judge(Held(watermark=40, head=100, sent_to=61), receipt, ours) == Fork(61, 60)


def test_what_both_histories_have_counts_though_the_ledger_is_further_on_in_another() -> None:
    receipt = told(120, THEIRS, proved_to=60, proved=OURS[60].hex())
    assert judge(HELD, receipt, ours) == Advance(60)
    at_the_fork = Held(watermark=60, head=100, sent_to=100)
    assert judge(at_the_fork, receipt, ours) == Stranger()
    of_theirs = told(120, THEIRS, proved_to=70, proved=THEIRS[70].hex())
    assert judge(HELD, of_theirs, ours) == Stranger()


def test_what_the_ledger_could_not_read_counts_as_stored_once_we_sent_it() -> None:
    receipt = Stored(
        stored_to=70,
        digest="",
        rejected_count=1,
        rejected=(Rejected(first=61, last=70, reason="?"),),
    )
    assert judge(HELD, receipt, ours) == Advance(70)
    assert judge(Held(watermark=40, head=100, sent_to=60), receipt, ours) == Stranger()


@given(st.integers(0, 130), st.integers(-1, 130), st.integers(0, 100), st.booleans())
def test_no_receipt_of_another_history_ever_moves_our_rows_out_of_the_backlog(
    stored_to: int, fork_at: int, watermark: int, theirs: bool
) -> None:
    """Up to row 60 both histories are one; above it only ours may count."""
    digests = THEIRS if theirs else OURS
    receipt = told(
        min(stored_to, len(digests) - 1), digests, fork_at=fork_at if fork_at > 0 else None
    )
    verdict = judge(Held(watermark=watermark, head=100, sent_to=100), receipt, ours)
    if isinstance(verdict, Advance):
        assert watermark < verdict.stored_to <= (60 if theirs else 100)
    if isinstance(verdict, Fork):
        assert watermark <= verdict.stored_to < verdict.fork_at <= 100


def test_a_saved_watermark_stands_while_its_row_is_ours_or_purged() -> None:
    assert standing(60, OURS[60], 41, 100, ours) == 60
    assert standing(60, OURS[60], 71, 100, lambda _: None) == 60
    assert standing(0, b"", 1, 0, ours) == 0


def test_a_journal_older_than_its_saved_watermark_sends_all_it_holds() -> None:
    assert standing(110, THEIRS[110], 41, 100, ours) == 40
    assert standing(80, THEIRS[80], 41, 100, ours) == 40
    assert standing(80, THEIRS[80], 0, 100, ours) == 0
