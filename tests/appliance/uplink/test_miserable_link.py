"""The uplink on a radio link that loses packets below TCP: slow, but steady, and hardly twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.appliance.uplink.conftest import Unit
from tests.appliance.uplink.small_ledger import SmallLedger
from tests.bad_link import FEDERATION, UNIT, BadLink, refused
from tests.support import Mosquitto, unit_config
from tests.trusted import Trusted

pytestmark = pytest.mark.slow

LOSSES = (0.03, 0.2)


@pytest.fixture(params=LOSSES, ids=lambda loss: f"{loss:.0%} lost")
def link(request: pytest.FixtureRequest) -> Iterator[BadLink]:
    why_not = refused()
    if why_not:
        pytest.skip(why_not)
    with BadLink(rate=200e3, rtt=0.3, loss=request.param) as made:
        yield made


def test_a_backlog_and_a_live_event_cross_a_link_that_loses_packets(
    link: BadLink, tmp_path: Path, trusted: Trusted
) -> None:
    with link.at(FEDERATION):
        broker = Mosquitto(tmp_path / "broker", trusted=trusted, host=FEDERATION).start()
        ledger = SmallLedger(broker, trusted)
    with link.at(UNIT):
        there = {"host": FEDERATION, "port": broker.port}
        unit = Unit(unit_config(tmp_path, broker=there), trusted)
        backlog = unit.write(3000, "vehicle")
        unit.run_until(lambda: ledger.rows, seconds=60)
        live = unit.write(1)
        unit.run_until(lambda: ledger.bodies(unit.journal().epoch) == live, seconds=60)
        unit.run_until(lambda: unit.drained, seconds=100)
        sent, again = unit.uplink.sender.rows, [x.window.resent for x in unit.uplink.lanes]
        unit.close()
    ledger.close()
    broker.stop()
    assert ledger.bodies(unit.journals["vehicle"].epoch) == backlog
    assert sum(again) <= 0.1 * sent
