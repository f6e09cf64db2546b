"""The fleet's page with 2,400 vehicles: what travels, how long the server takes, how soon a change
is seen in a browser.

Vehicles have 600 centres' names, places of their own, hours of their own: what does not repeat is
what does not compress. The stream is measured in a real browser on a real site, the store being
written as ingest writes it: from the commit to the word on the page.
"""

import gzip
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from django.conf import settings

from federation.absorb import EpochState
from federation.config import FederationConfig
from federation.database import Database, open_ledger
from federation.spans import Span
from federation.web.fleet import board as boards
from protocol import messages
from protocol.messages import JournalStatus, Place, Status
from tests.federation.web.browser import Browser, Served, chromium
from tests.federation.web.site import PASSWORD, Ground
from tests.support import eventually

FLEET = 2400
ROUNDS = 9
CHANGES = 20
HOUR = 3_600_000
NAMES = (
    *("Germaine", "Simone", "Paulette", "Lucie", "Rosa", "Marcel", "Joséphine", "Olympe", "Aimé"),
    *("Louise", "Abbé Pierre", "Léon", "Solitude", "Colette", "Jean", "Berthe", "Gisèle", "Flora"),
)
"""Vans have the names of people that many streets have too."""
random.seed(5)
_SYLLABLES = ("ma", "lou", "ger", "vi", "sau", "bel", "cha", "ro", "nant", "ci", "pré", "val")


def word() -> str:
    """A name that nobody has."""
    return "".join(random.choice(_SYLLABLES) for _ in range(random.randrange(2, 5)))


COMMUNES = [word().title() for _ in range(FLEET // 4 * 3)]


def main() -> None:
    """Prints what docs/figures.md quotes."""
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground()
        vehicles(ground.config)
        ledger = open_ledger(ground.config.store)
        talk(ledger)
        page(ground)
        upkeep(ground, ledger)
        with chromium() as browser:
            seen(ground, ledger, browser, Path(folder))
        ledger.close()


def page(ground: Ground) -> None:
    """What travels at the first visit, and how long the server takes."""
    from django.test import Client

    from federation.web.accounts.models import Account

    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(Account.objects.get(login="federation"))
    first = timed(lambda: client.get("/"))
    began = time.thread_time()
    times = [timed(lambda: client.get("/")) for _ in range(ROUNDS)]
    work = (time.thread_time() - began) / ROUNDS
    answer = client.get("/")
    text = gzip.decompress(answer.content).decode()
    shown = len(re.findall(r"<tr class=[motq]>", text))
    every = len(client.get("/?tout=1").content)
    own: list[str] = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    assets = {url: len(gzip.compress(static(url), 6)) for url in own}
    total = len(answer.content) + sum(assets.values())
    print(f"{FLEET} vehicles, {shown} rows at first, page {kilo(len(text.encode()))},", end=" ")
    print(f"compressed {kilo(len(answer.content))}; with every row {kilo(every)}")
    print(
        f"with its assets {kilo(total)}: " + ", ".join(f"{u} {kilo(n)}" for u, n in assets.items())
    )
    print(f"server time {spread(times)}, of it work {work * 1000:.0f} ms;", end=" ")
    print(f"the first after the start {first * 1000:.0f} ms")


def upkeep(ground: Ground, ledger: Database) -> None:
    """What a look costs: nothing committed, and one vehicle that said something."""
    board = boards.of(ground.config.store)
    quiet = [timed(board.look) for _ in range(ROUNDS)]
    busy = []
    for number in range(ROUNDS):
        say(ledger, number, time.time_ns() // 1_000_000)
        busy.append(timed(board.look))
    board.close()
    print(f"a look of the board: nothing new {spread(quiet)}; a word of one {spread(busy)}")


def seen(ground: Ground, ledger: Database, browser: Browser, folder: Path) -> None:
    """From the commit of a unit's word to its row in the browser."""
    served = Served(folder, ground.config.store.data).start()
    try:
        browser.open(served.url).login("federation", PASSWORD)
        browser.go("/?tout=1").sees("en direct", "#live", 30)
        fetched = browser.elsewhere()
        waits = []
        for number in range(CHANGES):
            time.sleep(random.random())  # not in step with the looks
            place = f"Place du {number}e essai"
            began = time.monotonic()
            say(ledger, number, time.time_ns() // 1_000_000, place)
            script = "return document.getElementById('rows').textContent.includes(arguments[0])"
            eventually(lambda: browser.driver.execute_script(script, place), 30.0, place)  # noqa: B023
            waits.append(time.monotonic() - began)
    finally:
        served.kill()
    print(f"a change is seen after {spread(waits)}; asked for elsewhere: {fetched or 'nothing'}")


def vehicles(config: FederationConfig) -> None:
    """2,400 vehicles in 600 centres of 44 territories."""
    from federation.web.fleet.models import Box, Centre, Territory, Vehicle

    territories = [
        Territory.objects.create(code=f"t{number}", name=word().title()) for number in range(44)
    ]
    centres = Centre.objects.bulk_create(
        Centre(territory=random.choice(territories), name=f"{word().title()} {word()}")
        for _ in range(FLEET // 4)
    )
    made = Vehicle.objects.bulk_create(
        Vehicle(
            name=f"{'Camion' if number % 5 else 'Bus'} {random.choice(NAMES)} {number % 4 + 1}",
            centre=centres[number // 4],
        )
        for number in range(FLEET)
    )
    Box.objects.bulk_create(
        Box(unit=f"van-{number:04d}", vehicle=vehicle, since=0)
        for number, vehicle in enumerate(made)
    )
    assert config is settings.ESCALE


def talk(ledger: Database) -> None:
    """All said something in the last hours; one in twelve is gone, one in thirty has a fault."""
    now = time.time_ns() // 1_000_000
    state = msgspec.json.encode(EpochState(counted=(Span(1, 100),)))
    for number in range(FLEET):
        ago = random.randrange(50_000) if number % 12 else random.randrange(6 * HOUR)
        unit, at = f"van-{number:04d}", now - ago - random.randrange(HOUR)
        ledger.execute(
            "INSERT INTO event (unit, epoch, seq, type, body, utc, source, digest, received)"
            " VALUES (?, 7, 100, 'visit.noted', ?, ?, 'gps', ?, ?)",
            (unit, b"{}", at, b"8" * 8, at),
        )
        ledger.execute(
            "INSERT INTO epoch (unit, epoch, journal, stored_to, digest, state)"
            " VALUES (?, 7, 'screen', 100, ?, ?)",
            (unit, b"8" * 8, state),
        )
        say(ledger, number, now - ago, online=bool(number % 12))


def say(ledger: Database, number: int, at: int, place: str = "", *, online: bool = True) -> None:
    """A unit's word, as ingest keeps it."""
    head = 100 + (random.randrange(4) if online else random.randrange(400))
    faults = ("disk low",) if number % 30 == 7 else ()
    word = Status(
        boot_id="b", boottime=1, utc=at, version="0.4.0" if number % 9 else "0.3.1",
        journals={"screen": [JournalStatus(epoch=7, head=head, watermark=100)]},
        duty="on", battery_volts=12 + random.random(), disk_free=random.randrange(10**9, 10**10),
        faults=faults,
        place=Place(
            name=place or place_of(number), lat=43 + random.random() * 6.5, lon=random.random() * 7,
            arrived=at - HOUR,
        ),
    )  # fmt: skip
    with ledger.transaction():
        ledger.execute(
            "INSERT INTO unit (unit, first_seen, online, since, status, status_received)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (unit) DO UPDATE SET"
            " online = excluded.online, status = excluded.status,"
            " status_received = excluded.status_received",
            (f"van-{number:04d}", at, int(online), at - 2 * HOUR, messages.encode(word), at),
        )
    ledger.announce()


def place_of(number: int) -> str:
    """Stops have names of their own; the vans of a centre go to the same communes."""
    commune = COMMUNES[(number // 4 * 3 + random.randrange(3)) % len(COMMUNES)]
    return f"{('Marché', 'École', 'Mairie')[number % 3]} de {commune}"


def static(url: str) -> bytes:
    """The bytes of an asset."""
    from django.contrib.staticfiles import finders

    path = finders.find(url.removeprefix("/static/"))
    assert path is not None, url
    return Path(path).read_bytes()


def timed(deed: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def spread(times: list[float]) -> str:
    """Median, with the extremes."""
    told = sorted(times)
    return (
        f"{statistics.median(told) * 1000:.0f} ms ({told[0] * 1000:.0f} to {told[-1] * 1000:.0f})"
    )


def kilo(octets: int) -> str:
    """In kB of a thousand bytes."""
    return f"{octets / 1000:.1f} kB"


if __name__ == "__main__":
    main()
