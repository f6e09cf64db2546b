"""The command: from an authority's folder to a fleet that has lived a day, and what it refuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.world import BIN, Parts
from tests.simulation.fleet_bench import papers_of
from tests.support import eventually, free_port, write_toml
from tests.trusted import Trusted
from tools.demo_trust import Federation

HEADING = "id,territory,centre,vehicle_name,vehicle,zone\n"


def simulate(file: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    """`escale-federation simulate`, to its end."""
    command = [sys.executable, "-m", "federation.cli", "--config", str(file), "simulate"]
    told = [*command, *map(str, words)]
    return subprocess.run(told, capture_output=True, text=True, check=False, timeout=100)


@pytest.mark.slow
def test_units_registered_and_certified_by_the_authority_live_a_day_and_end(
    tmp_path: Path,
) -> None:
    authority = Federation(tmp_path, free_port())
    (tmp_path / "units.csv").write_text(
        HEADING + "van-one,Vendée,Halles,Un,camion,\n", encoding="utf-8"
    )
    authority.found(tmp_path / "units.csv")
    file = write_toml(
        tmp_path / "federation.toml",
        {"store": {"data": tmp_path / "federation"}, **authority.sections()},
    )
    parts = Parts(tmp_path)
    try:
        parts.start("broker", *authority.broker())
        parts.start("ingest", BIN / "escale-federation", "--config", file, "ingest")
        eventually(lambda: "receiving" in parts.log("ingest").read_text(), seconds=30)
        closed = ("--passphrase-file", tmp_path / "passphrase-file")
        given = ("--authority", tmp_path / "authority", *closed)
        lives = ("--units", "3", "--days", "1", "--past", "1", "--speed", "4000")
        done = simulate(file, *given, *lives)
        again = simulate(file, "--units", "3", "--days", "1", "--speed", "4000")
    finally:
        parts.__exit__()
    assert done.returncode == again.returncode == 0, done.stderr + again.stderr
    assert "3 certificates issued" in done.stdout
    assert "over: " in done.stdout


def test_units_without_certificates_are_refused_in_one_sentence(tmp_path: Path) -> None:
    papers_of(tmp_path / "simulated" / "papers", Trusted(), [])
    file = write_toml(tmp_path / "f.toml", {"store": {"data": tmp_path / "federation"}})
    done = simulate(file, "--units", "2")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "2 units have no certificate" in done.stderr
    assert "give --authority" in done.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--broker", "here"), "is no HOST:PORT"),
        (("--units", "50000"), "open files"),
        (("--units", "1", "--full", "2"), "give fewer"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    papers_of(tmp_path / "simulated" / "papers", Trusted(), [])
    file = write_toml(tmp_path / "f.toml", {"store": {"data": tmp_path / "federation"}})
    done = simulate(file, *words)
    assert done.returncode == 1
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
