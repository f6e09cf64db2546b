"""Who may do what in an update: who has the network opens no device, who is root has none."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[3]
SYSTEMD, OVERLAY = ROOT / "systemd", ROOT / "image" / "overlay" / "etc"
STEPS = ("fetch", "stick", "update", "health")
DISKS = ["block-mmc rw", "block-sd rw", "block-virtblk rw"]


def said(file: Path, name: str) -> list[str]:
    lines = (line.partition("=") for line in file.read_text(encoding="utf-8").splitlines())
    return [value for key, _, value in lines if key == name]


def step(name: str) -> Path:
    return SYSTEMD / f"escale-{name}.service"


def test_who_has_the_network_opens_no_device_and_is_not_root() -> None:
    assert said(step("fetch"), "User") == ["escale-uplink"]
    assert said(step("fetch"), "PrivateDevices") == ["yes"]
    assert said(step("fetch"), "DeviceAllow") == []


@pytest.mark.parametrize("name", [name for name in STEPS if name != "fetch"])
def test_who_is_root_has_no_network(name: str) -> None:
    assert said(step(name), "PrivateNetwork") == ["yes"]
    assert said(step(name), "IPAddressDeny") == ["any"]


def test_only_the_health_check_and_rauc_write_to_the_cards_disk() -> None:
    assert [line for line in said(step("health"), "DeviceAllow") if "block" in line] == DISKS
    rauc = OVERLAY / "systemd" / "system" / "rauc.service.d" / "escale.conf"
    assert said(rauc, "PrivateNetwork") == ["yes"]
    assert set(DISKS) <= set(said(rauc, "DeviceAllow"))
    assert said(step("stick"), "DeviceAllow") == ["block-sd r"]
    assert said(step("update"), "PrivateDevices") == ["yes"]


def test_rauc_listens_to_root_alone() -> None:
    tree = ElementTree.parse(OVERLAY / "dbus-1" / "system.d" / "escale-rauc.conf")
    told = {
        (policy.get("context") or policy.get("user"), rule.tag, rule.get("send_destination"))
        for policy in tree.getroot()
        for rule in policy
    }
    rauc = "de.pengutronix.rauc"
    assert told == {("default", "deny", rauc), ("root", "allow", rauc)}


def test_every_step_is_started_by_something_on_the_card() -> None:
    enabled = (ROOT / "image" / "units.txt").read_text(encoding="utf-8").split()
    for name in ("fetch", "update", "health"):
        assert f"escale-{name}.path" in enabled
        assert f"escale-{name}.timer" in enabled
    rules = OVERLAY / "udev" / "rules.d" / "62-escale-stick.rules"
    assert 'SYSTEMD_WANTS}+="escale-stick.service"' in rules.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STEPS)
def test_nothing_of_the_start_waits_for_a_step(name: str) -> None:
    assert said(step(name), "WantedBy") == []
    assert said(step(name), "Before") == []
