"""The federation's one TOML file, as typed sections. Only the command line reads it."""

from pathlib import Path
from typing import Annotated

import msgspec

from protocol import toml_config
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

    @property
    def ledger(self) -> Path:
        """The file that ingest alone writes."""
        return self.data / "ledger.sqlite"

    @property
    def outbox(self) -> Path:
        """The file that holds the documents for the units."""
        return self.data / "web.sqlite"


class Broker(Section, frozen=True, kw_only=True):
    """Where the MQTT broker answers."""

    host: Name = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 1883
    keepalive: Annotated[int, msgspec.Meta(ge=5, le=600)] = 60
    """Seconds."""


class Ingest(Section, frozen=True, kw_only=True):
    """What this worker receives."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,40}$")] = "escale-ingest"
    """Its session at the broker is known by this name and its partitions."""
    partitions: Partitions = tuple(range(PARTITIONS))


class Places(Section, frozen=True, kw_only=True):
    """Where stops that name no commune may have been."""

    file: Path | None = None
    """CSV with a heading: name, insee, lat, lon."""
    within_km: Annotated[float, msgspec.Meta(gt=0, le=50)] = 3.0
    """How far a known place may be from a stop and still give it its commune."""


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
    ingest: Ingest = Ingest()
    places: Places = Places()
    people: People = People()


def load(path: Path) -> FederationConfig:
    """Read and check the file. Raises OperatorError that lists every fault in it."""
    try:
        return toml_config.load(path, FederationConfig)
    except toml_config.ConfigError as error:
        raise OperatorError(f"{error}. Mend the file and start again.") from error
