"""Batches of a light unit: from its pages into messages, as the real uplink packs and signs."""

from typing import NamedTuple

from appliance.uplink.pace import Pace
from appliance.uplink.packing import pack
from appliance.uplink.receipts import NEVER_HEARD, Advance, Behind, Fork, Held, Stranger, judge
from appliance.uplink.session import Session
from protocol import __version__, batch, signing, topics
from protocol.batch import Header
from protocol.messages import Stored

from .pages import Pages
from .papers import Identity


class Mark(NamedTuple):
    """What a PUBACK is the answer to."""

    pages: Pages
    first: int
    last: int


def fill(
    pages: Pages, session: Session, identity: Identity, pace: Pace, now: float, keep: int
) -> int:
    """Sends what the window and the broker allow, all but the last `keep` rows; how many rows."""
    sent, last = 0, pages.head - keep
    if pages.forgotten_to >= last:
        return 0
    window, key = pages.window, None
    while session.room and window.open and window.next <= last:
        rows = pages.rows(window.next, min(pace.rows, last - window.next + 1))

        def header_of(first: int, last: int, before: str) -> Header:
            return Header(
                unit=identity.unit,
                journal=pages.name,
                epoch=pages.epoch,
                first=first,
                last=last,
                previous=before,
                version=__version__,
            )

        packed = pack(rows, pages.digest_of(window.next - 1), header_of, session.largest)
        properties = batch.properties(packed.header)
        context = f"{identity.unit} {properties[0][1]}"
        key = key or identity.key
        message = signing.sign(key, "batch", context, packed.payload)
        first, last_sent = packed.header.first, packed.header.last
        if not session.publish(
            topics.up(identity.unit, "batch"),
            message,
            mark=Mark(pages, first, last_sent),
            content_type=batch.CONTENT_TYPE,
            properties=properties,
        ):
            break
        window.sent(first, last_sent, len(message), now)
        sent += last_sent - first + 1
    return sent


def obey(pages: Pages, told: Stored | None, pace: Pace, now: float) -> str:
    """Does what a receipt says of one epoch; what there was to say about it, usually nothing."""
    told = told or NEVER_HEARD
    held = Held(pages.forgotten_to, pages.head, pages.sent_to)
    verdict = judge(held, told, pages.digest_of)
    if isinstance(verdict, Advance):
        pages.window.receipted(verdict.stored_to, now, pace)
        pages.forget(verdict.stored_to)
        return ""
    if isinstance(verdict, Stranger):
        pages.window.go_back()
        return "strange receipts"
    if isinstance(verdict, Fork):
        return "forks"
    # Late news, or a ledger that was restored: what was receipted is not held here any more.
    return "receipts of less than before" if isinstance(verdict, Behind) else ""
