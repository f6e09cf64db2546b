"""A certificate near its end, or past it, and what the unit, the authority and a person do then."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import config as settings
from appliance.clock import BootClock
from appliance.identity import store
from appliance.journal import Journal
from appliance.uplink.cursors import uplink_file
from appliance.uplink.daemon import Uplink
from provisioning import facts, issuing, keys, registry
from provisioning.passphrase import Passphrase
from tests.flow.test_trust import UNIT, Card, Founded, holds
from tests.support import eventually
from tests.trusted import put

LIFE = timedelta(days=90)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[Founded]:
    with Founded(tmp_path) as running:
        yield running


def let_it_end(founded: Founded, card: Card, after: timedelta) -> None:
    """The certificate of its key, as the registry knows it too, is one that ends then."""
    folder = keys.Folder(founded.folder / "authority")
    said = (founded.folder / "passphrase-file").read_text(encoding="ascii")
    (devices,) = keys.read_devices(folder, Passphrase(said))
    identity = store.load(card.data)
    assert identity is not None
    now = datetime.now(UTC)
    made = issuing.issue_client(devices, identity.key.public_key(), UNIT, now + after - LIFE, LIFE)
    with registry.writing(folder.registry) as log:
        former = identity.certificate.serial_number
        log.append(facts.issued(made, devices.certificate, now), facts.revoked(former, "", now))
    chain = issuing.chain([made, devices.certificate])
    put(store.folder(card.data) / store.CERTIFICATE, chain)


def days_left(card: Card) -> int:
    identity = store.load(card.data)
    assert identity is not None
    return round(identity.until / 86_400_000 - datetime.now(UTC).timestamp() / 86_400)


def work_until(card: Card, done: Callable[[], bool]) -> None:
    """Its uplink at work in this process: others ask within half an hour, this one now."""
    config = settings.load(card.file)
    journal = Journal.open(uplink_file(card.data), name="uplink", clock=BootClock())
    uplink = Uplink(config, journal, chance=lambda: 0.0)

    def worked() -> bool:
        uplink.rest(min(uplink.step(time.monotonic()), 0.1))
        return done()

    try:
        eventually(worked, 60, "the next certificate is there")
    finally:
        uplink.close()


def test_a_unit_renews_its_certificate_by_itself_with_another_key(founded: Founded) -> None:
    card = Card(founded, "card")
    before = store.load(card.data)
    assert before is not None
    founded.stop(card.name)
    let_it_end(founded, card, timedelta(days=8))
    work_until(card, lambda: days_left(card) > 80)
    card.start()
    after = store.load(card.data)
    assert after is not None
    assert after.key.public_key() != before.key.public_key()
    card.check_in()
    eventually(holds(founded, 1, "visit.checked_in"), 60)


def test_a_unit_that_slept_too_long_comes_back_when_a_person_approves(founded: Founded) -> None:
    card = Card(founded, "card")
    founded.stop(card.name)
    let_it_end(founded, card, -timedelta(days=30))
    card.check_in()
    card.start()
    eventually(lambda: "waiting" in founded.provision("list"), 60, "it asks")
    assert holds(founded, 0, "visit.checked_in")()
    founded.provision("approve", UNIT)
    founded.stop(card.name)
    card.start()
    eventually(holds(founded, 1, "visit.checked_in"), 90)
    assert days_left(card) > 80
