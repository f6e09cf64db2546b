"""What is written for the broker: rights, limits, the firewall in a real kernel, the sandbox."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from protocol import topics
from protocol.messages import MAX_DOCUMENT, MAX_PACKET
from provisioning import acl, broker, check_cast, firewall
from provisioning.acl import Access

SERVICE = Path("/lib/systemd/system/mosquitto.service")


def test_a_unit_has_its_own_topics_in_its_own_partition_and_nothing_else() -> None:
    text = acl.render(Access(frozenset({"van-germaine"}), frozenset(), {}))
    assert text.splitlines()[2:] == [
        "user van-germaine",
        "topic write escale/v1/05/van-germaine/up/batch",
        "topic write escale/v1/05/van-germaine/up/link",
        "topic write escale/v1/05/van-germaine/up/status",
        "topic write escale/v1/05/van-germaine/up/request",
        "topic read escale/v1/05/van-germaine/down/#",
    ]
    assert topics.partition("van-germaine") == 5


def test_whoever_may_only_ask_for_enrolment_has_two_topics() -> None:
    text = acl.render(Access(frozenset(), frozenset({"van-germaine"}), {}))
    assert text.splitlines()[2:] == [
        "user enrol-van-germaine",
        "topic write escale/v1/enrol/van-germaine/request",
        "topic read escale/v1/enrol/van-germaine/answer",
    ]


def test_the_access_file_depends_on_who_has_rights_alone() -> None:
    units = [f"van-{number}" for number in range(60)]
    there = Access(frozenset(units), frozenset(units[:9]), {"service-a": "ingest"})
    back = Access(frozenset(reversed(units)), frozenset(units[8::-1]), {"service-a": "ingest"})
    assert acl.render(there) == acl.render(back)
    assert "pattern" not in acl.render(there)


def test_the_largest_document_fits_and_every_packet_has_an_end() -> None:
    assert MAX_DOCUMENT + 100 < broker.MAX_PAYLOAD < MAX_PACKET - 1024


def test_an_address_is_kept_to_the_one_it_was_given() -> None:
    settings = broker.Settings(folder=Path("/f"), hosts=("h",), listen="10.0.0.7", port=8884)
    text = broker.render(
        settings, broker.Material("", "", "", "", ""), Access(frozenset(), frozenset(), {})
    )
    assert "listener 8884 10.0.0.7\n" in text["mosquitto.conf"]
    assert text["mosquitto.conf"].count("\nlistener ") == 1


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_the_sandbox_of_the_broker_is_as_narrow_as_those_of_our_services(tmp_path: Path) -> None:
    if not SERVICE.exists():
        pytest.skip("the mosquitto of this machine has no service")
    shutil.copy(SERVICE, tmp_path / "mosquitto.service")
    bare = exposure(tmp_path)
    (tmp_path / "mosquitto.service.d").mkdir()
    text = firewall.drop_in(Path("/etc/escale-broker/mosquitto.conf"), Path("/var/lib/mosquitto"))
    (tmp_path / "mosquitto.service.d" / "escale.conf").write_text(text)
    assert exposure(tmp_path) <= 1.5 < 9 < bare


def exposure(folder: Path) -> float:
    command = ["systemd-analyze", "security", "--offline=true", str(folder / "mosquitto.service")]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(told.stdout.split("exposure level for mosquitto.service:")[1].split()[0])


CALLS = """
import socket, sys
door = socket.create_server(("0.0.0.0", 8883))
accepted = 0
for number in range(int(sys.argv[1])):
    caller = socket.socket()
    caller.settimeout(0.05)
    try:
        caller.connect(("127.0.0.1", 8883))
        accepted += 1
    except TimeoutError:
        pass
    caller.close()
print(accepted)
"""


def test_the_firewall_lets_a_fleet_behind_one_address_come_back_and_no_flood(
    tmp_path: Path,
) -> None:
    rules = tmp_path / "nftables.conf"
    rules.write_text(firewall.nftables(8883))
    loaded, open_door = calls(rules, 80), calls(None, 80)
    if loaded is None or open_door is None:
        pytest.skip("this machine lets no test make a network of its own")
    assert open_door == 80
    assert 52 <= loaded <= 66  # sixty at once, and one a second while the test lasts


def calls(rules: Path | None, count: int) -> int | None:
    """How many of so many quick connections get through, in a network of its own."""
    load = f"nft -f {rules} && nft -f {rules} && " if rules else ""
    script = f'ip link set lo up && {load}exec "$0" -c "$1" {count}'
    command = ["unshare", "--net", "--map-root-user", "sh", "-c", script, sys.executable, CALLS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 else None


def test_what_is_rendered_does_not_depend_on_when() -> None:
    authority = check_cast.throw_away(datetime.now(UTC))
    one, other = (check_cast.rendered(authority, datetime.now(UTC)) for _ in range(2))
    same = ("mosquitto.conf", "acl", "clients.pem", "nftables.conf", "systemd.conf")
    assert [one[name] for name in same] == [other[name] for name in same]
