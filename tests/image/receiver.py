"""A GPS receiver on the board's USB plug: one burst of sentences a second, of this very second."""

import random
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

from appliance.twins.tour import Moment, burst

MARKET = Moment(48.1305, -1.6501, 0.0, 0.0)
"""Where the vehicle stands."""
CHUNK = 1 << 16


class Receiver:
    """Speaks from the moment it is made; QEMU listens at the socket."""

    def __init__(self, path: Path, place: Moment = MARKET) -> None:
        self._place, self._chance = place, random.Random(7)
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(path))
        self.told = b""
        """What the card said to it: it must be heard, or QEMU waits for ever."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Pulled out."""
        self._ended.set()
        self._thread.join()
        self._line.close()

    def _speak(self) -> None:
        while not self._ended.wait(1 - datetime.now(UTC).microsecond / 1e6):
            now = datetime.now(UTC).replace(microsecond=0)
            try:
                self._line.sendall(burst(now, self._place, self._chance))
                self.told += self._line.recv(CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:  # nobody spoke to it
                continue
            except OSError:  # the board is off
                return
