"""From the release file to the card: published here, served by nginx, fetched by a unit.

The real command's placing, Debian's nginx as the document says, the unit's own fetching.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from appliance import runtime
from appliance.config import UnitConfig
from appliance.disk import Limits
from appliance.update import fetch
from appliance.update.facts import Part, Release, Wanted
from appliance.update.fetch import Edges
from appliance.update.folder import Folder
from appliance.update.ways import Way
from federation.updates import bundle
from federation.updates.bundle import Bundle
from tests.federation.updates import release
from tests.provisioning.updates_server import NAME, Updates
from tests.support import eventually, unit_config
from tests.trusted import Trusted

UNIT = "van-germaine"
EDGES = Edges(
    way=lambda: Way("", mobile=False), rest=lambda _: None,
    release=lambda: Release("0.5.0", "abc"), limits=Limits(0, 0),
)  # fmt: skip


@pytest.fixture
def updates(tmp_path: Path, trusted: Trusted) -> Iterator[Updates]:
    made = Updates(tmp_path / "server", trusted).start()
    (made.served / NAME).unlink()
    yield made
    made.stop()


@pytest.fixture
def published(tmp_path: Path, updates: Updates) -> Bundle:
    signer = release.authority(tmp_path / "release")
    path = release.bundle(signer, tmp_path / "out" / "x.raucb", payload=os.urandom(700_000))
    found = bundle.read(path, "0.5.1", signer)
    bundle.place(found, updates.served)
    return found


@pytest.fixture
def unit(tmp_path: Path, trusted: Trusted) -> UnitConfig:
    config = unit_config(tmp_path, paths={"update": str(tmp_path / "update")})
    trusted.identity_of(UNIT, config.paths.data)
    config.paths.update.mkdir()
    return config


def wants(unit: UnitConfig, updates: Updates, found: Bundle, **changes: Any) -> Folder:
    """The document has come."""
    told = {
        "version": found.version, "address": f"{updates.address}/{found.name}",
        "size": found.size, "digest": found.digest, "revision": 1,
    }  # fmt: skip
    folder = Folder(unit.paths.update)
    folder.want(Wanted(**(told | changes)))
    return folder


def test_a_unit_has_the_bundle_as_it_was_released(
    unit: UnitConfig, updates: Updates, published: Bundle
) -> None:
    folder = wants(unit, updates, published)
    assert fetch.run(unit, EDGES) == 0
    assert (folder.path / "bundle.raucb").read_bytes() == published.path.read_bytes()


def test_it_goes_on_where_it_was_cut(unit: UnitConfig, updates: Updates, published: Bundle) -> None:
    # What was here before is nowhere on the server: the whole can only be had by going on.
    begun = bytes(500_000)
    whole = begun + published.path.read_bytes()[len(begun) :]
    digest = sha256(whole).hexdigest()
    folder = wants(unit, updates, published, digest=digest)
    folder.parts(Part(digest=digest))
    (folder.path / "bundle.part").write_bytes(begun)
    assert fetch.run(unit, EDGES) == 0
    assert (folder.path / "bundle.raucb").read_bytes() == whole


def test_one_that_is_revoked_gets_nothing_and_says_why(
    unit: UnitConfig, updates: Updates, published: Bundle
) -> None:
    updates.trusted.revoked[updates.trusted.issued[UNIT].serial_number] = datetime.now(UTC)
    updates.reload()
    folder = wants(unit, updates, published)

    def is_refused() -> bool:
        folder.forget("bundle.raucb")  # what came before the list was in force
        return fetch.run(unit, EDGES) == 1

    eventually(is_refused, what="the list is in force")
    assert not (folder.path / "bundle.raucb").exists()
    told = runtime.read(unit.paths.run, "fetch")
    assert told is not None
    assert "check the address and who may fetch there" in told["why"]
