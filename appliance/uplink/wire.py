"""The encrypted line under a session. Knows no MQTT, and waits for nothing.

OpenSSL holds what it has deciphered: `poll` alone would let it lie, so ask `waiting` too.
"""

import socket
import ssl
from contextlib import suppress

CONGESTION = b"bbr"
"""A radio link loses packets without being full: BBR does not take the one for the other, and
brings 12 times as much over a link that loses 40 % (benchmarks/link.py)."""


class Wire(ssl.SSLSocket):
    """Shakes hands step by step, with `shake`: a bad link may take longer than a loop may block."""

    shaken = False
    """Whether the handshake is over; in TLS 1.3 the other end may still refuse us."""
    wants_to_write = False
    """What the handshake waits for: room to write, or else something to read."""
    fault: OSError | None = None
    """What broke the line; paho keeps it to itself."""

    def do_handshake(self, block: bool = False) -> None:
        """Nothing: paho calls this on connecting, and would block."""

    def shake(self) -> bool:
        """Goes on with the handshake; whether it is over. Raises OSError when it failed."""
        try:
            super().do_handshake()
        except ssl.SSLWantReadError:
            self.wants_to_write = False
        except ssl.SSLWantWriteError:
            self.wants_to_write = True
        else:
            self.shaken = True
        return self.shaken

    @property
    def waiting(self) -> bool:
        """Whether something is deciphered and not read yet."""
        return self.shaken and self.pending() > 0

    def send(self, data: bytes, flags: int = 0) -> int:  # type: ignore[override]
        """As a socket does; nothing leaves before the handshake is over."""
        if not self.shaken:
            raise ssl.SSLWantReadError
        return super().send(data, flags)

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """As a socket does; what breaks it is kept."""
        try:
            return super().recv(buflen, flags)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except OSError as error:
            self.fault = error
            raise

    def tune(self) -> None:
        """For small messages on a radio link."""
        self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            # Kernels that do not offer it go on with what they have.
            self.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, CONGESTION)
