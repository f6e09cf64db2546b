"""A backlog to drain: realistic events in a unit's journals, and the uplink that drains it."""

import itertools
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

from appliance.config import UnitConfig
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.uplink.cursors import uplink_file
from appliance.uplink.daemon import Uplink
from benchmarks.days import MEASURED, Unit
from protocol.row import Row
from tests.support import unit_config
from tests.trusted import Trusted

DAYS = 60
STATUS = Path("/proc/self/status")


def events(count: int) -> Iterator[Row]:
    """So many rows of a screen's days, the same ones over and over if need be."""
    lived = Unit(seed=1, profile=MEASURED[0]).live(DAYS).journals["screen"].rows
    return itertools.islice(itertools.cycle(lived), count)


def unit_with_backlog(
    folder: Path, count: int, trusted: Trusted, port: int, host: str = "127.0.0.1"
) -> UnitConfig:
    """An enrolled unit's folder whose screen journal holds so many rows that nobody has sent."""
    config = unit_config(folder, broker={"host": host, "port": port})
    trusted.identity_of(config.unit.id, config.paths.data)
    write(config, count)
    return config


def write(config: UnitConfig, count: int) -> None:
    """Appends so many rows to the screen's journal, all in one transaction."""
    clock = SettableClock()
    journal = Journal.open(config.paths.data / "screen.db", name="screen", clock=clock)
    with journal.atomic():
        for row in events(count):
            clock.boot_id, clock.now = row.boot_id, row.boottime
            journal.append_raw(row.type, row.body)
    journal.close()


def opened(config: UnitConfig) -> Uplink:
    """The uplink of that unit, to be stepped."""
    journal = Journal.open(uplink_file(config.paths.data), name="uplink", clock=SettableClock())
    return Uplink(config, journal, chance=lambda: 0.01)


def client_tls(keys: Path) -> ssl.SSLContext:
    """TLS of a client whose keys `Trusted.federation` wrote there."""
    context = ssl.create_default_context(cafile=keys / "root.pem")
    context.load_cert_chain(keys / "certificate.pem", keys / "key.pem")
    return context


def turn(uplink: Uplink) -> None:
    """One step as the service takes it."""
    pause = uplink.rest(uplink.step(time.monotonic()))
    if pause:
        time.sleep(min(pause, 0.05))


def memory(name: str) -> int:
    """KiB of this process: VmRSS, held now; VmHWM, the most since `forget_peak`."""
    lines = dict(line.split(":") for line in STATUS.read_text().splitlines())
    return int(lines[name].split()[0])


def forget_peak() -> None:
    """Measure VmHWM from here on."""
    Path("/proc/self/clear_refs").write_text("5")
