"""A snapshot gives the same bytes for ever; the next one says what changed."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from federation import cli
from federation.config import FederationConfig, Store
from federation.errors import OperatorError
from federation.ledger import Ledger
from federation.projections import basis
from federation.projections.projector import Projector
from federation.reporting import making, snapshot
from federation.reporting.making import Desk
from federation.reporting.package import Files
from federation.reporting.period import parse
from federation.reporting.published import Published
from federation.reporting.shapes import Rules
from federation.reporting.snapshot import Opened
from protocol import visits
from protocol.event import Key
from tests.federation.projections.ground import NOON, follow, tell, van_at
from tests.federation.projections.ground import store as arrive
from tests.federation.stores import on_sqlite
from tests.federation.van import UNIT, Van
from tests.support import write_toml

from .registered import moved, register

CAYENNE, GUADELOUPE = "van-maroni", "van-karukera"
FLEET = (
    (UNIT, "nord", "Germaine", "Europe/Paris"),
    (CAYENNE, "guyane", "Pirogue", "America/Cayenne"),
    (GUADELOUPE, "guadeloupe", "Kannaval", "America/Guadeloupe"),
)
NOW = NOON + 5_000_000


@pytest.fixture
def settings(store: Store) -> FederationConfig:
    """The whole file, of a fleet with vehicles overseas."""
    register(store, *FLEET)
    return FederationConfig(store=store)


@contextmanager
def following(settings: FederationConfig, *vans: Van) -> Iterator[None]:
    """These vans' journals arrive, and the tables for reading follow."""
    with closing(Ledger.open(settings.store)) as ledger:
        arrive(ledger, *vans)
        follow(Projector(ledger.database, basis.Reader(settings)))
        yield


def told(settings: FederationConfig, *vans: Van) -> None:
    """The same, and ingest ends."""
    with following(settings, *vans):
        pass


def visit(number: int, **more: object) -> list[visits.CheckedIn]:
    """So many people of one party each."""
    return [
        visits.CheckedIn(number=n + 1, door="sante", theme="social_sante") for n in range(number)
    ]


@contextmanager
def opened(
    settings: FederationConfig, as_of: int | None = None, now: int = NOW
) -> Iterator[Opened]:
    """A snapshot."""
    with snapshot.opened(settings, as_of, now) as made:
        yield made


def made(settings: FederationConfig, as_of: int | None = None, **more: object) -> tuple[int, Files]:
    """Its position, and the files of May."""
    with opened(settings, as_of) as held:
        _, files = making.make(settings, Desk(held, parse("2026-05"), None))
        return held.snapshot.position, files


def published(held: Opened, period: str) -> Published:
    """Every figure, none hidden."""
    return Published(held.published(parse(period)).facts, Rules(threshold=1))


def test_the_same_snapshot_is_the_same_bytes_though_the_world_went_on(
    settings: FederationConfig,
) -> None:
    van = van_at()
    tell(van, *visit(40))
    told(settings, van)
    position, first = made(settings)
    tell(van, *visit(30))
    told(settings, van)
    moved(settings.store, "Autre nom")
    again, second = made(settings, position)
    assert again == position
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    newer, third = made(settings)
    assert newer > position
    assert third["e1_activite.csv"] != first["e1_activite.csv"]


def test_tables_made_again_are_those_that_followed(settings: FederationConfig) -> None:
    van = van_at()
    tell(van, *visit(12), visits.Cancelled(visit=Key(7, 3), reason="mistake"))
    with following(settings, van):
        with opened(settings) as held:
            live = published(held, "2026-05").facts.counts
            position = held.snapshot.position
        with opened(settings, position) as held:
            assert published(held, "2026-05").facts.counts == live
            assert published(held, "2026-05").demands.value() == 11


def test_a_newer_snapshot_lists_what_changed_since_the_last(settings: FederationConfig) -> None:
    van = van_at()
    tell(van, *visit(40))
    told(settings, van)
    position, first = made(settings)
    assert first["changements.rfc4180.csv"].decode().count("\r\n") == 1
    tell(van, *visit(30))
    told(settings, van)
    _, files = made(settings)
    changed = files["changements.rfc4180.csv"].decode().splitlines()
    assert any(line.endswith("passages,40,70") for line in changed)
    assert json.loads(files["datapackage.json"])["escale"]["instantane_precedent"] == 1
    assert made(settings, position)[1] == first


def test_a_position_that_is_not_there_is_refused(settings: FederationConfig) -> None:
    van = van_at()
    tell(van, *visit(3))
    told(settings, van)
    for position in (0, 4, -1):
        with pytest.raises(OperatorError, match="its last event is 3"), opened(settings, position):
            pass


def test_a_snapshot_of_now_waits_for_no_table(settings: FederationConfig) -> None:
    """The tables are behind: the snapshot is of how far they came."""
    van = van_at()
    tell(van, *visit(6))
    told(settings, van)
    tell(van, *visit(6))
    with closing(Ledger.open(settings.store)) as ledger:
        arrive(ledger, van)
    with opened(settings) as held:
        assert held.snapshot.position == 6
        assert published(held, "2026").demands.value() == 6


def test_the_note_says_what_the_reader_must_know(settings: FederationConfig) -> None:
    van = van_at()
    tell(van, *visit(40))
    told(settings, van)
    position, files = made(settings)
    told_there = json.loads(files["datapackage.json"])["escale"]
    assert told_there["instantane"] == position
    assert told_there["version_schema"] == "1.0"
    assert (told_there["premier_jour"], told_there["dernier_jour"]) == ("2026-05-01", "2026-05-31")
    assert told_there["complet_jusqu_au"] is None, "two vans never spoke"
    assert told_there["boitiers_incomplets"] == sorted([UNIT, CAYENNE, GUADELOUPE])
    note = files["LISEZMOI.txt"].decode()
    assert f"--as-of {position}" in note
    assert CAYENNE in note


@pytest.mark.parametrize(
    ("unit", "zone", "hours"),
    [(CAYENNE, "America/Cayenne", -3), (GUADELOUPE, "America/Guadeloupe", -4)],
)
def test_a_day_ends_at_midnight_of_the_vehicle(
    settings: FederationConfig, unit: str, zone: str, hours: int
) -> None:
    midnight = datetime(2026, 6, 1, tzinfo=ZoneInfo(zone))
    assert midnight.utcoffset().total_seconds() == hours * 3600  # type: ignore[union-attr]
    begin = int(midnight.timestamp() * 1000)
    may, june = van_at(begin - 30 * 60_000, unit), van_at(begin + 30 * 60_000, unit, epoch=8)
    june.boot_id = "boot-2"
    tell(may, *visit(7))
    tell(june, *visit(9))
    told(settings, may, june)
    with opened(settings) as held:
        assert published(held, "2026-05").demands.value() == 7
        assert published(held, "2026-06").demands.value() == 9
        assert published(held, "2026-05-31..2026-05-31").demands.value() == 7
        assert [day for day, _, _ in published(held, "2026").facts.days] == [
            "2026-05-31", "2026-06-01",
        ]  # fmt: skip


@on_sqlite
def test_the_command_writes_a_folder_and_says_so(
    settings: FederationConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    van = van_at()
    tell(van, *visit(40))
    told(settings, van)
    toml = write_toml(tmp_path / "federation.toml", {"store": {"data": str(settings.store.data)}})
    out = tmp_path / "rapports"
    run = ["--config", str(toml), "report", "--period", "2026-T2", "--out", str(out)]
    assert cli.main(run) == 0
    assert cli.main([*run, "--territory", "guyane", "--funder"]) == 0
    said = capsys.readouterr().out
    assert "snapshot 40" in said
    whole, funder = out / "escale-federation-2026-T2-40", out / "escale-guyane-2026-T2-40"
    assert (whole / "rapport.pdf").read_bytes().startswith(b"%PDF")
    assert (whole / "coop" / "coop_activites.json").exists()
    assert (whole / "e4_arrets.csv").exists()
    assert not (funder / "coop").exists()
    assert not (funder / "e4_arrets.csv").exists()


@on_sqlite
@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--period", "2026-13"], "is no period"),
        (["--period", "2026", "--territory", "mars"], "guadeloupe, guyane, nord are"),
        (["--period", "2026", "--as-of", "99"], "its last event is 3"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_sentence(
    settings: FederationConfig,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    words: str,
) -> None:
    van = van_at()
    tell(van, *visit(3))
    told(settings, van)
    toml = write_toml(tmp_path / "federation.toml", {"store": {"data": str(settings.store.data)}})
    assert cli.main(["--config", str(toml), "report", *more, "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert words in said
    assert not (tmp_path / "out").exists()
