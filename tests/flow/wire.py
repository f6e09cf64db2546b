"""A network and a broker in memory between a real uplink and a real ingest, as a test likes."""

from collections.abc import Callable, Hashable, Sequence

from appliance.uplink.backoff import Cause
from appliance.uplink.daemon import Uplink
from appliance.uplink.session import Session
from appliance.uplink.trouble import NotReached
from federation.source import Delivery


class Wire:
    """What is under way: up to the broker, and down to the unit."""

    def __init__(self) -> None:
        self.up: list[tuple[Delivery, Hashable]] = []
        self.broker: list[Delivery] = []
        """What the broker has confirmed and nobody has taken."""
        self.down: list[tuple[str, bytes]] = []
        self.session: WireSession | None = None

    def cross(self, count: int) -> None:
        """The first messages reach the broker, which confirms them."""
        for _ in range(min(count, len(self.up))):
            delivery, mark = self.up.pop(0)
            self.broker.append(delivery)
            if self.session is not None:
                self.session.confirmed(mark)

    def come_down(self) -> None:
        """Everything the federation said reaches the unit, if there still is a line."""
        told, self.down = self.down, []
        for topic, payload in told:
            if self.session is not None:
                self.session.hear(topic, payload)

    def break_line(self) -> None:
        """What had not reached the broker is gone, and so is what was to come down."""
        self.up, self.down = [], []
        if self.session is not None:
            self.session.ended = NotReached(Cause.BROKER, "the connection broke")
            self.session.connected = False
            self.session = None

    def wipe_broker(self) -> None:
        """It had confirmed it, and has lost it."""
        self.broker = []


class WireSession:
    """One connection over the wire, as the uplink uses one (appliance/uplink/session.py)."""

    def __init__(
        self,
        wire: Wire,
        receive: Callable[[str, bytes], None],
        crossed: Callable[[Hashable], None],
    ) -> None:
        self.connected, self.unheard = True, False
        self.ended: NotReached | None = None
        self.largest, self._most = 60_000, 5
        self._wire, self._receive, self._crossed = wire, receive, crossed

    @property
    def room(self) -> int:
        """Messages that may still be unconfirmed."""
        return self._most - len(self._wire.up) if self.connected else 0

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        mark: Hashable,
        retain: bool = False,
        content_type: str = "",
        properties: Sequence[tuple[str, str]] = (),
    ) -> bool:
        """Puts it on the wire."""
        if self.room <= 0:
            return False
        self._wire.up.append((Delivery(topic, payload, tuple(properties)), mark))
        return True

    def confirmed(self, mark: Hashable) -> None:
        """A PUBACK came."""
        self._crossed(mark)

    def hear(self, topic: str, payload: bytes) -> None:
        """A message came."""
        self._receive(topic, payload)

    def read(self, now: float) -> None:
        """Nothing comes by itself here."""

    def close(self) -> None:
        """The end."""
        self.connected = False


class OverWire(Uplink):
    """The real uplink with the wire in place of its sessions."""

    wire: Wire

    def _connect(self, now: float) -> Session:
        identity, _ = self.papers.show()
        self.sender.key = identity.key
        self.wire.session = WireSession(self.wire, self._receive, self._crossed)
        return self.wire.session  # type: ignore[return-value]
