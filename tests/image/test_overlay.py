"""The card's own files against each other: units named and made, nobody let in, nobody asked."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.config import Clock
from appliance.uplink.wire import CONGESTION

HERE = Path(__file__).parents[2]
SYSTEMD, IMAGE = HERE / "systemd", HERE / "image"
ETC = IMAGE / "overlay" / "etc"
LINES = [
    line.split() for line in (IMAGE / "units.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]  # fmt: skip
OF_THE_FEDERATION = {"escale-ingest", "escale-ingest@", "escale-web", "escale-provisioning"}
OURS = {
    path.name
    for path in SYSTEMD.iterdir()
    if path.suffix in (".service", ".path", ".timer") and path.stem not in OF_THE_FEDERATION
}
DEBIAN_S_GROUPS = {"audio", "dialout", "input", "render", "systemd-journal", "video"}


def told(path: str) -> str:
    return (ETC / path).read_text(encoding="utf-8")


def values(path: str) -> dict[str, str]:
    """`name = value`, without the minus of what may be missing."""
    pairs = (line.split("=", 1) for line in told(path).splitlines() if re.match(r"-?\w", line))
    return {name.strip().removeprefix("-"): value.strip() for name, value in pairs}


def units(verb: str) -> set[str]:
    return {line[1] for line in LINES if line[0] == verb}


def test_every_line_of_the_list_is_an_order_and_none_is_said_twice() -> None:
    assert {verb for verb, *_ in LINES} <= {"enable", "disable", "mask"}
    assert all(len(line) == 2 for line in LINES)
    names = [line[1] for line in LINES]
    assert len(names) == len(set(names))


def test_every_unit_of_ours_that_is_enabled_exists_and_every_one_to_be_started_is_enabled() -> None:
    ours = {name for name in units("enable") if name.startswith("escale-")}
    assert ours - OURS == set()
    started = {
        name for name in OURS if "\n[Install]" in (SYSTEMD / name).read_text(encoding="utf-8")
    }
    assert ours == started


def test_no_unit_of_ours_waits_for_a_network() -> None:
    for path in SYSTEMD.rglob("escale-*"):
        if path.is_file():
            assert "network-online" not in path.read_text(encoding="utf-8"), path
    assert "NetworkManager-wait-online.service" in units("mask")


def test_nobody_logs_in_and_nothing_stops_to_ask() -> None:
    masked = units("mask")
    assert {"getty@.service", "serial-getty@.service", "debug-shell.service"} <= masked
    assert {"emergency.service", "rescue.service", "systemd-firstboot.service"} <= masked
    assert {"emergency.target", "rescue.target", "ctrl-alt-del.target"} <= masked
    packages = (IMAGE / "packages.txt").read_text(encoding="utf-8").split()
    assert not {"openssh-server", "dropbear", "login", "sudo"} & set(packages)
    for each in ("/data ", "/var/lib/escale "):
        (line,) = (line for line in told("fstab").splitlines() if f" {each}" in line)
        assert "nofail" in line


def test_every_group_of_a_service_is_there() -> None:
    """A service whose group is missing does not start at all: seen, with gpio."""
    users = (SYSTEMD / "escale.sysusers").read_text(encoding="utf-8")
    made = set(re.findall(r"^[ug] (\S+)", users, re.M))
    for name in OURS:
        unit = (SYSTEMD / name).read_text(encoding="utf-8")
        for groups in re.findall(r"^SupplementaryGroups=(.*)$", unit, re.M):
            assert set(groups.split()) <= DEBIAN_S_GROUPS | made, name
        assert set(re.findall(r"^User=(.*)$", unit, re.M)) <= made | {"root"}, name


def test_logs_and_memory_reach_no_card() -> None:
    journal = values("systemd/journald.conf.d/escale.conf")
    assert (journal["Storage"], journal["RuntimeMaxUse"]) == ("volatile", "16M")
    assert values("sysctl.d/60-escale.conf")["kernel.core_pattern"] == "|/bin/false"
    assert "swap" not in told("fstab")


def test_a_unit_that_hangs_starts_again() -> None:
    manager = values("systemd/system.conf.d/escale.conf")
    assert int(manager["RuntimeWatchdogSec"].removesuffix("s")) <= 15  # what the board bears
    assert values("sysctl.d/60-escale.conf")["kernel.panic"] == "10"


def test_the_kernel_lets_nothing_in_and_udev_asks_the_gate() -> None:
    assert "usbcore.authorized_default=2" in (IMAGE / "boot" / "boot.cmd").read_text("utf-8")
    rules = told("udev/rules.d/40-escale-usb.rules")
    (gate,) = re.findall(r"/opt/escale/lib/python3\.13/site-packages/(\S+\.py)", rules)
    assert (HERE / gate).is_file()


def test_a_data_partition_that_comes_late_is_mounted_all_the_same() -> None:
    rules = told("udev/rules.d/60-escale-disk.rules")
    (data,) = (line for line in rules.splitlines() if "escale/data" in line)
    wanted = data.rpartition('ENV{SYSTEMD_WANTS}+="')[2].rstrip('"').split()
    fstab = told("fstab")
    places = [line.split()[1] for line in fstab.splitlines() if line.startswith(("/dev", "/data"))]
    assert wanted == [f"{place.strip('/').replace('/', '-')}.mount" for place in places]


def test_names_that_two_files_must_agree_on() -> None:
    chrony = told("chrony/chrony.conf")
    socket = str(Clock().chrony)
    assert f"refclock SOCK {socket} " in chrony
    assert told("systemd/system/chrony.service.d/escale.conf").count(socket) == 2
    touch = (HERE / "ui" / "touch.py").read_text(encoding="utf-8")
    (panel,) = re.findall(r'PANEL: Final = "/dev/(.*)"', touch)
    assert f'SYMLINK+="{panel}"' in told("udev/rules.d/90-escale-devices.rules")
    assert f"/dev/{panel}" in (HERE / "ui" / "bootstrap.py").read_text(encoding="utf-8")
    allowed = values("sysctl.d/60-escale.conf")["net.ipv4.tcp_allowed_congestion_control"]
    assert CONGESTION.decode() in allowed.split()
    assert f"tcp_{CONGESTION.decode()}" in told("modules-load.d/escale.conf").split()


def test_no_stranger_is_asked_whether_there_is_a_network() -> None:
    network = told("NetworkManager/NetworkManager.conf")
    assert re.search(r"\[connectivity\]\nenabled=false", network)
    assert "path=/data/system/network" in network


@pytest.mark.skipif(not shutil.which("nft"), reason="needs nftables")
def test_whoever_calls_the_unit_has_no_answer_and_the_unit_calls_whom_it_likes() -> None:
    """Two network namespaces and the card's own rules; as root of a user namespace of its own."""
    script = Path(__file__).parent / "two_networks.py"
    command = ["unshare", "--user", "--map-root-user", "--net", sys.executable, str(script)]
    done = subprocess.run(
        [*command, str(ETC / "nftables.conf")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip("this machine lends no namespace")
    assert (done.stdout, done.stderr) == ("out: answered\nin: silence\n", "")
