"""Bundles of spare cards and of networks, through the real commands."""

import io
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from protocol import enrolment
from provisioning import files
from tests.provisioning.federation import Federation

BROKER = ("--broker", "broker.example.org")


def bundle_of(out: Path, unit: str) -> enrolment.Bundle:
    return enrolment.read_bundle((out / f"escale-{unit}.bundle").read_bytes())


def said(federation: Federation, *words: object) -> str:
    """What a command that fails says."""
    told = io.StringIO()
    with redirect_stderr(told):
        assert federation.run(*words) == 1
    return told.getvalue()


def password(path: Path, text: str) -> Path:
    files.write_private(path / "depot.txt", text.encode())
    return path / "depot.txt"


def test_the_depot_s_network_is_in_the_bundle_and_never_in_a_command(
    federation: Federation, tmp_path: Path
) -> None:
    federation.add("van-germaine")
    kept = password(tmp_path, "un mot de passe\n")
    wifi = ("--wifi", "Dépôt", "--wifi-password-file", kept)
    assert federation.run("bundle", "van-germaine", *BROKER, *wifi, "--out", tmp_path / "out") == 0
    made = bundle_of(tmp_path / "out", "van-germaine")
    assert (made.wifi_name, made.wifi_password) == ("Dépôt", "un mot de passe")
    assert "mot de passe" not in federation.folder.registry.read_text()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("Dépôt", "court", "8 to 63"),
        ("Dépôt", "mot de passé", "8 to 63"),
        ("é" * 17, "un mot de passe", "1 to 32 bytes"),
        ("", "un mot de passe", "give --wifi"),
    ],
)
def test_a_network_that_nobody_could_join_is_refused_before_anything_is_made(
    federation: Federation, tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    federation.add("van-germaine")
    wifi = ("--wifi", name, "--wifi-password-file", password(tmp_path, text))
    told = said(federation, "bundle", "van-germaine", *BROKER, *wifi, "--out", tmp_path / "out")
    assert sentence in told
    assert federation.state().units["van-germaine"].bundle == 0


def test_a_password_that_everybody_may_read_is_not_taken(
    federation: Federation, tmp_path: Path
) -> None:
    kept = password(tmp_path, "un mot de passe")
    kept.chmod(0o644)
    told = said(federation, "spare", *BROKER, "--wifi", "D", "--wifi-password-file", kept)
    assert "chmod" in told


def test_a_bundle_goes_somewhere_or_is_for_a_spare_card(federation: Federation) -> None:
    federation.add("van-germaine")
    assert "--for-spare" in said(federation, "bundle", "van-germaine", *BROKER)
    assert "--out" in said(federation, "spare", *BROKER)
    assert "1 to 100" in said(federation, "spare", *BROKER, "--count", "0", "--out", "x")
    assert federation.state().spares == {}


def test_each_spare_card_has_a_name_a_key_and_no_unit(
    federation: Federation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert federation.run("spare", *BROKER, "--count", "3", "--out", tmp_path) == 0
    names = capsys.readouterr().out.split()
    made = [bundle_of(tmp_path, name) for name in names]
    assert len({one.bootstrap_key for one in made}) == 3
    assert sorted(federation.state().spares) == sorted(names)
    assert all(enrolment.is_spare(one.unit) and not any(one.reset_secret) for one in made)
    assert federation.state().units == {}
    assert federation.run("spares") == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "spare card"
    assert sorted(line.split()[0] for line in lines) == sorted(names)


def test_a_new_bundle_with_a_file_ends_the_one_that_waits_for_a_spare_card(
    federation: Federation, tmp_path: Path
) -> None:
    federation.add("van-germaine")
    waiting = federation.folder.installation("van-germaine")
    assert federation.run("bundle", "van-germaine", *BROKER, "--for-spare") == 0
    assert waiting.stat().st_mode & 0o777 == 0o600
    assert federation.run("bundle", "van-germaine", *BROKER, "--out", tmp_path) == 0
    assert not waiting.exists()
