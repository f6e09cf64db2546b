"""What this package raises for input that is not of the protocol."""


class ProtocolError(ValueError):
    """Bytes or a name from outside that mean nothing here; the message says which and why."""


class Unsendable(ProtocolError):
    """A row that no batch can carry: it must go as a tombstone."""

    def __init__(self, seq: int, why: str) -> None:
        self.seq = seq
        super().__init__(f"row {seq} cannot be sent: {why}")


class TooLarge(ProtocolError):
    """More than one batch can hold: try with fewer rows."""
