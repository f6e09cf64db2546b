"""A GPS byte and a touch reach the ledger: every process, a real window, a real serial line."""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.twins.tour import Place, tour
from tests.flow.world import World
from tests.support import eventually
from tools.virtual_display import VirtualDisplay

MARKET = Place(48.1305, -1.6501, 20)
DAY = (Place(48.1173, -1.6778, 1), MARKET, Place(48.1420, -1.6301, 4))
SPEED = 40.0
BEGIN, HOUSING, YES = (577, 200), (107, 348), (577, 200)
"""Where these buttons are on the official panel."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A short tour: the market square, then somewhere else."""
    path = tmp_path / "tour.nmea"
    path.write_bytes(b"".join(tour(DAY, datetime(2026, 3, 17, 7, 30, tzinfo=UTC), seed=3)))
    return path


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_gps_byte_and_a_touch_reach_the_ledger(tmp_path: Path, log: Path) -> None:
    line = tmp_path / "dev" / "gps"
    unit = {
        "gps": {"port": str(line)},
        "screen": {"fullscreen": False},
        "twin": {"clock_rate": SPEED},
    }
    with World(tmp_path, **unit) as world, VirtualDisplay() as display:
        world.append("duty.started")
        for part in ("ingest", "vehicle", "uplink", "keeper"):
            world.start(part)
        world.start("screen", DISPLAY=display.name)
        play = ("-m", "appliance.twins.gps_on_pty", log, "--link", line, "--speed", str(SPEED))
        world.start("gps", sys.executable, *play)

        arrived = eventually(
            lambda: [row for row in world.ledger() if row["type"] == "stop.arrived"], 90
        )[0]
        check_in(world, display)
        eventually(lambda: world.types_in_ledger()["stop.departed"], 90, "the van drives on")
        eventually(lambda: world.backlog() == 0, 20, "everything is receipted")

        assert arrived["body"]["lat"] == pytest.approx(MARKET.lat, abs=2e-4)
        assert arrived["body"]["lon"] == pytest.approx(MARKET.lon, abs=2e-4)
        assert arrived["source"] == "gps"
        assert datetime.fromtimestamp(arrived["utc"] / 1000, UTC).date().isoformat() == "2026-03-17"
        check_in_row = next(row for row in world.ledger() if row["type"] == "visit.checked_in")
        assert check_in_row["body"] == {
            "number": 1,
            "door": "logement",
            "theme": "logement",
            "stop": [arrived["epoch"], arrived["seq"]],
        }


def check_in(world: World, display: VirtualDisplay) -> None:
    """Three touches; one that fell into the panel's pause is made again, as people do."""
    eventually(world.at, 40, "the screen is up")
    for place, leads_to in ((BEGIN, "reasons"), (HOUSING, "confirm"), (YES, "thanks")):
        for _ in range(5):
            display.touch(*place)
            with suppress(AssertionError):
                eventually(lambda leads_to=leads_to: world.at() == leads_to, 2)
                break
        assert world.at() == leads_to


@pytest.mark.slow
def test_the_screen_checks_in_with_every_other_process_dead(tmp_path: Path) -> None:
    world = World(tmp_path, screen={"fullscreen": False})
    with VirtualDisplay() as display:
        world.start("screen", DISPLAY=display.name)
        try:
            check_in(world, display)
        finally:
            assert world.stop("screen") == 0
    assert [(row["name"], row["head"], row["backlog"]) for row in world.journals()] == [
        ("screen", 1, 1)
    ]
