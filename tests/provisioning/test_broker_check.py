"""The rendered broker, real and tried by everybody it must refuse; and brokers with a hole in them.

A line that never fails proves nothing: each is also tried where its protection was taken away.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import closed_keys
from provisioning import check, check_cast, check_doors, issuing
from provisioning.broker import ACCESS, CERTIFICATE, CLIENTS, CONFIGURATION, KEY, REVOKED
from provisioning.check_cast import UNIT, Authority
from provisioning.check_world import World
from provisioning.errors import OperatorError

Files = dict[str, str]
Weaken = Callable[[World], None]

NOW = datetime.now(UTC)
ROOT = issuing.make_root("check", NOW)
UNPINNED = issuing.make_authority(ROOT, "devices", "check", NOW)
OURS = Authority(
    ROOT.certificate,
    issuing.make_authority(ROOT, "devices", "check", NOW),
    issuing.make_authority(ROOT, "servers", "check", NOW),
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A broker with the files as they are rendered."""
    with World(check_cast.rendered(OURS, NOW), OURS) as made:
        yield made


@pytest.mark.parametrize("says", check.LINES)
def test_a_broker_as_it_is_rendered(world: World, says: str) -> None:
    assert check.tried(world, says) == ""


def anybody_may(world: World) -> None:
    """An access file that says yes."""
    world.files[ACCESS] += "\npattern readwrite #\npattern readwrite $SYS/#\n"


def nobody_may(world: World) -> None:
    """One that says no before anybody's rights are read."""
    names = (UNIT, check_cast.bootstrap(UNIT), check_cast.INGEST, check_cast.PROVISIONING)
    world.files[ACCESS] += "".join(f"\nuser {name}\ntopic deny escale/v1/#\n" for name in names)


def name_taken(world: World) -> None:
    """A pattern with the client's name in it, as broker manuals show them."""
    world.files[ACCESS] += "\npattern readwrite escale/v1/+/%u/#\n"


def without(*options: str) -> Weaken:
    """The configuration without some of its lines."""

    def weaken(world: World) -> None:
        lines = world.files[CONFIGURATION].splitlines()
        kept = [line for line in lines if line.partition(" ")[0] not in options]
        world.files[CONFIGURATION] = "\n".join(kept) + "\n"

    return weaken


def said(line: str, *options: str) -> Weaken:
    """Another line in the place of some."""

    def weaken(world: World) -> None:
        without(*options)(world)
        world.files[CONFIGURATION] += line + "\n"

    return weaken


def trusting(what: Callable[[World], str]) -> Weaken:
    """One more authority whose clients are let in."""

    def weaken(world: World) -> None:
        world.files[CLIENTS] += what(world)
        without("crlfile")(world)

    return weaken


def unpinned(world: World) -> None:
    """A second authority, for servers, that the root let make clients."""
    world.authority = world.authority._replace(servers=UNPINNED)
    without("crlfile")(world)


def of_another_name(world: World) -> None:
    """The broker's certificate was made for another host."""
    key = Ed25519PrivateKey.generate()
    leaf = issuing.issue_server(OURS.servers, key.public_key(), ["elsewhere.example"], NOW)
    world.files[CERTIFICATE] = issuing.chain([leaf, OURS.servers.certificate])
    world.files[KEY] = closed_keys.leave_open(key).decode()


open_door = said(
    "require_certificate false\nuse_identity_as_username false\nallow_anonymous true",
    "require_certificate",
    "use_identity_as_username",
    "use_username_as_clientid",
    "allow_anonymous",
)
HOLES: dict[str, Weaken] = {
    "the broker proves its names": of_another_name,
    "a unit is heard": nobody_may,
    "a unit hears its receipts and documents": nobody_may,
    "a unit asks for a certificate": nobody_may,
    "a unit is given a certificate": nobody_may,
    "a blank unit asks for enrolment": nobody_may,
    "a blank unit is answered": nobody_may,
    "no unit speaks as another": anybody_may,
    "no unit leaves a retained word as another": anybody_may,
    "no unit leaves a last will as another": anybody_may,
    "no unit tells another what to do": anybody_may,
    "no unit tells itself what to do": name_taken,
    "no unit speaks in another partition": name_taken,
    "no unit speaks elsewhere": anybody_may,
    "a unit hears what it is told and nothing else": name_taken,
    "a user name changes nothing": said(
        "use_identity_as_username false\nallow_anonymous true",
        "use_identity_as_username",
        "allow_anonymous",
    ),
    "a blank unit does nothing but ask": anybody_may,
    "a blank unit hears its answer and nothing else": anybody_may,
    "whoever is not registered says nothing": name_taken,
    "whoever is not registered hears nothing": name_taken,
    "names that are topic filters gain nothing": anybody_may,
    "ingest says receipts and documents alone": anybody_may,
    "ingest hears batches, links and statuses alone": anybody_may,
    "provisioning says answers and certificates alone": anybody_may,
    "provisioning hears requests alone": anybody_may,
    "nobody takes another's session": without("use_username_as_clientid"),
    "a payload that is too large is not passed on": without("message_size_limit"),
    "a packet that is too large is not passed on": without("message_size_limit", "max_packet_size"),
    "refused: no certificate": open_door,
    "refused: a name and a password": open_door,
    "refused: no TLS": said("listener 1883\nallow_anonymous true", "allow_anonymous"),
    "refused: TLS 1.2": said("tls_version tlsv1.2", "tls_version"),
    "refused: signed by itself": trusting(lambda world: world.impostor.chain),
    "refused: another authority of the same names": trusting(
        lambda world: issuing.pem(world.rival.root)
    ),
    "refused: a client of the servers' authority": unpinned,
    "a live session loses its rights with its block": anybody_may,
    "refused: revoked": without("crlfile"),
}
TLS_ITSELF = {
    "refused: expired",
    "refused: not yet valid",
    "refused: a server of the devices' authority",
    "refused: a server of the servers' authority",
}
"""No line of a configuration can switch these off; `refused` must see whoever is let in."""


@pytest.mark.slow
@pytest.mark.parametrize("says", HOLES)
def test_the_line_fails_where_its_protection_was_taken_away(says: str) -> None:
    holed = World(check_cast.rendered(OURS, NOW), OURS)
    HOLES[says](holed)
    with holed:
        assert check.tried(holed, says) != ""


def test_every_line_was_seen_to_fail(world: World) -> None:
    assert HOLES.keys() | TLS_ITSELF == check.LINES.keys()
    assert check_doors.refused(world, world.client(UNIT)) == "it was let in"


def test_a_list_past_its_next_update_locks_everybody_out() -> None:
    """Why its age is watched (broker_watch)."""
    locked = World(check_cast.rendered(OURS, NOW), OURS)
    old = issuing.revocation_list(OURS.devices, {}, 1, NOW - timedelta(days=31))
    locked.files[REVOKED] = issuing.pem(old)
    with pytest.raises(OperatorError, match=r"the broker refuses .*, who is in order"):
        locked.__enter__()


def test_a_broker_that_does_not_start_is_told_in_one_sentence() -> None:
    broken = World(check_cast.rendered(OURS, NOW), OURS)
    said("no_such_option true")(broken)
    with pytest.raises(OperatorError, match=r"the broker does not start: .*no_such_option"):
        broken.__enter__()
