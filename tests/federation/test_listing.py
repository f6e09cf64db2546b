"""What a technician reads of the fleet and of the ledger."""

import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from federation import listing, outbox
from federation.config import FederationConfig, Keys, Places, Store
from federation.database import open_ledger
from federation.errors import OperatorError
from federation.ledger import Ledger
from federation.projections import basis
from federation.projections.projector import Projector
from federation.twins.queue import Queue
from protocol.event import Key
from protocol.messages import GpsStatus, JournalStatus, Refusal
from protocol.row import Tombstone
from protocol.stops import Arrived, Departed
from protocol.unit import ClockSet
from provisioning import issuing
from tests.trusted import put

from .bench import Bench, ingest_on, link, status
from .stores import on_sqlite
from .van import BEGINS, LIFE, TRUSTED, UNIT, Van

NINE = 1_777_885_200_000  # 2026-05-04 09:00 UTC


@pytest.fixture
def settings(store: Store) -> FederationConfig:
    """A ledger with a van's morning in it, and a neighbour that never sent an event."""
    found = FederationConfig(store=store)
    ledger = Ledger.open(found.store)
    queue = Queue()
    bench = Bench(ledger, queue, ingest_on(ledger, queue, found.store, lambda: NINE), found.store)
    van = morning()
    word = {"screen": [JournalStatus(epoch=7, head=12, watermark=5)]}
    bench.arrive(
        van.delivery(1, 3),
        van.delivery(4, 4, damaged=True),
        van.delivery(5, 6),
        link(),
        link("van-simone", online=False),
        status(
            journals=word,
            utc=NINE - 700,
            duty="on",
            gps=GpsStatus(state="fix", satellites=7, bad_sentences=3),
            disk_free=5_000_000,
            documents={"tour": 2},
            faults=("disk nearly full",),
            quarantined=1,
        ),
    )
    ledger.close()
    return found


def morning() -> Van:
    van = Van()
    van.append(ClockSet(boot_id="boot-1", boottime=0, utc=NINE, source="gps", error=20))
    van.append(Arrived(source="gps", lat=49.083, lon=6.703, name="Marché", commune="57690"))
    van.append(Departed(source="gps", stop=Key(7, 2)))
    van.notes(1)
    van.append(Arrived(source="driver", lat=49.2, lon=6.9))
    van.note(6)
    van.rows[5] = Tombstone(6, "visit.noted", 12, van.digest(6))
    return van


def projected(settings: FederationConfig) -> None:
    """Ingest has been at work."""
    with closing(open_ledger(settings.store)) as database:
        projector = Projector(database, basis.Reader(settings))
        while projector.step(0.0, budget=10.0):
            pass


def printed(settings: FederationConfig, now: int = NINE) -> str:
    projected(settings)
    out = io.StringIO()
    assert listing.status(settings, out, as_json=False, now=now) == 0
    return out.getvalue()


def units(settings: FederationConfig, now: int = NINE) -> list[dict[str, Any]]:
    projected(settings)
    out = io.StringIO()
    assert listing.status(settings, out, as_json=True, now=now) == 0
    found: list[dict[str, Any]] = json.loads(out.getvalue())
    return found


def lines(settings: FederationConfig, *, unit: str | None = None) -> list[dict[str, Any]]:
    out = io.StringIO()
    assert listing.ledger(settings, out, as_json=True, unit=unit) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_fleet_is_a_table_with_remarks_below(settings: FederationConfig) -> None:
    assert printed(settings) == (
        "unit          link     since                 last event            "
        "head  watermark  backlog  last stop\n"
        "van-germaine  online   2026-05-04 09:00:00Z  2026-05-04 09:00:00Z  "
        "  12          6        6  ? (commune inconnue), 2026-05-04 09:00:05Z to now\n"
        "van-simone    offline  2026-05-04 09:00:00Z  -                     "
        "   0          0        0  -\n"
        "van-germaine: 1 rows kept as unread bytes; 1 rows too damaged to travel; "
        "1 stops in a commune inconnue; disk nearly full\n"
    )


def test_the_fleet_as_json_says_all_that_is_known(settings: FederationConfig) -> None:
    van, neighbour = units(settings)
    assert van == {
        "unit": UNIT,
        "online": True,
        "link": "online",
        "since": NINE,
        "last_event": NINE,
        "head": 12,
        "watermark": 6,
        "backlog": 6,
        "last_stop": {
            "name": "",
            "commune": "commune inconnue",
            "arrived": NINE + 5000,
            "departed": None,
            "source": "driver",
        },
        "journals": [
            {
                "journal": "screen",
                "epoch": 7,
                "head": 12,
                "watermark": 6,
                "backlog": 6,
                "live": True,
                "fork_at": None,
                "rejected": 1,
            }
        ],
        "version": "0.1.0",
        "boot_id": "boot-1",
        "status_at": NINE - 700,
        "status_received": NINE,
        "duty": "on",
        "gps": {"state": "fix", "satellites": 7, "bad_sentences": 3, "detail": ""},
        "disk_free": 5_000_000,
        "desired": {},
        "documents": {"tour": 2},
        "refused": {},
        "certificate_until": int((BEGINS + LIFE).timestamp() * 1000),
        "faults": ["disk nearly full"],
        "quarantined": 1,
        "rejected": 1,
        "apart": 0,
        "not_authentic": 0,
        "forks": 0,
        "broken_chains": 0,
        "wrong_envelopes": 0,
        "unknown_communes": 1,
    }
    assert (neighbour["unit"], neighbour["link"], neighbour["last_stop"], neighbour["gps"]) == (
        "van-simone", "offline", None, None
    )  # fmt: skip


def test_a_unit_of_which_nothing_comes_any_more_is_silent_since_its_last_word(
    settings: FederationConfig,
) -> None:
    assert units(settings, NINE + 180_000)[0]["link"] == "online"
    van, neighbour = units(settings, NINE + 180_001)
    assert (van["online"], van["link"], van["since"]) == (False, "silent", NINE)
    assert neighbour["link"] == "offline"
    assert "van-germaine  silent   2026-05-04 09:00:00Z" in printed(settings, NINE + 180_001)


def test_rows_are_a_sign_of_life_too(settings: FederationConfig) -> None:
    ledger = Ledger.open(settings.store)
    with ledger.transaction():
        ledger.store(morning().notes(1).batch(7, 7), NINE + 170_000)
    ledger.close()
    assert units(settings, NINE + 350_000)[0]["link"] == "online"
    assert units(settings, NINE + 350_001)[0]["since"] == NINE + 170_000


def test_a_stop_without_commune_gets_that_of_a_published_tour(settings: FederationConfig) -> None:
    tour = (
        b'{"tours":[{"day":"2026-05-04","name":"t","stops":[{"id":"e","name":"\xc3\x89cole",'
        b'"lat":49.201,"lon":6.901,"commune":"57480","opens":1,"closes":2}]}]}'
    )
    outbox.publish(settings.store, TRUSTED.documents, [UNIT], "tour", tour, NINE)
    van = units(settings)[0]
    assert (van["last_stop"]["name"], van["last_stop"]["commune"]) == ("École", "57480")
    assert van["unknown_communes"] == 0


def test_or_that_of_the_listed_places(settings: FederationConfig, tmp_path: Path) -> None:
    listed = tmp_path / "places.csv"
    listed.write_text("name,insee,lat,lon\nBourg,57111,49.21,6.9\n", encoding="utf-8")
    near = FederationConfig(store=settings.store, places=Places(file=listed))
    assert units(near)[0]["last_stop"]["commune"] == "57111"
    nearer = FederationConfig(store=settings.store, places=Places(file=listed, within_km=0.5))
    assert units(nearer)[0]["last_stop"]["commune"] == "commune inconnue"


def test_the_ledger_as_json_lines(settings: FederationConfig) -> None:
    found = lines(settings)
    digests = [morning().digest(seq).hex() for seq in range(1, 7)]
    assert found[1] == {
        "unit": UNIT,
        "epoch": 7,
        "seq": 2,
        "type": "stop.arrived",
        "body": {
            "source": "gps", "lat": 49.083, "lon": 6.703, "name": "Marché", "commune": "57690"
        },
        "size": None,
        "boot_id": "boot-1",
        "boottime": 2000,
        "utc": NINE + 2000,
        "source": "gps",
        "error": 20,
        "digest": digests[1],
        "origin": None,
        "copy_of": None,
        "received": NINE,
    }  # fmt: skip
    assert [line["seq"] for line in found] == [1, 2, 3, 5, 6]
    assert (found[-1]["body"], found[-1]["size"], found[-1]["boot_id"]) == (None, 12, None)


def test_the_ledger_of_one_unit(settings: FederationConfig) -> None:
    assert len(lines(settings, unit=UNIT)) == 5
    assert lines(settings, unit="van-simone") == []


def test_the_ledger_for_people(settings: FederationConfig) -> None:
    out = io.StringIO()
    listing.ledger(settings, out, as_json=False, unit=None)
    assert out.getvalue().splitlines()[2:4] == [
        f'{UNIT} 7/3 2026-05-04 09:00:03Z stop.departed {{"source":"gps","stop":[7,2]}}',
        f'{UNIT} 7/5 2026-05-04 09:00:05Z stop.arrived {{"source":"driver","lat":49.2,"lon":6.9}}',
    ]


@on_sqlite
@pytest.mark.parametrize("as_json", [False, True])
def test_a_damaged_outbox_is_told_after_all_units(
    settings: FederationConfig, as_json: bool
) -> None:
    projected(settings)
    before, out = io.StringIO(), io.StringIO()
    listing.status(settings, before, as_json=as_json, now=NINE)
    settings.store.outbox.write_bytes(b"rot" * 2000)
    with pytest.raises(OperatorError, match=r"no document is sent: .*web.sqlite: file is not a"):
        listing.status(settings, out, as_json=as_json, now=NINE)
    assert out.getvalue() == before.getvalue()


class TestTrust:
    def test_what_is_not_in_force_or_not_authentic_is_told(
        self, settings: FederationConfig, tmp_path: Path
    ) -> None:
        for kind in ("tour", "tour", "tour", "notices"):
            outbox.publish(settings.store, TRUSTED.documents, [UNIT], kind, b"{}", NINE)
        ledger, queue = Ledger.open(settings.store), Queue()
        ingest = ingest_on(ledger, queue, settings.store, lambda: NINE)
        bench = Bench(ledger, queue, ingest, settings.store)
        forgery = Van().notes(7).delivery(7, 7)
        refused = {"notices": Refusal(revision=1, reason="no such language")}
        bench.arrive(
            forgery._replace(payload=forgery.payload[:-1]),
            status(documents={"tour": 2}, refused=refused),
        )
        ledger.close()
        van = units(settings)[0]
        assert (van["desired"], van["documents"]) == ({"tour": 3, "notices": 1}, {"tour": 2})
        assert van["refused"] == {"notices": {"revision": 1, "reason": "no such language"}}
        assert (van["apart"], van["not_authentic"]) == (1, 1)
        assert (
            "1 messages kept apart; 1 of them not authentic; "
            "1 stops in a commune inconnue; tour 3 is not applied yet, it has 2; "
            "notices 1 refused: no such language\n"
        ) in printed(settings)

    def test_a_certificate_that_ends_is_told(self, settings: FederationConfig) -> None:
        end = int((BEGINS + LIFE).timestamp() * 1000)
        assert "certificate ends on" in printed(settings, end - 1)
        assert f"certificate ended on {BEGINS + LIFE:%Y-%m-%d}" in printed(settings, end)

    def test_sealed_fields_that_are_not_their_rows_are_told(
        self, settings: FederationConfig
    ) -> None:
        ledger = Ledger.open(settings.store)
        ledger.database.execute(
            f"INSERT INTO flag VALUES ('{UNIT}', 7, 1, 'envelope_wrong', {NINE})"
        )
        ledger.close()
        assert "1 sealed fields that are not their row's" in printed(settings)
        assert units(settings)[0]["broken_chains"] == 0

    def test_the_age_of_the_revocation_list_is_told(
        self, settings: FederationConfig, tmp_path: Path
    ) -> None:
        put(tmp_path / "devices.pem", issuing.pem(TRUSTED.devices.certificate))
        keys = Keys(devices=tmp_path / "devices.pem", revoked=tmp_path / "revoked.pem")
        found = msgspec.structs.replace(settings, keys=keys)
        made = int(TRUSTED.now.timestamp() * 1000)
        assert "revocation" not in printed(found, made)
        told = printed(found, made + 8 * 24 * 3600 * 1000).splitlines()[-1]
        assert told == "the revocation list is 8 days old: see why no new one was made"
        (tmp_path / "revoked.pem").unlink()
        assert "[keys] revoked" in printed(found, made).splitlines()[-1]
