"""The whole configuration of the broker as texts: settings and keys in, files out. Writes none.

What each line protects is proved against a real broker by `broker check` (check.py).
"""

from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from protocol.messages import MAX_DOCUMENT, MAX_PACKET

from . import acl, firewall
from .acl import Access

CONFIGURATION: Final = "mosquitto.conf"
ACCESS: Final = "acl"
CLIENTS: Final = "clients.pem"
CERTIFICATE: Final = "broker.pem"
KEY: Final = "broker-key.pem"
REVOKED: Final = "revoked.pem"
ALONE: Final = "devices-alone.pem"
"""The clients' authorities without a root: for nginx (docs/nginx-updates.conf)."""

FILES: Final = (CONFIGURATION, ACCESS, CLIENTS, CERTIFICATE, KEY, REVOKED)
"""Those that the broker itself reads."""

MAX_PAYLOAD: Final = MAX_DOCUMENT + 4096
"""Bytes: the largest document, its signature and some air; well inside MAX_PACKET."""
MAX_CONNECTIONS: Final = 500

Host = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Hosts = Annotated[tuple[Host, ...], msgspec.Meta(min_length=1, max_length=16)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the broker stands and how it is told of changes."""

    folder: Path
    """Of the files rendered here; the broker reads them there."""
    hosts: Hosts
    """Names and addresses that units and services know it by; the first one is told to units."""
    listen: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.:-]{0,253}$")] = ""
    """Address it listens on; empty: all."""
    port: Port = 8883
    state: Path = Path("/var/lib/mosquitto")
    pid: Path = Path("/run/mosquitto/mosquitto.pid")
    reload: tuple[str, ...] = ()
    """Command that makes it read its files again; none: a signal by the pid file."""


class Material(NamedTuple):
    """Keys and lists, PEM."""

    clients: str
    """Authorities of the clients, the root last."""
    certificate: str
    """The broker's, then its authority's."""
    key: str
    revoked: str
    alone: str


def render(settings: Settings, material: Material, access: Access) -> dict[str, str]:
    """File name → text."""
    return {
        CONFIGURATION: _configuration(settings),
        ACCESS: acl.render(access),
        CLIENTS: material.clients,
        CERTIFICATE: material.certificate,
        KEY: material.key,
        REVOKED: material.revoked,
        ALONE: material.alone,
        "nftables.conf": firewall.nftables(settings.port),
        "systemd.conf": firewall.drop_in(settings.folder / CONFIGURATION, settings.state),
    }


def _configuration(settings: Settings) -> str:
    folder = settings.folder
    return f"""\
# Written by escale-provision. One listener, and nobody passes it without a certificate.
per_listener_settings false
listener {f"{settings.port} {settings.listen}".strip()}
tls_version tlsv1.3
certfile {folder / CERTIFICATE}
keyfile {folder / KEY}
cafile {folder / CLIENTS}
crlfile {folder / REVOKED}
require_certificate true

# The name in the certificate is the user and the client id, whatever a client says it is.
use_identity_as_username true
use_username_as_clientid true
allow_anonymous false
allow_zero_length_clientid false
acl_file {folder / ACCESS}

# What one client, or all of them together, may cost.
max_connections {MAX_CONNECTIONS}
max_packet_size {MAX_PACKET}
message_size_limit {MAX_PAYLOAD}
max_inflight_messages 20
max_queued_messages 20000
max_queued_bytes 67108864
memory_limit 268435456
max_keepalive 600
persistent_client_expiration 30d
retain_available true
sys_interval 0

# A file to start from, no promise: units keep all until the federation's receipt. Writing it at
# each change would cost 400 kB a message.
persistence true
persistence_location {settings.state}/
autosave_interval 60
autosave_on_changes false

pid_file {settings.pid}
log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages true
"""
