"""Units: one or fifty-two at once, all or none, and what is told of them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from provisioning import facts, registry, units
from provisioning.units import HEADER, Asked
from tests.provisioning.federation import Federation

Told = pytest.CaptureFixture[str]
GERMAINE = Asked("van-germaine", "Loire", "Les Halles", "Camion Germaine", "camion", "Europe/Paris")
LINES = [
    f"van-{number:02d};Territoire {number};Centre social n° {number};Camion « {number} »;camion;"
    for number in range(52)
]


def a_file(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "units.csv"
    path.write_text("\n".join((";".join(HEADER), *lines)) + "\n", encoding=encoding)
    return path


def test_one_unit_is_added_and_listed(federation: Federation, capsys: Told) -> None:
    assert federation.run(
        "unit", "add", "van-germaine", "--territory", "Loire", "--centre", "Les Halles",
        "--vehicle-name", "Camion Germaine", "--vehicle", "camion", "--zone", "America/Cayenne",
    ) == 0  # fmt: skip
    one = federation.state().units["van-germaine"]
    assert (one.vehicle, one.profile, one.zone) == (
        ("Camion Germaine", "Les Halles", "Loire"), "camion", "America/Cayenne"
    )  # fmt: skip
    capsys.readouterr()
    assert federation.run("list") == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.split() == ["unit", "vehicle", "state", "certificate", "until", "last", "word"]
    assert line.split()[:4] == ["van-germaine", "Camion", "Germaine", "new"]
    assert federation.run("list", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["state"], told["until"], told["last"]) == ("new", None, "unit.added")
    assert federation.run("unit", "show", "van-germaine") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["centre"], shown["partition"], shown["bundle"]) == ("Les Halles", 5, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_fifty_two_units_are_added_at_once(
    federation: Federation, tmp_path: Path, encoding: str
) -> None:
    path = a_file(tmp_path, *LINES, "", encoding=encoding)
    assert federation.run("unit", "add", "--from", path) == 0
    known = federation.state().units
    assert len(known) == 52
    assert known["van-07"].vehicle == ("Camion « 7 »", "Centre social n° 7", "Territoire 7")
    assert {unit.zone for unit in known.values()} == {"Europe/Paris"}


def test_columns_may_stand_in_any_order_between_commas(
    federation: Federation, tmp_path: Path
) -> None:
    path = tmp_path / "units.csv"
    path.write_text(
        "zone,vehicle,id,centre,territory,vehicle_name\n"
        'Indian/Reunion,triporteur,trike-nord,"Halles, nord",Loire,Jo\n',
        encoding="utf-8",
    )
    assert federation.run("unit", "add", "--from", path) == 0
    assert federation.state().units["trike-nord"].vehicle.centre == "Halles, nord"


def test_every_fault_of_a_file_is_told_and_nothing_added(
    federation: Federation, tmp_path: Path, capsys: Told
) -> None:
    federation.add("van-old")
    before = federation.folder.registry.read_bytes()
    wrong = [*LINES]
    wrong[3] = "Van-3;T;C;N;camion;"
    wrong[9] = "van-09;T;C;N;camionette;Europe/Pari"
    wrong[20] = "van-old;;C;N;camion;"
    wrong[51] = "van-00;T;C;N;camion;"
    capsys.readouterr()
    assert federation.run("unit", "add", "--from", a_file(tmp_path, *wrong)) == 1
    told = capsys.readouterr().err
    assert told == (
        "escale-provision: line 5: 'Van-3' is no id: 3 to 26 of a-z, 0-9 and -; "
        "line 11: 'camionette' is none of camion, camping-car, triporteur, "
        "'Europe/Pari' is no time zone such as Europe/Paris; "
        "line 22: van-old is there already, its territory must have 1 to 80 characters; "
        "line 53: van-00 stands in line 2 already: nothing was added\n"
    )
    assert federation.folder.registry.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the first line of"),
        (b"id,territory\n", "must be id,territory,centre,vehicle_name,vehicle,zone"),
        (b"id;territory;centre;vehicle_name;vehicle;zone\na;b\n", "line 2 of"),
        ("id,territory,centre,vehicle_name,vehicle,zone\nx,é,c,d,e,f\n".encode("cp1252"),
         "save it as CSV UTF-8"),
        (b'id,territory,centre,vehicle_name,vehicle,zone\n"x', "is no table"),
    ],
    ids=["empty", "another head", "cells missing", "another encoding", "open quote"],
)  # fmt: skip
def test_a_file_that_is_no_table_of_units_is_one_sentence(
    federation: Federation, tmp_path: Path, capsys: Told, content: bytes, sentence: str
) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(content)
    assert federation.run("unit", "add", "--from", path) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1
    assert federation.state().units == {}


@pytest.mark.parametrize(
    "unit",
    ["", "ab", "a" * 27, "Van-1", "van_1", "van 1", "van-1\n", "été-1", "van/1", "+", "van-#",
     "enrol-van", "service-ingest"],
)  # fmt: skip
def test_an_id_that_is_none_is_refused(federation: Federation, capsys: Told, unit: str) -> None:
    assert list(units.faults([GERMAINE._replace(id=unit)], federation.state())) != []


@pytest.mark.parametrize("unit", ["abc", "a" * 26, "van-germaine", "1-2", "enrolled", "services"])
def test_an_id_that_is_one_is_taken(federation: Federation, unit: str) -> None:
    assert list(units.faults([GERMAINE._replace(id=unit)], federation.state())) == []


@pytest.mark.parametrize("name", ["", "x" * 81, "Camion\nGermaine", "Camion\x1b[2J"])
def test_a_name_that_cannot_be_shown_is_refused(federation: Federation, name: str) -> None:
    asked = GERMAINE._replace(vehicle_name=name)
    assert list(units.faults([asked], federation.state())) == [
        "its vehicle name must have 1 to 80 characters"
    ]


def test_only_a_unit_whose_certificate_ran_out_is_approved(
    federation: Federation, capsys: Told
) -> None:
    federation.add("van-germaine")
    now = facts.now()
    assert federation.run("approve", "van-germaine") == 1
    assert "van-germaine is new: make a bundle for it" in capsys.readouterr().err
    _a_certificate(federation, "a1", days=1)
    assert federation.run("approve", "van-germaine") == 1
    assert "van-germaine is enrolled: its certificate is good" in capsys.readouterr().err
    _a_certificate(federation, "a2", days=-1)
    with registry.writing(federation.folder.registry) as log:
        log.append(facts.revoked(0xA1, "lost", now))
    assert federation.run("approve", "van-germaine") == 0
    assert federation.state().units["van-germaine"].approved
    assert federation.run("approve", "van-germaine") == 1
    assert "approved already" in capsys.readouterr().err
    with registry.writing(federation.folder.registry) as log:
        log.append(facts.revoked(0xA2, "lost", now))
    assert federation.run("approve", "van-germaine") == 1
    assert "van-germaine is revoked: make a bundle for it" in capsys.readouterr().err


def _a_certificate(federation: Federation, serial: str, days: int) -> None:
    now = facts.now()
    fact = facts.Issued(
        at=now, name="van-germaine", serial=serial, not_after=now + timedelta(days=days),
        authority="a" * 64, certificate=b"der",
    )  # fmt: skip
    with registry.writing(federation.folder.registry) as log:
        log.append(fact)
