"""Where `broker check` works: the rendered files around a broker of its own. Judges nothing.

Everything is as it was rendered but for the port, the places of its state, and a few clients more:
two units, a bootstrap, each service, and an auditor that may hear and say everything.
"""

import getpass
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from protocol import closed_keys, topics
from protocol.certificates import BOOTSTRAP, SERVICE, common_name

from . import acl, broker, issuing
from .acl import Access
from .connection import Connection, Identity, context
from .errors import OperatorError
from .issuing import Issuer

UNIT, OTHER, LEAVER, STRANGER = (f"escale-check-{letter}" for letter in "abcd")
"""Two units; one that loses its rights and is revoked; one that nobody registered."""
INGEST, PROVISIONING = SERVICE + "escale-check-1", SERVICE + "escale-check-2"
AUDITOR: Final = SERVICE + "escale-check-3"
MARK: Final = "escale-check/mark"
DAY: Final = timedelta(days=1)

_ACCESS: Final = Access(
    units=frozenset((UNIT, OTHER, LEAVER)),
    bootstraps=frozenset((UNIT,)),
    services={INGEST: "ingest", PROVISIONING: "provisioning"},
)
_AUDITOR: Final = f"\nuser {AUDITOR}\ntopic readwrite #\ntopic readwrite $SYS/#\n"


class Authority(NamedTuple):
    """Who can make certificates for the check."""

    root: x509.Certificate
    devices: Issuer
    servers: Issuer


class World:
    """A running broker, and those who try it."""

    def __init__(
        self, files: Mapping[str, str], authority: Authority, hosts: Sequence[str] = ("localhost",)
    ) -> None:
        self.authority, self.files, self.hosts = authority, dict(files), hosts
        self.root = issuing.pem(authority.root)
        self.impostor = signed_by_itself(UNIT)
        self.rival = throw_away(datetime.now(UTC), _federation(authority))
        """One with the names of ours."""
        self._revoked: dict[int, datetime] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._open: list[Connection] = []
        self.ports: list[int] = []
        """Where it listens; there is one unless somebody added another."""

    def __enter__(self) -> "World":
        self._folder = tempfile.TemporaryDirectory(prefix="escale-check-")
        listeners = _option(self.files[broker.CONFIGURATION], "listener")
        self.ports = [_free_port() for _ in listeners]
        try:
            self._give_access(_ACCESS)
            self._start()
            self.auditor = self.inside(AUDITOR)
            self.auditor.subscribe("#", "$SYS/#")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        for connection in self._open:
            connection.cut()
        if self._process is not None:
            self._end(self._process)
        self._folder.cleanup()

    def client(
        self,
        name: str,
        *,
        issuer: Issuer | None = None,
        begins: datetime | None = None,
        life: timedelta = DAY,
    ) -> Identity:
        """A certificate in that name, of the devices' authority if no other is given."""
        key, by = Ed25519PrivateKey.generate(), issuer or self.authority.devices
        made = issuing.issue_client(by, key.public_key(), name, begins or datetime.now(UTC), life)
        return Identity(key, issuing.chain([made, by.certificate]))

    @property
    def port(self) -> int:
        """Where units come."""
        return self.ports[0]

    def caller(
        self,
        identity: Identity | None,
        *,
        tls: bool = True,
        name: str = "check",
        port: int | None = None,
    ) -> Connection:
        """A connection not made yet; what the broker is called was looked at apart."""
        secured = context(self.root, identity) if tls else None
        if secured is not None:
            secured.check_hostname = False
        made = Connection("127.0.0.1", port or self.port, secured, name)
        self._open.append(made)
        return made

    def inside(self, name: str) -> Connection:
        """The connection of a client that must be let in. Raises OperatorError."""
        made = self.caller(self.client(name), name=name)
        made.client.username_pw_set(name)
        why_not = made.connect()
        if why_not:
            raise OperatorError(f"the broker refuses {name}, who is in order: {why_not}")
        return made

    def outcome(self, identity: Identity | None) -> str:
        """Empty when a client with that identity is let in, or why not."""
        made = self.caller(identity)
        why_not = made.connect()
        made.leave()
        return why_not

    def said(self, payload: bytes) -> list[str]:
        """The topics on which the broker has passed that on, to anybody, up to now."""
        self.settle(self.auditor, MARK)
        return [word.topic for word in self.auditor.received if word.payload == payload]

    def settle(self, listener: Connection, topic: str) -> None:
        """Waits until what was said before has reached the listener, if it ever will."""
        mark = secrets.token_bytes(8)
        self.auditor.publish(topic, mark)
        if not listener.until(lambda: any(word.payload == mark for word in listener.received)):
            raise OperatorError(f"the broker passes nothing on any more on {topic}")

    def revoke(self, identity: Identity) -> None:
        """Puts a certificate on the list and tells the broker."""
        certificate = x509.load_pem_x509_certificate(identity.chain.encode())
        self._revoked[certificate.serial_number] = now = datetime.now(UTC)
        listed = issuing.revocation_list(self.authority.devices, self._revoked, 1, now)
        self._reload({broker.REVOKED: issuing.pem(listed)})

    def take_rights(self, unit: str) -> None:
        """Takes a unit's block out of the access file and tells the broker."""
        self._give_access(_ACCESS._replace(units=_ACCESS.units - {unit}))
        self._reload({})

    def _give_access(self, access: Access) -> None:
        text = self.files[broker.ACCESS] + "\n" + acl.render(access) + _AUDITOR
        self._write({**self.files, broker.ACCESS: text})

    def _write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = Path(self._folder.name) / name
            path.write_text(self._moved(text) if name == broker.CONFIGURATION else text)
            path.chmod(0o600)

    def _moved(self, text: str) -> str:
        """The configuration with its files and its state here, on a port of the loopback."""
        here = Path(self._folder.name)
        places = {
            "persistence_location": f"{here}/",
            "pid_file": f"{here}/pid",
            "log_dest": f"file {here}/log",
        }
        ports, lines = iter(self.ports), []
        for line in text.splitlines():
            option, _, value = line.partition(" ")
            if option.endswith("file") and option != "pid_file":
                value = str(here / Path(value).name)
            elif option == "listener":
                value = f"{next(ports)} 127.0.0.1"
            lines.append(f"{option} {places.get(option, value)}".strip())
        return "\n".join([*lines, f"user {getpass.getuser()}", ""])

    def _start(self) -> None:
        program = shutil.which(
            "mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
        )
        if program is None:
            raise OperatorError("mosquitto is not on this machine: apt install mosquitto")
        configuration = Path(self._folder.name) / broker.CONFIGURATION
        self._process = subprocess.Popen(  # noqa: S603 (its own files)
            [program, "-c", str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        limit = time.monotonic() + 10
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > limit:
                raise OperatorError(f"the broker does not start: {self._end(self._process)}")
            time.sleep(0.02)

    def _end(self, process: "subprocess.Popen[bytes]") -> str:
        """Ends it; what it said last."""
        process.terminate()
        _, told = process.communicate(timeout=10)
        self._process = None
        path = Path(self._folder.name) / "log"
        logged = path.read_text(errors="replace") if path.exists() else ""
        return " ".join((logged + told.decode(errors="replace")).split())[-300:]

    def _reload(self, files: Mapping[str, str]) -> None:
        self._write(files)
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)


def throw_away(now: datetime, name: str = "check") -> Authority:
    """An authority made on the spot, for proving what is rendered where there is none yet."""
    root = issuing.make_root(name, now)
    devices = issuing.make_authority(root, "devices", name, now)
    servers = issuing.make_authority(root, "servers", name, now)
    return Authority(root.certificate, devices, servers)


def rendered(authority: Authority, now: datetime) -> dict[str, str]:
    """The files of a broker without any client, under that authority."""
    key = Ed25519PrivateKey.generate()
    leaf = issuing.issue_server(authority.servers, key.public_key(), ["localhost"], now)
    material = broker.Material(
        clients=issuing.chain([authority.devices.certificate, authority.root]),
        certificate=issuing.chain([leaf, authority.servers.certificate]),
        key=closed_keys.leave_open(key).decode(),
        revoked=issuing.pem(issuing.revocation_list(authority.devices, {}, 1, now)),
    )
    settings = broker.Settings(folder=Path("/etc/escale-broker"), hosts=("localhost",))
    return broker.render(settings, material, Access(frozenset(), frozenset(), {}))


def topic_of_another(unit: str) -> str:
    """A topic that would be the unit's if it were in the next partition."""
    number = (topics.partition(unit) + 1) % topics.PARTITIONS
    return f"{topics.ROOT}/{number:02d}/{unit}/up/batch"


def bootstrap(unit: str) -> str:
    """The name of its bootstrap certificate."""
    return BOOTSTRAP + unit


def signed_by_itself(unit: str) -> Identity:
    """A unit's certificate that nobody else signed."""
    key, now = Ed25519PrivateKey.generate(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, unit)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, None)
    )
    return Identity(key, issuing.pem(made))


def _federation(authority: Authority) -> str:
    return common_name(authority.root.subject).removesuffix(" root")


def _option(text: str, name: str) -> list[str]:
    """The values of an option, in their order."""
    pairs = (line.partition(" ") for line in text.splitlines())
    return [value for option, _, value in pairs if option == name]


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
