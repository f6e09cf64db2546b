"""The ways out as NetworkManager reads them: real key files, read again by their own rules."""

import configparser
from pathlib import Path

import pytest

from appliance.first_boot import network
from appliance.first_boot.network import Network, connections


def read(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_the_contract_is_paid_for_and_taken_last() -> None:
    told = connections(Network(access_point="orange.m2m", wifi_name="Dépôt", wifi_password="x" * 8))
    mobile, depot = (read(told[f"escale-{name}.nmconnection"]) for name in ("4g", "depot"))
    assert (mobile["gsm"]["apn"], mobile["connection"]["metered"]) == ("orange.m2m", "1")
    for family in ("ipv4", "ipv6"):
        metrics = [int(one[family]["route-metric"]) for one in (depot, mobile)]
        assert 100 < metrics[0] < metrics[1]


def test_a_name_is_written_as_its_bytes_whatever_is_in_it() -> None:
    for name in ("Dépôt", "65;66", " [gsm]\napn=evil"):
        told = read(connections(Network(wifi_name=name))["escale-depot.nmconnection"])
        assert bytes(int(one) for one in told["wifi"]["ssid"][:-1].split(";")).decode() == name
        assert "wifi-security" not in told


def test_a_password_is_escaped_as_a_key_file_wants() -> None:
    told = read(
        connections(Network(wifi_name="a", wifi_password=" a\\b c;d=#"))[
            "escale-depot.nmconnection"
        ]
    )
    assert told["wifi-security"]["psk"] == "\\sa\\\\b\\sc;d=#"


@pytest.mark.parametrize("wrong", ["short", "x" * 64, "eight\nlines\n[gsm]", "éééééééé"])
def test_a_password_that_no_network_has_makes_no_connection(wrong: str) -> None:
    assert connections(Network(wifi_name="a", wifi_password=wrong)) == {}


@pytest.mark.parametrize("wrong", ["", "a b", "x\n[wifi]", "é"])
def test_an_access_point_that_is_none_makes_no_connection(wrong: str) -> None:
    assert connections(Network(access_point=wrong)) == {}


def test_the_files_are_for_root_alone_and_made_of_what_is_kept(tmp_path: Path) -> None:
    system, folder = tmp_path / "system", tmp_path / "run" / "connections"
    system.mkdir()
    network.keep(Network(access_point="apn", wifi_name="a", wifi_password="secret12"), system)
    assert network.lay_out(network.kept(system), folder) == [
        "escale-4g.nmconnection", "escale-depot.nmconnection",
    ]  # fmt: skip
    files = [*folder.iterdir(), system / network.KEPT]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_damaged_record_is_none(tmp_path: Path) -> None:
    (tmp_path / network.KEPT).write_bytes(b"{")
    assert network.kept(tmp_path) == Network()
