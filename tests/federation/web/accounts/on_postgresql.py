"""Accounts and people's rights over PostgreSQL, in a process of their own: Django is set up once.

Somebody guesses, comes in, finds a sign-up, opens its name, has it forgotten; prints what came of
each as JSON.
"""

import json
import sys
import time
from contextlib import closing
from pathlib import Path

from federation import config
from federation.ledger import Ledger
from federation.people import store
from federation.people.duties import Duties
from federation.twins.queue import Queue
from federation.web import keyring
from federation.web import site as pages
from federation.web.keyring import Keyring
from protocol import sealing
from protocol.event import Key
from protocol.sealing import Binding
from protocol.workshops import SignedUp
from tests.federation.bench import Bench, ingest_on
from tests.federation.van import TRUSTED, UNIT, Van

PASSWORD = "un-camion-passe-par-la"


def main(path: str) -> None:
    """`path`: of the one file."""
    settings = config.load(Path(path))
    pages.prepare(settings)
    keyring.hold(Keyring(sealing=TRUSTED.sealing))
    with closing(Ledger.open(settings.store)) as ledger:
        _sign_up(settings, ledger)
        json.dump(_asked(settings, Duties(settings, ledger, utc=_now)), sys.stdout)


def _sign_up(settings: config.FederationConfig, ledger: Ledger) -> None:
    queue, van, key = Queue(), Van(UNIT), Key(7, 1)
    bench = Bench(ledger, queue, ingest_on(ledger, queue, settings.store, _now), settings.store)
    to = [TRUSTED.sealing.public_key(), TRUSTED.recovery.public_key()]
    envelope = sealing.seal({"first_name": "Aïcha", "phone": "06"}, to, Binding(UNIT, key))
    told = SignedUp(workshop="cv", number=12, sealed=sealing.digest(envelope))
    van.append(told, envelope=envelope)
    bench.drain(van)


def _asked(settings: config.FederationConfig, duties: Duties) -> dict[str, object]:
    from django.test import Client

    from federation.web.accounts import chores
    from federation.web.accounts.models import Account, Try

    Account.objects.create(login="lou", role="federation", password=PASSWORD)
    browser = Client(headers={"host": "localhost"})
    login, rights = "/comptes/entrer/", "/comptes/droits/"
    said: dict[str, object] = {
        f"try {number}": browser.post(login, {"username": "x", "password": "y"}).status_code
        for number in range(6)
    }
    form = {"username": "lou", "password": PASSWORD}
    said["in"] = (
        Client(headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.1").post(login, form).status_code
    )
    said["kept"] = Try.objects.count()
    browser.force_login(Account.objects.get())
    said["found"] = "1 inscription" in browser.post(rights, {"number": 12}).content.decode()
    chosen = {"unit": UNIT, "epoch": 7, "seq": 1, "reason": "essai"}
    said["opened"] = "Aïcha" in browser.post(f"{rights}ouvrir/", chosen).content.decode()
    proof = browser.post(f"{rights}effacer/", chosen).headers["Location"]
    duties.step(10.0)
    chores.follow_erasures(_now())
    chores.drop_sessions(_now())
    said["proof"] = "ne sont plus dans la base" in browser.get(proof).content.decode()
    said["journal"] = browser.get("/comptes/journal/").content.decode().count("compte lou</td>")
    said["sound"] = [line.sound for line in store.lines(settings.store)]
    return said


def _now() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main(sys.argv[1])
