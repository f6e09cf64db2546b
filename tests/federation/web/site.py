"""The federation's pages on the bench: a real store, accounts of every role, real vans.

Two territories. In the first two centres, so that a centre can be told from its territory:

    nord    Les Lilas        Germaine   van-germaine   Europe/Paris
    nord    Maison du Parc   Simone     van-simone     Europe/Paris
    guyane  Les Hibiscus     Paulette   van-paulette   America/Cayenne
"""

import atexit
import shutil
import tempfile
import time
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import django
import msgspec
from django.db import connections
from django.test import Client
from django.test.utils import setup_test_environment

from federation import config
from federation.config import FederationConfig
from federation.ledger import Ledger
from federation.people.duties import Duties
from federation.projections import basis
from federation.projections.projector import Projector
from federation.twins.queue import Queue
from federation.web import site as pages
from federation.web.settings import configure
from protocol import closed_keys, sealing
from protocol.event import Event, Key
from protocol.sealing import Binding
from protocol.workshops import SignedUp
from tests.federation.bench import Bench, ingest_on
from tests.federation.van import TRUSTED, UNIT, Van
from tests.support import write_toml
from tests.trusted import pem, put

PASSWORD: Final = "un-camion-passe-par-la"
PASSPHRASE: Final = "trois trains passent"
"""Of the sealing key."""
SPRING: Final = 1_780_000_000_000
"""When a van's day begins unless said otherwise: 2026-05-28, 20:26:40 UTC."""
SIMONE, PAULETTE = "van-simone", "van-paulette"
FLEET: Final = (
    ("nord", "Nord", "Les Lilas", "Germaine", "camion", "Europe/Paris", UNIT),
    ("nord", "Nord", "Maison du Parc", "Simone", "camping-car", "Europe/Paris", SIMONE),
    ("guyane", "Guyane", "Les Hibiscus", "Paulette", "triporteur", "America/Cayenne", PAULETTE),
)


def _configured(folder: Path) -> FederationConfig:
    """The federation's file, with keys; those that open names are closed."""
    identity = TRUSTED.federation(folder / "keys")
    closed = closed_keys.close(TRUSTED.sealing, PASSPHRASE, b"s" * 16)
    put(folder / "keys" / "sealing.pem", closed)
    put(folder / "passphrase", PASSPHRASE + "\n")
    put(folder / "recovery.pem", pem(TRUSTED.recovery))
    store: dict[str, object] = {"data": folder / "data", "backups": folder / "backups"}
    (folder / "data").mkdir(parents=True)
    return config.load(write_toml(folder / "federation.toml", {"store": store, **identity}))


# Here, not in a fixture: a module that imports a view or a table needs Django to be ready, and
# Django is configured once in a process.
FOLDER: Final = Path(tempfile.mkdtemp(prefix="escale-pages-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
TOML: Final = FOLDER / "federation.toml"
CONFIG: Final = _configured(FOLDER)
configure(CONFIG)
django.setup()


class Person(NamedTuple):
    """Somebody with an account; the login is the key in `PEOPLE`."""

    role: str
    territory: str | None = None
    centre: str | None = None


PEOPLE: Final = {
    "federation": Person("federation"),
    "territory": Person("territory", "nord"),
    "centre": Person("centre", "nord", "Les Lilas"),
    "funder": Person("funder"),
    "auditor": Person("auditor"),
    "territory-guyane": Person("territory", "guyane"),
    "centre-parc": Person("centre", "nord", "Maison du Parc"),
    "funder-nord": Person("funder", "nord"),
}
ROLES: Final = ("federation", "territory", "centre", "funder", "auditor")
"""Logins of one account of each role; the first four letters of the map above see the north."""


class Ground:
    """What every test of one process stands on: tables made once, on files put back."""

    def __init__(self) -> None:
        self.folder, self.toml, self.config = FOLDER, TOML, CONFIG
        self.kept = FOLDER / "kept"
        pages.prepare(self.config)
        setup_test_environment()
        self._people()
        Ledger.open(self.config.store).close()
        connections.close_all()
        shutil.copytree(self.config.store.data, self.kept)

    def restore(self) -> None:
        """The store as it was made."""
        connections.close_all()
        for folder in (self.config.store.data, self.folder / "backups"):
            if folder.exists():
                shutil.rmtree(folder)
        shutil.copytree(self.kept, self.config.store.data)

    def _people(self) -> None:
        from federation.web.accounts.models import Account
        from federation.web.fleet.models import Box, Centre, Territory, Vehicle

        for code, territory, house, name, kind, zone, unit in FLEET:
            where, _ = Territory.objects.get_or_create(code=code, name=territory)
            centre, _ = Centre.objects.get_or_create(territory=where, name=house)
            vehicle = Vehicle.objects.create(name=name, kind=kind, centre=centre, zone=zone)
            Box.objects.create(unit=unit, vehicle=vehicle, since=0)
        for login, (role, code, house) in PEOPLE.items():
            territory = Territory.objects.get(code=code) if code and not house else None
            centre = Centre.objects.get(territory__code=code, name=house) if house else None
            Account.objects.create(
                login=login, role=role, territory=territory, centre=centre,
                email=f"{login}@escale.test", password=PASSWORD,
            )  # fmt: skip


class Site:
    """The pages over a store of this test's own."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.config = ground, ground.config
        self.folder, self.toml = ground.folder, ground.toml
        self._vans: dict[str, Van] = {}
        self._ending = ExitStack()

    def as_(self, login: str) -> Client:
        """A browser in which somebody came in; `PEOPLE` has the logins."""
        browser = Client()
        browser.force_login(self.account(login))
        return browser

    def nobody(self, **more: object) -> Client:
        """A browser in which nobody came in."""
        return Client(**more)  # type: ignore[arg-type]

    def account(self, login: str) -> object:
        """As the tables have it now."""
        from federation.web.accounts.models import Account

        return Account.objects.get(login=login)

    def vehicle(self, name: str) -> object:
        """Germaine, Simone or Paulette."""
        from federation.web.fleet.models import Vehicle

        return Vehicle.objects.get(name=name)

    @cached_property
    def bench(self) -> Bench:
        """Ingest over the same ledger: the only writer, until the test ends."""
        ledger = Ledger.open(self.config.store)
        self._ending.callback(ledger.close)
        queue = Queue()
        return Bench(
            ledger, queue, ingest_on(ledger, queue, self.config.store, _now), self.config.store
        )

    @cached_property
    def _duties(self) -> Duties:
        return Duties(self.config, self.bench.ledger, utc=_now)

    @cached_property
    def _projector(self) -> Projector:
        return Projector(self.bench.ledger.database, basis.Reader(self.config))

    def van(self, unit: str = UNIT, *, at: int = SPRING) -> Van:
        """A van with a clock: its rows are a second apart, from `at` on (ms since 1970)."""
        if unit not in self._vans:
            self._vans[unit] = Van(unit, epoch=7 + len(self._vans))
            self._vans[unit].utc_at_boot = at
        return self._vans[unit]

    def tell(self, *events: Event, unit: str = UNIT, at: int | None = None) -> list[Key]:
        """A van notes these and sends them; their keys. `at`: when, ms since 1970."""
        van = self.van(unit)
        keys = []
        for event in events:
            if at is not None:
                van.utc_at_boot = at - van.boottime - 1000
            keys.append(Key(van.epoch, van.append(event).seq))
        self.arrive(unit)
        return keys

    def sign_up(
        self,
        number: int,
        first_name: str,
        phone: str = "06 12 34 56 78",
        *,
        unit: str = UNIT,
        workshop: str = "cv-telephone",
        **more: object,
    ) -> Key:
        """Somebody signs up on a van, sealed as on a van; the sign-up's key."""
        van = self.van(unit)
        key = Key(van.epoch, van.head + 1)
        to = [TRUSTED.sealing.public_key(), TRUSTED.recovery.public_key()]
        fields = {"first_name": first_name, "phone": phone}
        envelope = sealing.seal(fields, to, Binding(unit, key))
        told = {"workshop": workshop, "number": number, "sealed": sealing.digest(envelope)}
        van.append(msgspec.convert(told | more, SignedUp), envelope=envelope)
        self.arrive(unit)
        return key

    def arrive(self, unit: str = UNIT) -> None:
        """What the van has noted reaches the ledger, and what follows the ledger follows."""
        self.bench.drain(self.van(unit))
        self.settle()

    def settle(self) -> None:
        """What ingest does beside receiving: erase what was asked for, project."""
        self.bench.now += 3600.0
        self._duties.step(self.bench.now)
        while self._projector.step(self.bench.now, budget=5.0):
            pass

    def close(self) -> None:
        """Lets go of the ledger, and of what still reads it before its files are put back."""
        from federation.web.fleet import board

        board.of(self.config.store).close()
        self._ending.close()
        connections.close_all()


def _now() -> int:
    return time.time_ns() // 1_000_000
