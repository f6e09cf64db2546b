"""The federation's one TOML file, as typed sections. Only the command line reads it."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from protocol import toml_config
from protocol.event import whole
from protocol.topics import PARTITIONS

from .errors import OperatorError

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Partition = Annotated[int, msgspec.Meta(ge=0, lt=PARTITIONS)]
Partitions = Annotated[tuple[Partition, ...], msgspec.Meta(min_length=1, max_length=PARTITIONS)]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """What every section has in common."""


class Store(Section, frozen=True, kw_only=True):
    """Where the federation keeps what it received."""

    data: Path
    """Folder of ledger.sqlite (written by ingest) and web.sqlite (the outbox)."""
    backups: Path | None = None
    """Folder of copies: an erasure reaches them too."""
    postgresql: str | None = None
    """Connection string of a PostgreSQL database that holds both instead: for several workers."""

    @property
    def ledger(self) -> Path:
        """The file that ingest alone writes."""
        return self.data / "ledger.sqlite"

    @property
    def outbox(self) -> Path:
        """The file that holds the documents for the units."""
        return self.data / "web.sqlite"


class Broker(Section, frozen=True, kw_only=True):
    """Where the broker answers, and who we are to it."""

    kind: Literal["mqtt", "amqp"] = "mqtt"
    """How ingest speaks to it; amqp: to quorum queues of RabbitMQ, by its port for AMQP over TLS.
    Units speak MQTT in any case."""
    host: Name = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8883
    keepalive: Annotated[int, msgspec.Meta(ge=5, le=600)] = 60
    """Seconds."""
    root: Path | None = None
    """PEM: the root of the authorities; no other is believed."""
    certificate: Path | None = None
    """PEM: of this worker, with its authority's. Its name is that of its session at the broker."""
    key: Path | None = None
    """PEM: the private key of it."""


class Keys(Section, frozen=True, kw_only=True):
    """Files of keys, PEM; each command reads those it needs and no other."""

    devices: Path | None = None
    """Certificates of the authorities that issue the units' certificates; two during a rotation."""
    revoked: Path | None = None
    """Their lists of what they revoked; read again whenever it changes."""
    documents: Path | None = None
    """Private, signs documents: for `publish`, never for ingest."""
    receipts: Path | None = None
    """Private, signs receipts: for ingest."""
    sealing: Path | None = None
    """Private, opens names: never for ingest."""


class Ingest(Section, frozen=True, kw_only=True):
    """What this worker receives."""

    partitions: Partitions = tuple(range(PARTITIONS))


class Places(Section, frozen=True, kw_only=True):
    """Where stops that name no commune may have been."""

    file: Path | None = None
    """CSV with a heading: name, insee, lat, lon."""
    within_km: Annotated[float, msgspec.Meta(gt=0, le=50)] = 3.0
    """How far a known place may be from a stop and still give it its commune."""


class Web(Section, frozen=True, kw_only=True):
    """The federation's pages."""

    host: Name = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8400
    hosts: tuple[Name, ...] = ("localhost", "127.0.0.1")
    """Names that the pages are asked for by."""
    https: bool = False
    """Behind a proxy that speaks TLS: cookies travel by it alone."""
    map_hosts: tuple[str, ...] = ()
    """Where map tiles may come from; none: the drawn map alone."""
    map_style: Annotated[str, whole(r"(https?://[A-Za-z0-9.:-]+/[!-~]*)?")] = ""
    """Address of a MapLibre style that fits them; empty: no map but the drawn one."""


class Oidc(Section, frozen=True, kw_only=True):
    """A provider of identities (OpenID Connect: ProConnect, Keycloak…) beside passwords."""

    client_id: str = ""
    """Empty: there is none."""
    client_secret: Path | None = None
    """File of the secret that the provider gave."""
    name: Name = "OpenID Connect"
    """On the button."""
    issuer: str = ""
    authorization: str = ""
    token: str = ""
    userinfo: str = ""
    keys: str = ""
    """Addresses that the provider's /.well-known/openid-configuration tells; `keys`: jwks_uri."""
    algorithm: Literal["RS256", "ES256"] = "RS256"
    scopes: str = "openid email"


class Mail(Section, frozen=True, kw_only=True):
    """The server by which digests of alerts are sent (SMTP)."""

    host: str = ""
    """Empty: nobody is written to."""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """none: for a server on this machine."""
    login: str = ""
    password: Path | None = None
    """File of the password that goes with it."""
    sender: str = "escale@localhost"
    """Address that letters come from."""
    pages: str = ""
    """Address of the pages as letters say it; empty: by the first of [web] hosts."""


class Reports(Section, frozen=True, kw_only=True):
    """How figures are published."""

    threshold: Annotated[int, msgspec.Meta(ge=2, le=50)] = 5
    """Cells that count fewer people are hidden."""
    hidden_share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.2
    """A table of which this much would be hidden goes up a level."""
    age_bands: dict[Name, tuple[Name, ...]] = {}
    """A funder's bands: name → codes of ours that it holds; none: ours as they are."""


class OwnTracks(Section, frozen=True, kw_only=True):
    """A broker that stops are told to in OwnTracks' words: never the way between them."""

    host: str = ""
    """Empty: nobody is told."""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8883
    tls: bool = True
    root: Path | None = None
    """PEM: of the authority to believe; none: those of the system."""
    login: str = ""
    password: Path | None = None
    """File of the password that goes with it."""
    prefix: Annotated[str, whole("[A-Za-z0-9_-]{1,40}")] = "owntracks"
    """First level of the topics: <prefix>/<territory>/<unit>."""


class Updates(Section, frozen=True, kw_only=True):
    """Where units fetch a new system, by HTTPS with their certificates."""

    folder: Path | None = None
    """Of the bundles that are served."""
    address: Annotated[str, whole(r"(https://[A-Za-z0-9.:-]+(/[!-~]{0,160})?)?")] = ""
    """What that folder is called outside: https://broker.example.org:8443/updates."""
    keyring: Path | None = None
    """PEM: the release authority; a bundle of another is not published."""


class People(Section, frozen=True, kw_only=True):
    """Whose login may do what with names; each deed is audited."""

    open_names: tuple[Name, ...] = ()
    """May open and export them, and make rosters."""
    erase: tuple[Name, ...] = ()
    """May erase them."""


class FederationConfig(Section, frozen=True, kw_only=True):
    """The whole file."""

    store: Store
    broker: Broker = Broker()
    keys: Keys = Keys()
    ingest: Ingest = Ingest()
    places: Places = Places()
    people: People = People()
    reports: Reports = Reports()
    web: Web = Web()
    mail: Mail = Mail()
    owntracks: OwnTracks = OwnTracks()
    oidc: Oidc = Oidc()
    updates: Updates = Updates()


def load(path: Path) -> FederationConfig:
    """Read and check the file. Raises OperatorError that lists every fault in it."""
    try:
        return toml_config.load(path, FederationConfig)
    except toml_config.ConfigError as error:
        raise OperatorError(f"{error}. Mend the file and start again.") from error
