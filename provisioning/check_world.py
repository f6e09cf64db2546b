"""Where `broker check` works: a broker of its own, and its cast around it. Judges nothing.

The rendered files get a few clients more: two units, a bootstrap, each service, and an auditor
that may hear and say everything.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import acl, broker, issuing
from .acl import Access
from .check_cast import (
    AUDITOR,
    DAY,
    INGEST,
    LEAVER,
    MARK,
    OTHER,
    PROVISIONING,
    UNIT,
    Authority,
    federation,
    signed_by_itself,
    throw_away,
)
from .check_process import Process
from .connection import Connection, Identity, context
from .errors import OperatorError
from .issuing import Issuer

_ACCESS: Final = Access(
    units=frozenset((UNIT, OTHER, LEAVER)),
    bootstraps=frozenset((UNIT,)),
    services={INGEST: "ingest", PROVISIONING: "provisioning"},
)
_AUDITOR: Final = f"\nuser {AUDITOR}\ntopic readwrite #\ntopic readwrite $SYS/#\n"


class World:
    """A running broker, and those who try it."""

    def __init__(
        self, files: Mapping[str, str], authority: Authority, hosts: Sequence[str] = ("localhost",)
    ) -> None:
        self.authority, self.files, self.hosts = authority, dict(files), hosts
        self.root = issuing.pem(authority.root)
        self.impostor = signed_by_itself(UNIT)
        self.rival = throw_away(datetime.now(UTC), federation(authority))
        """One with the names of ours."""
        self._revoked: dict[int, datetime] = {}
        self._open: list[Connection] = []

    def __enter__(self) -> "World":
        self._broker = Process()
        try:
            self._broker.start({**self.files, broker.ACCESS: self._access(_ACCESS)})
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
        self._broker.stop()

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
    def ports(self) -> list[int]:
        """Where the broker listens; units come to the first."""
        return self._broker.ports

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
        made = Connection("127.0.0.1", port or self.ports[0], secured, name)
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
        self._broker.reload({broker.REVOKED: issuing.pem(listed)})

    def take_rights(self, unit: str) -> None:
        """Takes a unit's block out of the access file and tells the broker."""
        left = _ACCESS._replace(units=_ACCESS.units - {unit})
        self._broker.reload({broker.ACCESS: self._access(left)})

    def _access(self, access: Access) -> str:
        """The file as it was rendered, and the cast's rights."""
        return self.files[broker.ACCESS] + "\n" + acl.render(access) + _AUDITOR
