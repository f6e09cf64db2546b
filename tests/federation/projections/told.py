"""Words as the pure makers take them: no ledger behind them."""

from federation.projections.words import Local, Placed, Word, zone
from protocol.event import Event, Key
from protocol.events import encode_body

from .ground import NOON

PARIS = Local("van-germaine", zone("Europe/Paris"))
CAYENNE = Local("van-germaine", zone("America/Cayenne"))
MINUTE = 60_000


def words(*events: Event, start: int | None = NOON, epoch: int = 7) -> list[Word]:
    """Told a minute apart, from seq 1 on; `start` None: no clock dated them."""
    return [
        Word(
            seq,
            Key(epoch, seq),
            None,
            False,
            None if start is None else start + seq * MINUTE,
            NOON + 24 * 60 * MINUTE,
            event,
            encode_body(event),
        )
        for seq, event in enumerate(events, 1)
    ]


def nowhere(_cited: Key | None, _moment: int | None) -> Placed:
    """No stop is known."""
    return Placed()
