"""The main job on one machine: a federation, its pages, and twelve vans over real places.

A federation is founded on the spot. One unit is real: enrolled with a bundle and a code, its GPS
replayed, its screen to be touched; ten are simulated and have weeks behind them; one was
never switched on.
Every link has certificates on both sides. All it writes is under var/demo; it stops what it
started, no more.
"""

import argparse
import contextlib
import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from federation.people.account import login
from simulation.running import PAST_TOLD
from tests.support import eventually, free_port, write_toml
from tools import demo_day, demo_fleet
from tools.demo_site import PLANNED
from tools.demo_trust import Federation, enrol
from tools.virtual_display import VirtualDisplay

BIN = Path(sys.executable).parent
ROOT = Path("var/demo").absolute()
PICTURE = ROOT / "screen.png"
UNIT = demo_day.UNIT
UNITS = ROOT / "units.csv"
PASSWORDS = ROOT / "passwords"
WEB_PORT = 8400
"""Of the pages, unless somebody else has it."""


def main() -> int:
    """Starts the parts in order, shows the fleet until Ctrl-C, stops them in reverse."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not options.keep:
        shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as parts, contextlib.suppress(KeyboardInterrupt):
        start = lambda name, *command: parts.enter_context(_running(name, *command))  # noqa: E731
        again = (ROOT / "authority").exists()
        unit, federation = _found(start, options, again=again)
        start("ingest", "escale-federation", "--config", federation, "ingest")
        _live(start, federation, again=again)
        start("gps", sys.executable, "-m", "appliance.twins.gps_on_pty", *_gps(options))
        start("vehicle", "escale", "--config", unit, "vehicle")
        start("uplink", "escale", "--config", unit, "uplink")
        start("keeper", "escale", "--config", unit, "keeper")
        display = _screen(parts, unit)
        _once("escale", "--config", unit, "journal", "append", "duty.started", "{}")
        _sign_up(unit)
        _tell_where()
        _watch(federation, options.seconds, _visit(display) if display else itertools.repeat(None))
    print("\ndemo: stopped. What was written is in", ROOT.relative_to(Path.cwd()))
    return 0


def _options(said: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo ARGS=…", description=__doc__)
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="how many times faster the van's day runs: its clock is wrong then, and pages say so",
    )
    parser.add_argument(
        "--log", type=Path, help="a recorded NMEA log instead of the simulated tour"
    )
    parser.add_argument("--seconds", type=float, help="stop by itself after this time")
    parser.add_argument("--keep", action="store_true", help="go on with what the last demo wrote")
    return parser.parse_args(said)


def say(text: str) -> None:
    """One line of progress."""
    print("demo:", text, flush=True)


def _found(
    start: Callable[..., None], options: argparse.Namespace, *, again: bool
) -> tuple[str, str]:
    """A federation, its broker, and the unit that is enrolled in it; their two files."""
    port = _port("port")
    founded = Federation(ROOT, port)
    if not again:
        say("authority: founding a federation, with twelve units in its registry")
        demo_fleet.write_units(UNITS)
        founded.found(UNITS)
    start("broker", *founded.broker())
    eventually(lambda: _answers(port), what="the broker answers")
    start("provisioning", *founded.serve)
    unit, federation = _configurations(founded, port, options.speed)
    if not again:
        say("pages: vehicles, accounts, tours and workshops are being written")
        told = (federation, UNITS, PASSWORDS, ROOT / "passphrase-file")
        start("plans", sys.executable, "-m", "tools.demo_site", *map(str, told))
        bundle, code = founded.bundle(UNIT)
        say(f"card: {bundle.relative_to(Path.cwd())}, and the code {code}")
        enrol(Path(unit), bundle, code, ROOT / "unit", lambda line: say(f"enrol: {line}"))
        rows = demo_fleet.give_past(ROOT / "unit", UNIT)
        say(f"past: {rows} rows of the last weeks are on its card, and nobody has them yet")
    return unit, federation


def _port(name: str, usual: int = 0) -> int:
    """The one that the last demo had, since the unit's bundle names it; the usual one if free."""
    kept = ROOT / name
    if not kept.exists():
        free = free_port() if not usual or _answers(usual) else usual
        kept.write_text(str(free), encoding="ascii")
    return int(kept.read_text(encoding="ascii"))


def _web_port() -> int:
    return _port("web-port", WEB_PORT)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
        return True
    return False


def _configurations(founded: Federation, port: int, speed: float) -> tuple[str, str]:
    unit = write_toml(
        ROOT / "unit.toml",
        {
            "unit": {"id": UNIT, "vehicle_name": "Camion Germaine", "territory": "Vendée"},
            "paths": {"data": ROOT / "unit", "run": ROOT / "run"},
            "broker": {"host": "localhost", "port": port},
            "gps": {"port": ROOT / "dev/gps"},
            "screen": {"fullscreen": False, "unread_languages": True},
            "panel": {"buzzer": 22},
            "twin": {"clock_rate": speed, "pins": "mock"},
        },
    )
    people = {"open_names": [login()], "erase": [login()]}
    federation = write_toml(
        ROOT / "federation.toml",
        {
            "store": {"data": ROOT / "federation"},
            "people": people,
            "web": {"port": _web_port()},
            **founded.sections(),
        },
    )
    return str(unit), str(federation)


def _sign_up(unit: str) -> None:
    """Somebody gives a name: it is sealed before it is on the card."""
    command = [_program("escale"), "--config", unit, "journal", "sign-up", "cv-telephone"]
    name = "Germaine\n06 12 34 56 78\n"
    subprocess.run(
        [*command, "--number", "1"], input=name, text=True, check=True, stderr=subprocess.DEVNULL
    )
    federation = (ROOT / "federation.toml").relative_to(Path.cwd())
    say("sign-up: one name, sealed. To read it as the federation does, once it has arrived:")
    say(f"    .venv/bin/escale-federation --config {federation} export --signup 1 --reason demo")
    say(f"    with the passphrase in {(ROOT / 'passphrase-file').relative_to(Path.cwd())}")


def _gps(options: argparse.Namespace) -> list[str]:
    log = options.log
    if log is None:
        log = ROOT / "tour.nmea"
        say("GPS: writing a simulated tour; its first stop is told of in four minutes")
        demo_day.write_log(log, datetime.now(UTC))
    return [str(log), "--link", str(ROOT / "dev/gps"), "--speed", str(options.speed)]


def _live(start: Callable[..., None], federation: str, *, again: bool) -> None:
    """The pages, what is planned on them, and the other vehicles with their past."""
    passphrase, logs = ROOT / "passphrase-file", ROOT / "log"
    if not again:
        eventually(lambda: demo_fleet.says(logs / "plans.log", PLANNED), seconds=60)
    closed = ("--passphrase-file", str(passphrase))
    start("web", "escale-federation", "--config", federation, "web", *closed)
    authority = ROOT / "authority"
    start(
        "fleet",
        *demo_fleet.command(Path(federation), authority, passphrase, UNIT, past=not again),
    )
    say("fleet: ten vehicles tell of their last weeks")
    eventually(lambda: demo_fleet.says(logs / "fleet.log", PAST_TOLD), seconds=120)
    eventually(lambda: _answers(_web_port()), seconds=60, what="the pages answer")


def _tell_where() -> None:
    say(f"pages: http://localhost:{_web_port()}/  Come in as one of")
    for line in PASSWORDS.read_text(encoding="utf-8").splitlines():
        say(f"    {line}")


def _screen(parts: contextlib.ExitStack, unit: str) -> VirtualDisplay | None:
    """The screen, in a window; without a display, on one that nobody sees."""
    seen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    display = None if seen else parts.enter_context(VirtualDisplay())
    environment = {} if display is None else {"DISPLAY": display.name}
    parts.enter_context(_running("screen", "escale-screen", "--config", unit, **environment))
    if display is not None:
        where = PICTURE.relative_to(Path.cwd())
        say(f"screen: no display here, so a simulated visitor touches it; see {where}")
    return display


def _visit(display: VirtualDisplay) -> Iterator[None]:
    """A visitor a step at a time, for ever: touches the screen, looks, touches again."""
    chance = random.Random(7)
    yield  # the window needs a moment
    languages = [(x, y) for y in (133, 236, 339) for x in (437, 670)]
    doors = [(x, y) for y in (155, 310) for x in (110, 303, 497, 690)]
    while True:
        language = chance.choice(languages)
        # The second one is read from the right.
        yes = (230, 200) if language == languages[1] else (577, 200)
        for place in (language, chance.choice(doors), yes):
            display.touch(*place)
            yield
            display.picture(PICTURE)
        for _ in range(6):
            yield


def _program(name: str) -> str:
    return name if "/" in name or name == "mosquitto" else str(BIN / name)


def _once(name: str, *arguments: str) -> None:
    subprocess.run([_program(name), *arguments], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def _running(name: str, program: str, *arguments: str, **environment: str) -> Iterator[None]:
    say(f"{name}: started, its log is var/demo/log/{name}.log")
    log = ROOT / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [_program(program), *arguments],
            stdout=out,
            stderr=out,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _watch(federation: str, seconds: float | None, visitor: Iterator[None]) -> None:
    """The fleet as the federation knows it, every two seconds."""
    limit = time.monotonic() + seconds if seconds else float("inf")
    command = [_program("escale-federation"), "--config", federation, "status"]
    while time.monotonic() < limit:
        table = subprocess.run(command, capture_output=True, text=True, check=False)
        clear = "\x1b[H\x1b[2J" if sys.stdout.isatty() else ""
        print(f"{clear}{table.stdout or table.stderr}(Ctrl-C stops everything)", flush=True)
        next(visitor)
        time.sleep(2)


if __name__ == "__main__":
    sys.exit(main())
