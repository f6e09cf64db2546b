"""What this package raises for input that is not of the protocol."""


class ProtocolError(ValueError):
    """Bytes or a name from outside that mean nothing here; the message says which and why."""
