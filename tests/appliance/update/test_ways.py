"""Which device leads out, on what the kernel says of real boards."""

from pathlib import Path

from appliance.update import ways
from appliance.update.ways import Way

HEADER = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
SOC = "platform/soc"
PCI = "platform/scb/fd500000.pcie/pci0000:00"
USB = f"{PCI}/0000:01:00.0/usb1/1-1"


def machine(
    folder: Path, devices: dict[str, tuple[str, str]], routes: str = "", routes6: str = ""
) -> Path:
    """Devices: where each hangs, and what it says of itself."""
    (folder / "proc").mkdir()
    (folder / "proc" / "route").write_text(HEADER + routes)
    (folder / "proc" / "ipv6_route").write_text(routes6)
    net = folder / "sys" / "class" / "net"
    net.mkdir(parents=True)
    for name, (place, says) in devices.items():
        device = folder / "sys" / "devices" / place / "net" / name
        device.mkdir(parents=True)
        (device / "uevent").write_text(f"{says}INTERFACE={name}\nIFINDEX=3\n")
        (net / name).symlink_to(device)
    return folder


def default(device: str, metric: int) -> str:
    return f"{device}\t00000000\t0100A8C0\t0003\t0\t0\t{metric}\t00000000\t0\t0\t0\n"


def out(folder: Path) -> Way | None:
    return ways.out(folder / "sys" / "class" / "net", folder / "proc")


def test_the_depots_wifi_is_not_counted_and_comes_before_the_modem(tmp_path: Path) -> None:
    folder = machine(
        tmp_path,
        {"wlan0": (f"{SOC}/mmcnr", "DEVTYPE=wlan\n"), "wwan0": (USB, "DEVTYPE=wwan\n")},
        default("wwan0", 700) + default("wlan0", 600),
    )
    assert out(folder) == Way("wlan0", mobile=False)


def test_a_modem_is_mobile_by_its_type_by_its_name_and_by_its_plug(tmp_path: Path) -> None:
    for number, (name, place, says) in enumerate(
        [("wwan0", USB, "DEVTYPE=wwan\n"), ("ppp0", "virtual", ""), ("enx0c5b8f279a64", USB, "")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert out(machine(folder, {name: (place, says)}, default(name, 1))) == Way(name, True)


def test_a_stick_for_wifi_is_wifi_and_the_boards_own_socket_is_not_mobile(tmp_path: Path) -> None:
    for number, (name, place, says) in enumerate(
        [("wlan1", USB, "DEVTYPE=wlan\n"), ("end0", f"{SOC}/fd580000.ethernet", "")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert out(machine(folder, {name: (place, says)}, default(name, 1))) == Way(name, False)


def test_a_route_of_the_other_kind_of_addresses_counts_too(tmp_path: Path) -> None:
    zero = "0" * 32
    lines = (
        f"{zero} 00 {zero} 00 {zero} ffffffff 00000001 00000000 00200200       lo\n"
        f"{zero} 00 {zero} 00 fe80{'0' * 28} 000002bc 00000001 00000000 00000003    wwan0\n"
    )
    folder = machine(tmp_path, {"wwan0": (USB, "DEVTYPE=wwan\n")}, routes6=lines)
    assert out(folder) == Way("wwan0", mobile=True)


def test_a_road_within_the_depot_leads_nowhere(tmp_path: Path) -> None:
    local = "wlan0\t0000A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n"
    folder = machine(tmp_path, {"wlan0": (SOC, "DEVTYPE=wlan\n")}, local)
    assert out(folder) is None


def test_this_machine_can_be_asked() -> None:
    found = ways.out()
    assert found is None or found.device
