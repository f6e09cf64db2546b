"""What a light unit says of itself: last will, birth, status. Sends nothing."""

from collections.abc import Iterable, Mapping

from protocol import __version__, messages
from protocol.messages import Link, Status

from .pages import Pages
from .papers import Identity
from .standing import Standing

DISK_FREE = 21_000_000_000
VOLTS = 12.6


def last_will(standing: Standing) -> bytes:
    """For the broker to say."""
    return messages.encode(Link(online=False, boot_id=standing.boot.id))


def birth(identity: Identity, standing: Standing, documents: Mapping[str, int], utc: int) -> bytes:
    """First word of a connection."""
    return messages.encode(
        Link(
            online=True,
            boot_id=standing.boot.id,
            utc=utc,
            version=__version__,
            documents=dict(documents),
            certificate=identity.der,
        )
    )


def status(
    identity: Identity,
    standing: Standing,
    journals: Iterable[Pages],
    documents: Mapping[str, int],
    utc: int,
    *,
    good: bool,
) -> bytes:
    """Its latest word about itself; `good`: the link."""
    return messages.encode(
        Status(
            boot_id=standing.boot.id,
            boottime=max(utc - standing.boot.started, 0),
            utc=utc,
            version=__version__,
            journals={pages.name: [pages.status] for pages in journals},
            duty=standing.duty,
            place=standing.place,
            gps=standing.gps,
            disk_free=DISK_FREE,
            link="good" if good else "bad",
            battery_volts=VOLTS,
            documents=dict(documents),
            certificate_until=identity.until,
        )
    )
