"""The pages over PostgreSQL, in a process of their own: Django is set up once in each.

Makes a vehicle in trouble, lets alerts look, asks every address that programs ask; prints what
came as JSON.
"""

import json
import sys
import time
from contextlib import closing
from pathlib import Path

from federation import config
from federation.ledger import Ledger
from federation.projections import basis
from federation.projections.projector import Projector
from federation.twins.queue import Queue
from federation.web import site as pages
from protocol.stops import Arrived
from protocol.visits import CheckedIn
from tests.federation.bench import Bench, ingest_on, link, status
from tests.federation.van import UNIT, Van

ADDRESSES = (
    "vehicles", "units", "stops", "workshops", "aggregates?period=2026&axis=theme", "completeness",
    "events", "events?type=stop.arrived", "cloudevents",
)  # fmt: skip


def main(path: str) -> None:
    """`path`: of the one file."""
    settings = config.load(Path(path))
    pages.prepare(settings)
    with closing(Ledger.open(settings.store)) as ledger:
        _van(settings, ledger)
        json.dump(_asked(), sys.stdout)


def _van(settings: config.FederationConfig, ledger: Ledger) -> None:
    from federation.web.alerts.models import Delay
    from federation.web.fleet.models import Box, Centre, Territory, Vehicle

    where = Territory.objects.create(code="nord", name="Nord")
    centre = Centre.objects.create(territory=where, name="Les Lilas")
    vehicle = Vehicle.objects.create(name="Germaine", centre=centre)
    Box.objects.create(unit=UNIT, vehicle=vehicle, since=0)
    Delay.objects.create(territory=where, others=0)
    queue, van = Queue(), Van(UNIT)
    bench = Bench(ledger, queue, ingest_on(ledger, queue, settings.store, _now), settings.store)
    van.utc_at_boot = 1_780_000_000_000
    van.append(Arrived(source="gps", lat=47.2, lon=-1.5))
    van.append(CheckedIn(number=1, door="demarches", theme="demarches"))
    bench.arrive(link(), status(disk_free=1))
    bench.drain(van)
    projector = Projector(ledger.database, basis.Reader(settings))
    while projector.step(0.0, budget=10.0):
        pass


def _asked() -> dict[str, object]:
    from django.test import Client

    from federation.web.accounts.models import Account
    from federation.web.alerts.models import Alert
    from federation.web.alerts.rounds import Rounds
    from federation.web.api import records, tokens

    records.HORIZON = 0  # type: ignore[misc]
    Rounds().look(_now())
    account = Account.objects.create(login="f", role="federation", password=None)
    _, text = tokens.make(account, 1, name="x", role="federation", expires=2**43)
    browser = Client(headers={"Host": "localhost", "Authorization": f"Bearer {text}"})
    browser.force_login(account)
    found: dict[str, object] = {"alerts": sorted(Alert.objects.values_list("kind", "state"))}
    for address in ADDRESSES:
        answer = browser.get(f"/api/v1/{address}")
        content = json.loads(answer.content)
        found[address] = len(content if isinstance(content, list) else content["items"])
    for address in ("/metrics", "/health/ready", "/alertes/", "/alertes/historique/"):
        found[address] = browser.get(address).status_code
    return found


def _now() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main(sys.argv[1])
