"""From journals to a ledger and back over a real broker, in good and in bad company."""

import pytest

from appliance.uplink.report import journal_status
from tests.appliance.uplink.conftest import Unit
from tests.appliance.uplink.small_ledger import SmallLedger


def test_rows_of_every_journal_reach_the_ledger_and_their_cursors_move(
    unit: Unit, ledger: SmallLedger
) -> None:
    written = {name: unit.write(count, name) for name, count in (("screen", 250), ("vehicle", 40))}
    unit.run_until(lambda: len(ledger.rows) == 290 and unit.drained)
    for name, bodies in written.items():
        assert ledger.bodies(unit.journal(name).epoch) == bodies
    told = {line["name"]: line for line in journal_status(unit.config)}
    screen = unit.journal("screen")
    assert told["screen"] == {
        "name": "screen",
        "epoch": screen.epoch,
        "head": 250,
        "watermark": 250,
        "backlog": 0,
        "quarantined": 0,
    }
