"""A receipt is the whole state, each time."""

from federation.receipts import EpochLine, RejectedLine, build
from protocol.messages import Receipt, Rejected, Stored


def test_every_epoch_is_told_with_its_digest_fork_and_rejected_ranges() -> None:
    epochs = [EpochLine(7, 30, b"\x01" * 8, 21, None, None), EpochLine(8, 0, b"", None, 0, b"")]
    rejected = [RejectedLine(7, 5, 9, "damaged")]
    assert build(epochs, rejected) == Receipt(
        epochs={
            "7": Stored(
                stored_to=30,
                digest="01" * 8,
                fork_at=21,
                rejected_count=1,
                rejected=(Rejected(first=5, last=9, reason="damaged"),),
            ),
            "8": Stored(stored_to=0, digest=""),
        }
    )


def test_only_the_last_twenty_are_listed_and_all_are_counted() -> None:
    rejected = [RejectedLine(7, seq, seq, "damaged") for seq in range(1, 31)]
    told = build([EpochLine(7, 30, b"", None, None, None)], rejected).epochs["7"]
    assert told.rejected_count == 30
    assert [item.first for item in told.rejected] == list(range(11, 31))
