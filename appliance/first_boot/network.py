"""The 4G contract and the depot's Wi-Fi as NetworkManager reads them. Connects nothing.

What is kept lies under /data/system, for root alone; the files made of it lie in memory, and are
made anew at each boot.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from ..errors import OperatorError
from ..identity import files

if TYPE_CHECKING:
    from protocol.enrolment import Bundle

KEPT: Final = "network.json"
FOLDER: Final = Path("/run/NetworkManager/system-connections")
WIFI_METRIC, MOBILE_METRIC = 300, 700
"""The lower one is taken: a cable (100), the depot, and 4G, which is paid for, last."""


class Network(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a bundle says of the ways out."""

    access_point: str = ""
    wifi_name: str = ""
    wifi_password: str = ""


def of(bundle: "Bundle") -> Network:
    """The ways out that this bundle names."""
    return Network(
        access_point=bundle.access_point,
        wifi_name=bundle.wifi_name,
        wifi_password=bundle.wifi_password,
    )


def keep(network: Network, system: Path) -> None:
    """For each boot to come. Raises OperatorError."""
    told = msgspec.json.encode(network)
    if files.read(system / KEPT) != told:
        files.write(system / KEPT, told)


def kept(system: Path) -> Network:
    """What the last bundle said; nothing, when there was none or it is damaged."""
    try:
        return msgspec.json.decode(files.read(system / KEPT) or b"{}", type=Network)
    except msgspec.DecodeError:
        return Network()


def lay_out(network: Network, folder: Path = FOLDER) -> list[str]:
    """Writes the files; their names. Raises OperatorError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"{folder} cannot be made: {error.strerror}.") from error
    told = connections(network)
    for name, text in told.items():
        # Readable by anybody else, NetworkManager takes none of them.
        files.write(folder / name, text.encode())
    return sorted(told)


def connections(network: Network) -> dict[str, str]:
    """Name of each file → its text. What no line could hold is left out: a bundle is not signed."""
    told = {}
    if re.fullmatch(r"[A-Za-z0-9._-]{1,100}", network.access_point):
        told["escale-4g.nmconnection"] = _mobile(network.access_point)
    if network.wifi_name and re.fullmatch(r"[ -~]{8,63}|", network.wifi_password):
        told["escale-depot.nmconnection"] = _wifi(network.wifi_name, network.wifi_password)
    return told


def _mobile(access_point: str) -> str:
    return _file(
        {
            "connection": {
                "id": "escale-4g",
                "uuid": "6fd1a4a4-6f0e-4c56-8a0a-0c5a1e000001",
                "type": "gsm",
                "autoconnect-priority": "-10",
                "autoconnect-retries": "0",  # for ever: nobody is there to try again
                "metered": "1",
            },
            "gsm": {"apn": access_point},
            **_addresses(MOBILE_METRIC),
        }
    )


def _wifi(name: str, password: str) -> str:
    sections = {
        "connection": {
            "id": "escale-depot",
            "uuid": "6fd1a4a4-6f0e-4c56-8a0a-0c5a1e000002",
            "type": "wifi",
            "autoconnect-retries": "0",
            "metered": "2",
        },
        # As numbers: no name, whatever is in it, is then anything but a name.
        "wifi": {"mode": "infrastructure", "ssid": "".join(f"{byte};" for byte in name.encode())},
        **_addresses(WIFI_METRIC),
    }
    if password:
        escaped = password.replace("\\", "\\\\").replace(" ", "\\s")
        sections["wifi-security"] = {"key-mgmt": "wpa-psk", "psk": escaped}
    return _file(sections)


def _addresses(metric: int) -> dict[str, dict[str, str]]:
    each = {"method": "auto", "route-metric": str(metric)}
    return {"ipv4": each, "ipv6": {**each, "may-fail": "true"}}


def _file(sections: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in values.items())
        for name, values in sections.items()
    )
