"""A throw-away authority for tests: made on the spot, forgotten with its folder.

What it writes has the layout that the real provisioning gives a unit, the federation and the
broker: see `identity_of`, `federation`, `broker`.
"""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import certificates, closed_keys, trust
from protocol.trust import Trust
from provisioning import issuing


class Trusted:
    """Root, authorities and the federation's keys."""

    def __init__(self) -> None:
        now = self.now = datetime.now(UTC)
        self.root = issuing.make_root("test", now)
        self.devices = issuing.make_authority(self.root, "devices", "test", now)
        self.servers = issuing.make_authority(self.root, "servers", "test", now)
        self.documents, self.receipts = (Ed25519PrivateKey.generate() for _ in range(2))
        self.sealing, self.recovery = (X25519PrivateKey.generate() for _ in range(2))
        self.revoked: dict[int, datetime] = {}
        self.issued: dict[str, x509.Certificate] = {}
        """Name → the last certificate made for it."""

    def statement(self, serial: int = 1) -> bytes:
        """The signed trust statement of these keys."""
        told = Trust(
            serial=serial,
            made=int(self.now.timestamp() * 1000),
            sealing=tuple(raw(key) for key in (self.sealing, self.recovery)),
            documents=(raw(self.documents),),
            receipts=(raw(self.receipts),),
        )
        return trust.sign(self.root.key, told)

    def client(
        self, name: str, *, life: timedelta = timedelta(days=90), begins: datetime | None = None
    ) -> tuple[Ed25519PrivateKey, str]:
        """A new key, and its certificate with the authority's as PEM."""
        key = Ed25519PrivateKey.generate()
        made = issuing.issue_client(self.devices, key.public_key(), name, begins or self.now, life)
        self.issued[name] = made
        return key, issuing.chain([made, self.devices.certificate])

    def identity_of(self, unit: str, data: Path) -> None:
        """What an enrolled unit has in its data folder."""
        key, chain = self.client(unit)
        bootstrap_key, bootstrap = self.client(certificates.BOOTSTRAP + unit)
        put(data / "identity" / "key.pem", pem(key))
        put(data / "identity" / "certificate.pem", chain)
        put(data / "identity" / "bootstrap-key.pem", pem(bootstrap_key))
        put(data / "identity" / "bootstrap.pem", bootstrap)
        put(data / "trust" / "root.pem", issuing.pem(self.root.certificate))
        put(data / "trust" / "devices.pem", issuing.pem(self.devices.certificate))
        put(data / "trust" / "statement", self.statement())
        put(data / "trust" / "reset-secret", b"s" * 32)

    def federation(self, folder: Path, service: str = "ingest") -> dict[str, dict[str, object]]:
        """Writes the keys of the federation; sections of its configuration that name them."""
        key, chain = self.client(certificates.SERVICE + service)
        files = {
            "root": issuing.pem(self.root.certificate),
            "certificate": chain,
            "key": pem(key),
            "devices": issuing.pem(self.devices.certificate),
            "revoked": self.crl(),
            "documents": pem(self.documents),
            "receipts": pem(self.receipts),
            "sealing": pem(self.sealing),
        }
        for name, content in files.items():
            put(folder / f"{name}.pem", content)
        paths = {name: str(folder / f"{name}.pem") for name in files}
        broker = {name: paths.pop(name) for name in ("root", "certificate", "key")}
        return {"broker": broker, "keys": paths}

    def tls(
        self,
        folder: Path,
        name: str,
        *,
        issuer: "Trusted | None" = None,
        life: timedelta = timedelta(days=90),
        begins: datetime | None = None,
    ) -> ssl.SSLContext:
        """TLS of a client of that name, with a new certificate in the folder.

        It believes this root, even when its own certificate is another `issuer`'s.
        """
        key, chain = (issuer or self).client(name, life=life, begins=begins)
        put(folder / f"{name}.pem", pem(key) + chain)
        context = ssl.create_default_context(cadata=issuing.pem(self.root.certificate))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(folder / f"{name}.pem")
        return context

    def broker(self, folder: Path, host: str = "localhost") -> str:
        """Writes the broker's keys; lines of its configuration for one listener."""
        key = Ed25519PrivateKey.generate()
        hosts = list(dict.fromkeys(["localhost", "127.0.0.1", host]))
        made = issuing.issue_server(self.servers, key.public_key(), hosts, self.now)
        clients = [self.devices.certificate, self.root.certificate]
        put(folder / "clients.pem", issuing.chain(clients))
        put(folder / "broker.pem", issuing.chain([made, self.servers.certificate]))
        put(folder / "broker-key.pem", pem(key))
        put(folder / "revoked.pem", self.crl())
        return (
            f"cafile {folder}/clients.pem\ncertfile {folder}/broker.pem\n"
            f"keyfile {folder}/broker-key.pem\ncrlfile {folder}/revoked.pem\n"
            "require_certificate true\nuse_identity_as_username true\n"
            "use_username_as_clientid true\ntls_version tlsv1.3\nallow_anonymous false\n"
        )

    def crl(self) -> str:
        """The revocation list as PEM."""
        return issuing.pem(issuing.revocation_list(self.devices, self.revoked, 1, self.now))


def raw(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    """The public half, in hex."""
    return key.public_key().public_bytes_raw().hex()


def pem(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    """A private key as PEM, not encrypted."""
    return closed_keys.leave_open(key).decode()


def put(path: Path, content: str | bytes) -> None:
    """Writes a file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(0o600)
