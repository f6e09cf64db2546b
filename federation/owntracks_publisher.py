"""Publishes stops to a broker of somebody's choice, in OwnTracks' words. Off unless it is named.

A process of its own, so that the pages know no broker. What the broker confirmed is kept in a
file; what it did not is published again.
"""

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from paho.mqtt.client import Client, MQTTMessageInfo, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from . import owntracks, registry
from .config import FederationConfig, OwnTracks
from .database import Watch, reading_ledger, reading_web, watch
from .errors import OperatorError
from .owntracks import Key, Known, Message, Stop

BACK: Final = 48 * 3600 * 1000
"""Milliseconds: a stop that is told of later than that is no news for a map."""
LOOK: Final = 5.0
RETRY: Final = 30.0
PATIENCE: Final = 10.0
"""Seconds."""
_STOPS: Final = """
SELECT unit, epoch, seq, arrived, departed, lat, lon, name FROM stop
WHERE arrived >= ? AND arrived <= ? AND lat IS NOT NULL AND lon IS NOT NULL
"""

log = logging.getLogger("owntracks")
_encode = msgspec.json.Encoder()
_decode = msgspec.json.Decoder(list[tuple[Key, Known]])


class Publisher:
    """Looks, publishes, remembers."""

    def __init__(
        self, settings: FederationConfig, *, utc: Callable[[], int], wait: Callable[[float], None]
    ) -> None:
        """Raises OperatorError: no broker is named."""
        self._settings, self._utc, self._wait = settings, utc, wait
        self._broker = settings.owntracks
        if not self._broker.host:
            raise OperatorError("[owntracks] host is empty: name the broker that stops go to.")
        self._path = settings.store.data / "owntracks.json"
        self._known = _kept(self._path)
        self._watch: Watch = watch(settings.store)
        self._token: object = None
        self._client: Client | None = None
        self._due, self._told = 0.0, ""

    def step(self, now: float) -> None:
        """One look, when it is time for one (monotonic seconds). Raises OperatorError."""
        if now < self._due:
            self._wait(min(self._due - now, 0.5))
            return
        self._due = now + LOOK
        token = self._watch.token()
        if token == self._token:
            self._alive()
            return
        messages, after = owntracks.news(
            self._stops(), self._known, self._broker.prefix, self._utc()
        )
        if messages and not self._published(messages):
            self._due = now + RETRY
            return
        if after != self._known:
            _keep(self._path, after)
        self._known, self._token = after, token

    def close(self) -> None:
        """Leaves the broker."""
        self._watch.close()
        if self._client is not None:
            self._client.disconnect()
            self._client = None

    def _stops(self) -> Iterator[Stop]:
        now, kept = self._utc(), self._settings.store
        with reading_web(kept) as web:
            known = registry.read(web)
        with reading_ledger(kept) as ledger:
            for row in ledger.execute(_STOPS, (now - BACK, now + 3600_000)).fetchall():
                vehicle = known.of(row[0])
                if vehicle is not None:
                    yield Stop._make((*row, vehicle.territory_code, vehicle.name))

    def _published(self, messages: list[Message]) -> bool:
        """Whether the broker confirmed all of them."""
        try:
            client = self._client or self._connect()
            sent = [client.publish(m.topic, m.payload, qos=1, retain=m.retain) for m in messages]
            self._until(client, lambda: all(_is_through(each) for each in sent))
        except (OSError, OperatorError, ValueError, RuntimeError) as error:
            self._tell(str(error))
            self._client = None
            return False
        self._tell("")
        return True

    def _connect(self) -> Client:
        broker = self._broker
        client = Client(CallbackAPIVersion.VERSION2, "escale-owntracks", protocol=MQTTv5)
        if broker.login:
            client.username_pw_set(broker.login, _password(broker))
        if broker.tls:
            authorities = None if broker.root is None else str(broker.root)
            client.tls_set_context(ssl.create_default_context(cafile=authorities))
        client.connect(broker.host, broker.port, keepalive=60)
        self._until(client, client.is_connected)
        self._client = client
        return client

    def _until(self, client: Client, is_so: Callable[[], bool]) -> None:
        """Raises OSError: the broker does not do what is waited for."""
        for _ in range(int(PATIENCE / 0.1)):
            if is_so():
                return
            if client.loop(0.1) != 0:
                raise ConnectionError("the broker hung up")
        raise TimeoutError("the broker does not answer")

    def _alive(self) -> None:
        if self._client is not None and self._client.loop(0.01) != 0:
            self._client = None

    def _tell(self, fault: str) -> None:
        """Once, however often it is met, and once when it is over."""
        if fault and fault != self._told:
            where = f"{self._broker.host}:{self._broker.port}"
            log.warning("no stop is published to %s (%s): trying again", where, fault)
        elif self._told and not fault:
            log.info("stops are published again")
        self._told = fault


def _is_through(sent: MQTTMessageInfo) -> bool:
    return sent.rc == 0 and sent.is_published()


def _kept(path: Path) -> dict[Key, Known]:
    try:
        return dict(_decode.decode(path.read_bytes()))
    except (OSError, msgspec.DecodeError):
        return {}  # all that is recent is published once more


def _keep(path: Path, known: dict[Key, Known]) -> None:
    fresh = path.with_suffix(".new")
    try:
        fresh.write_bytes(_encode.encode(list(known.items())))
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise OperatorError(
            f"{path} cannot be written ({error.strerror}): make room or give [store] data another"
            " folder."
        ) from error


def _password(broker: OwnTracks) -> str:
    if broker.password is None:
        return ""
    try:
        return broker.password.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(
            f"[owntracks] password {broker.password} cannot be read ({error})."
        ) from error
