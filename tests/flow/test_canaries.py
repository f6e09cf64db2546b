"""A stolen card tells nothing: a thousand canaries, and none in the raw bytes, traffic or logs.

On a real file system with its journal, after a kill, after the day's end, after a factory reset.
The control keeps names as most would, and is found out.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from protocol import signing
from protocol.compression import decompress
from tests.canaries import everything_below, found, people, raw
from tests.flow.crowd import SEED
from tests.flow.world import UNIT, World
from tests.support import eventually, unit_config_file
from tests.trusted import Trusted, put

PERSONS = 500
CANARIES = [text for person in people(PERSONS, SEED) for text in person]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Card:
    """An SD card with an ext4 of 4 KiB blocks, in a file; in the board's slot while mounted."""

    def __init__(self, folder: Path, trusted: Trusted) -> None:
        self.image, self._slot = folder / "card.img", folder / "card"
        self._slot.mkdir()
        with self.image.open("wb") as file:
            file.truncate(48 << 20)
        self._run("mkfs.ext4", "-q", "-b", "4096", self.image)
        self.insert()
        self.data = self._slot / "data"
        # The board's own secret is not on the card.
        put(folder / "fuses", b"o" * 32)
        self.unit = unit_config_file(
            folder,
            paths={"data": str(self.data), "run": str(folder / "run")},
            security={"device_secret": str(folder / "fuses")},
        )
        trusted.identity_of(UNIT, self.data)

    def insert(self) -> None:
        try:
            self._run("mount", "-o", "loop", self.image, self._slot)
        except subprocess.CalledProcessError as refused:
            pytest.skip(f"no card can be mounted here: {refused.stderr.strip()}")

    def remove(self) -> bytes:
        """Pulled out; its bytes."""
        self._run("umount", self._slot)
        return raw(self.image)

    def hold(self, what: str) -> int:
        """The crowd at work on it, killed when it is done; what it said."""
        command = [sys.executable, "-m", "tests.flow.crowd", what, self.unit, str(PERSONS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as crowd:
            assert crowd.stdout is not None
            said = crowd.stdout.readline()
            crowd.kill()
        return int(said)

    def close(self) -> None:
        subprocess.run(["umount", str(self._slot)], check=False, capture_output=True)

    def _run(self, *command: str | Path) -> None:
        subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed")
    made = Card(tmp_path, Trusted())
    yield made
    made.close()


def test_a_card_that_was_pulled_out_tells_no_name_whatever_was_done_on_it(card: Card) -> None:
    assert card.hold("sealed") == PERSONS
    assert found(CANARIES, card.remove()) == []
    card.insert()
    assert card.hold("closing") == PERSONS
    assert found(CANARIES, card.remove()) == []
    card.insert()
    wipe = [sys.executable, "-m", "appliance.cli", "--config", str(card.unit), "wipe", "--yes"]
    subprocess.run(wipe, check=True, capture_output=True)
    left = card.remove()
    assert found(CANARIES, left) == []
    assert b"BEGIN PRIVATE KEY" not in left
    assert b"workshop.signed_up" not in left


def test_names_kept_as_others_keep_them_are_found(card: Card) -> None:
    """Control."""
    assert card.hold("plain") == PERSONS
    assert len(found(CANARIES, card.remove())) >= 0.8 * len(CANARIES)


class Tap:
    """Whoever owns the broker: reads every message, also what is packed in it."""

    def __init__(self, world: World, folder: Path) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.tls_set_context(world.trusted.tls(folder, "tap"))
        self._client.on_message = lambda _c, _d, told: self.heard.append(
            (told.topic, bytes(told.payload))
        )
        self._client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._client.connect("localhost", world.broker.port)
        self._client.loop_start()

    def bytes(self) -> bytes:
        return b"".join(payload + self._plain(topic, payload) for topic, payload in self.heard)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _plain(self, topic: str, payload: bytes) -> bytes:
        return decompress(signing.read(payload).payload) if topic.endswith("/up/batch") else b""


def test_neither_the_broker_nor_a_log_nor_the_ledger_tells_a_name(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        tap = Tap(world, tmp_path / "tap")
        for part in ("ingest", "uplink", "keeper"):
            world.start(part)
        crowd = (sys.executable, "-m", "tests.flow.crowd", "sealed", world.unit_file)
        world.start("crowd", *crowd, str(PERSONS))
        eventually(lambda: world.types_in_ledger()["workshop.signed_up"] == PERSONS, 90)
        eventually(lambda: world.backlog() == 0, 30)
        heard = tap.bytes()
        tap.close()
    assert heard.count(b"workshop.signed_up") > 0
    assert found(CANARIES, heard) == []
    assert found(CANARIES, everything_below(tmp_path)) == []
