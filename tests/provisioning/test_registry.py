"""The registry: what its facts amount to, and what a power cut or a second writer may do to it."""

import multiprocessing
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from provisioning import facts, registry, state
from provisioning.errors import OperatorError
from provisioning.facts import AnyFact
from provisioning.state import Standing, State, Vehicle

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
BEGUN = facts.FederationMade(at=NOW, name="Fédération d'essai")
GERMAINE = facts.UnitAdded(
    at=NOW,
    unit="van-germaine",
    vehicle_name="Camion Germaine",
    territory="Loire",
    centre="Centre social Les Halles",
    profile="camion",
    zone="Europe/Paris",
)


def issued(name: str, serial: int, days: int = 90, request: str = "") -> facts.Issued:
    return facts.Issued(
        at=NOW,
        name=name,
        serial=f"{serial:x}",
        not_after=NOW + timedelta(days=days),
        authority="a" * 64,
        request=request,
        certificate=b"der",
    )


def bundle(number: int, serial: int) -> tuple[AnyFact, ...]:
    made = facts.BundleMade(at=NOW, unit="van-germaine", number=number, reset="b" * 16)
    return issued("enrol-van-germaine", serial, 180), made


USED = facts.CodeUsed(at=NOW, unit="van-germaine")
ASKED = facts.Asked(at=NOW, unit="van-germaine", request="c" * 32)
APPROVED = facts.Approved(at=NOW, unit="van-germaine")


def gone(serial: int) -> facts.Revoked:
    return facts.revoked(serial, "stolen", NOW)


@pytest.mark.parametrize(
    ("told", "days", "standing"),
    [
        ((), 0, "new"),
        (bundle(1, 7), 0, "bundled"),
        (bundle(1, 7), 180, "expired"),
        ((*bundle(1, 7), gone(7)), 0, "revoked"),
        ((*bundle(1, 7), USED, issued("van-germaine", 8)), 89, "enrolled"),
        ((*bundle(1, 7), USED, issued("van-germaine", 8)), 90, "expired"),
        ((*bundle(1, 7), USED, issued("van-germaine", 8), ASKED), 90, "waiting"),
        ((*bundle(1, 7), USED, issued("van-germaine", 8), ASKED, APPROVED), 90, "expired"),
        ((*bundle(1, 7), USED, issued("van-germaine", 8, 1), ASKED, APPROVED,
          issued("van-germaine", 9)), 2, "enrolled"),
        ((*bundle(1, 7), USED, issued("van-germaine", 8), gone(8)), 0, "revoked"),
        ((*bundle(1, 7), USED, issued("van-germaine", 8), gone(8), gone(7), *bundle(2, 9)), 0,
         "bundled"),
        ((*bundle(1, 7), gone(7), *bundle(2, 9), USED, issued("van-germaine", 10)), 0, "enrolled"),
    ],
)  # fmt: skip
def test_where_a_unit_stands(told: tuple[AnyFact, ...], days: int, standing: Standing) -> None:
    known = state.fold([BEGUN, GERMAINE, *told])
    assert known.standing("van-germaine", NOW + timedelta(days=days)) == standing


def test_an_approval_is_used_up_by_the_next_certificate() -> None:
    known = state.fold([GERMAINE, issued("van-germaine", 8), ASKED, APPROVED])
    assert (known.units["van-germaine"].approved, known.units["van-germaine"].asked) == (
        True, "c" * 32
    )  # fmt: skip
    state.take(known, issued("van-germaine", 9, request="c" * 32))
    assert (known.units["van-germaine"].approved, known.units["van-germaine"].asked) == (False, "")
    answer = known.answering("van-germaine", "c" * 32)
    assert answer is not None
    assert answer.serial == 9


def test_a_revoked_certificate_is_on_the_list_of_its_own_authority() -> None:
    known = state.fold([GERMAINE, issued("van-germaine", 8), gone(8)])
    assert known.revoked == known.revoked_of("a" * 64) == {8: NOW}
    assert known.revoked_of("b" * 64) == {}


def test_a_vehicle_outlives_its_boxes() -> None:
    second = facts.UnitAdded(
        at=NOW,
        unit="van-germaine-2",
        vehicle_name=GERMAINE.vehicle_name,
        territory=GERMAINE.territory,
        centre=GERMAINE.centre,
        profile="camion",
        zone="Europe/Paris",
    )
    vehicle = Vehicle("Camion Germaine", "Centre social Les Halles", "Loire")
    assert state.fold([GERMAINE, second]).vehicles() == {
        vehicle: ["van-germaine", "van-germaine-2"]
    }


UNITS = ["van-germaine", "trike-nord", "van-sud"]
SERIALS = some.integers(1, 2**159).map(lambda number: f"{number:x}")


def added(unit: str) -> facts.UnitAdded:
    return facts.UnitAdded(
        at=NOW, unit=unit, vehicle_name=unit, territory="Loire", centre="Les Halles",
        profile="camion", zone="Europe/Paris",
    )  # fmt: skip


EARLIER = some.builds(
    lambda serial, unit, days: issued(unit, int(serial, 16), days),
    SERIALS,
    some.sampled_from([*UNITS, "enrol-van-sud", "service-ingest"]),
    some.integers(0, 180),
)
LATER = some.one_of(
    some.builds(
        facts.BundleMade, at=some.just(NOW), unit=some.sampled_from(UNITS),
        number=some.integers(1, 99), reset=some.just("b" * 16),
    ),
    some.builds(facts.CodeUsed, at=some.just(NOW), unit=some.sampled_from(UNITS)),
    some.builds(facts.Approved, at=some.just(NOW), unit=some.sampled_from(UNITS)),
    some.builds(facts.ListMade, at=some.just(NOW), number=some.integers(1, 2**53)),
    some.builds(
        facts.ServiceAdded, at=some.just(NOW), service=some.just("ingest"),
        role=some.sampled_from(["ingest", "web"]),
    ),
)  # fmt: skip


@some.composite
def histories(draw: some.DrawFn) -> list[AnyFact]:
    """Facts in an order in which they can be told."""
    certificates = draw(some.lists(EARLIER, max_size=6, unique_by=lambda fact: fact.serial))
    revoked = [
        facts.Revoked(at=NOW, serial=fact.serial, why=draw(some.text(max_size=80)))
        for fact in certificates
        if draw(some.booleans())
    ]
    others: list[AnyFact] = draw(some.lists(LATER, max_size=8))
    return [BEGUN, *map(added, UNITS), *certificates, *revoked, *others]


@settings(deadline=None)  # it syncs to a disk that others use too
@given(history=histories(), cuts=some.data())
def test_what_is_written_in_pieces_reads_as_it_was_told_and_a_cut_loses_the_torn_line_alone(
    history: list[AnyFact], cuts: some.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("registry") / "registry.jsonl"
    split = cuts.draw(some.integers(1, len(history)))
    registry.make(path, *history[:split])
    with registry.writing(path) as log:
        log.append(*history[split:])
        assert log.state == state.fold(history)
    assert registry.read(path) == state.fold(history)

    content = path.read_bytes()
    assert content.count(b"\n") == len(history)
    cut = cuts.draw(some.integers(0, len(content)))
    path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n")
    if content[:cut].endswith(b"\n") or not cut:
        assert registry.read(path) == state.fold(history[:whole])
    else:
        with pytest.raises(registry.TornLine, match="escale-provision mend"):
            registry.read(path)
        with pytest.raises(registry.TornLine), registry.writing(path):
            pass
        assert registry.mend(path) == content[:cut].rpartition(b"\n")[2]
        assert registry.read(path) == state.fold(history[:whole])
        assert registry.mend(path) == b""


def test_a_line_has_its_fields_in_one_order(tmp_path: Path) -> None:
    registry.make(tmp_path / "registry.jsonl", GERMAINE, BEGUN)
    first, second = (tmp_path / "registry.jsonl").read_text(encoding="utf-8").splitlines()
    assert first == (
        '{"fact":"unit.added","at":"2026-11-26T09:00:00Z","unit":"van-germaine",'
        '"vehicle_name":"Camion Germaine","territory":"Loire",'
        '"centre":"Centre social Les Halles","profile":"camion","zone":"Europe/Paris"}'
    )
    assert BEGUN.name in second


def add_many(path: Path, name: str, count: int) -> None:
    for number in range(count):
        with registry.writing(path) as log:
            assert not any(name in unit for unit in log.state.units) or number
            log.append(added(f"{name}-{number}"))


def test_two_writers_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "registry.jsonl"
    registry.make(path, BEGUN)
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=add_many, args=(path, name, 40)) for name in ("north", "south")]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert len(registry.read(path).units) == 80


def test_a_writer_that_waited_long_enough_is_told(tmp_path: Path) -> None:
    path = tmp_path / "registry.jsonl"
    registry.make(path, BEGUN)
    with registry.writing(path):
        assert registry.read(path).federation == "Fédération d'essai"
        with pytest.raises(OperatorError, match="written by another"), registry.writing(path, 0.05):
            pass
    with registry.writing(path, 0):
        pass


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"{}", "line 2 of "),
        (b"", "line 2 of "),
        (b'{"fact":"unit.adopted","at":"2026-11-26T09:00:00Z"}', "unit.adopted"),
        (b'{"fact":"code.used","at":"2026-11-26T09:00:00Z","unit":"van-x"}', "unit van-x"),
        (b'{"fact":"code.used","at":"2026-11-26T09:00:00","unit":"van-x"}', "timezone"),
        (b'{"fact":"certificate.revoked","at":"2026-11-26T09:00:00Z","serial":"7"}', "certificate"),
        (b"[" * 100_000, "line 2 of "),
        (b"\xff", "line 2 of "),
    ],
)
def test_a_line_that_means_nothing_is_one_sentence(
    tmp_path: Path, line: bytes, sentence: str
) -> None:
    path = tmp_path / "registry.jsonl"
    registry.make(path, BEGUN)
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(OperatorError, match=re.escape(sentence)) as told:
        registry.read(path)
    assert "restore the file from its history" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_registry_that_is_damaged_elsewhere_too_is_not_mended(tmp_path: Path) -> None:
    path = tmp_path / "registry.jsonl"
    registry.make(path, BEGUN)
    path.write_bytes(before := path.read_bytes() + b'{"fact":"rot"}\n{"fact":"torn')
    with pytest.raises(OperatorError, match="line 2 of"):
        registry.mend(path)
    assert path.read_bytes() == before


def test_a_fact_that_could_not_be_read_again_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "registry.jsonl"
    registry.make(path, BEGUN)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="matching regex"), registry.writing(path) as log:
        log.append(added("Van Germaine"))
    with pytest.raises(ValueError, match="nothing was said before"), registry.writing(path) as log:
        log.append(USED)
    assert path.read_bytes() == before


def test_a_registry_is_never_made_over_another(tmp_path: Path) -> None:
    registry.make(tmp_path / "registry.jsonl", BEGUN)
    with pytest.raises(OperatorError, match="cannot be made"):
        registry.make(tmp_path / "registry.jsonl", BEGUN)
    with pytest.raises(OperatorError, match="init one"):
        registry.read(tmp_path / "elsewhere.jsonl")


def test_an_empty_registry_knows_nothing() -> None:
    assert state.fold([]) == State()
