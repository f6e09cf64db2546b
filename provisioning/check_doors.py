"""Lines of `broker check` about the door: who is let in, as whom, and how much it may carry."""

import secrets
import socket
import ssl
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import topics
from protocol.messages import MAX_DOCUMENT

from . import issuing
from .check_cast import DAY, LEAVER, OTHER, UNIT
from .check_topics import EVERYTHING, Fault, deaf, unheard
from .check_world import World
from .connection import Identity, context

STRANGE_NAMES: Final = ("+", "#", f"{OTHER}/up", "$SYS", "../" + OTHER, "%u")
"""The authority gives none of them away; the broker does not rest on that."""


def refused(world: World, shown: Identity | None) -> str:
    """The fault when that one is let in."""
    return "" if world.outcome(shown) else "it was let in"


def expired(world: World) -> str:
    """Its twin, which ends later, is let in: it is the date that counts."""
    now = datetime.now(UTC)
    twin = world.outcome(world.client(UNIT, begins=now - 3 * DAY, life=4 * DAY))
    return twin or refused(world, world.client(UNIT, begins=now - 3 * DAY, life=2 * DAY))


def not_yet_valid(world: World) -> str:
    """Its twin, which begins earlier, is let in."""
    now = datetime.now(UTC)
    twin = world.outcome(world.client(UNIT, begins=now - DAY, life=3 * DAY))
    return twin or refused(world, world.client(UNIT, begins=now + DAY))


def self_signed(world: World) -> str:
    """Its own authority, under the name of a unit."""
    return refused(world, world.impostor)


def another_authority(world: World) -> str:
    """One with the very names of ours, with its chain."""
    return refused(world, world.client(UNIT, issuer=world.rival.devices))


def servers_authority(world: World) -> str:
    """It is under our root, and may make no client, even if its leaf says it is one."""
    return refused(world, world.client(UNIT, issuer=world.authority.servers))


def server_as_client(world: World) -> str:
    """What is good for being a server is good for nothing else."""
    key, devices = Ed25519PrivateKey.generate(), world.authority.devices
    leaf = issuing.issue_server(devices, key.public_key(), [UNIT], datetime.now(UTC), UNIT)
    return refused(world, Identity(key, issuing.chain([leaf, devices.certificate])))


def own_broker_certificate(world: World) -> str:
    """The broker's own kind of certificate, with its chain, opens nothing."""
    key, servers = Ed25519PrivateKey.generate(), world.authority.servers
    leaf = issuing.issue_server(servers, key.public_key(), [UNIT], datetime.now(UTC), UNIT)
    return refused(world, Identity(key, issuing.chain([leaf, servers.certificate])))


def no_certificate(world: World) -> str:
    """TLS alone is not enough."""
    return refused(world, None)


def plain(world: World) -> str:
    """MQTT without TLS, at any of its ports."""
    callers = [world.caller(None, tls=False, name=UNIT, port=port) for port in world.ports]
    return "" if all(caller.connect() for caller in callers) else "it was let in"


def password(world: World) -> str:
    """A name and a password in the place of a certificate, with TLS and without."""
    for tls in (True, False):
        caller = world.caller(None, tls=tls, name=UNIT)
        caller.client.username_pw_set(UNIT, "escale")
        if not caller.connect():
            return "it was let in"
    return ""


def old_tls(world: World) -> str:
    """TLS 1.2, with a good certificate."""
    secured = context(world.root, world.client(UNIT))
    secured.check_hostname = False
    secured.minimum_version = secured.maximum_version = ssl.TLSVersion.TLSv1_2
    return "" if _shakes_hands(world, secured, None) else "it was let in"


def theft(world: World) -> str:
    """A unit that calls itself another throws nobody out."""
    victim = world.inside(OTHER)
    thief = world.caller(world.client(UNIT), name=OTHER)
    thief.connect()
    told = topics.down(OTHER, "receipt")
    victim.until(lambda: not victim.up, 0.3)
    if not victim.up or not victim.subscribe(told):
        return f"{UNIT} took the session of {OTHER}"
    world.settle(victim, told)
    return ""


def too_much(size: int) -> Fault:
    """More than this is not passed on, and the broker goes on."""

    def fault(world: World) -> str:
        small, large = secrets.token_bytes(MAX_DOCUMENT), secrets.token_bytes(size)
        for word in (small, large):
            world.inside(UNIT).publish(topics.up(UNIT, "batch"), word)
        if not world.said(small):
            return "what is allowed was not passed on"
        return "it was passed on" if world.said(large) else ""

    return fault


def strange_names(world: World) -> str:
    """Names that mean something in a topic filter."""
    for name in STRANGE_NAMES:
        if world.outcome(world.client(name)):
            continue
        fault = unheard(name, EVERYTHING)(world) or deaf(name, [])(world)
        if fault:
            return fault
    return ""


def revoked(world: World) -> str:
    """Let in until its certificate is on the list, then no more; another of its name is."""
    lost = world.client(LEAVER)
    if world.outcome(lost):
        return "it was refused before it was revoked"
    world.revoke(lost)
    for _ in range(50):
        if world.outcome(lost):
            return world.outcome(world.client(LEAVER)) and "its successor is refused too"
    return "it is still let in"


def own_name(world: World) -> str:
    """The broker proves every name it is known by, under the root alone."""
    secured = context(world.root, world.client(UNIT))
    for name in world.hosts:
        why_not = _shakes_hands(world, secured, name)
        if why_not:
            return f"as {name}: {why_not}"
    return ""


def _shakes_hands(world: World, secured: ssl.SSLContext, name: str | None) -> str:
    """Empty when both ends agree, or why not."""
    try:
        with (
            socket.create_connection(("127.0.0.1", world.ports[0]), 5) as line,
            secured.wrap_socket(line, server_hostname=name),
        ):
            return ""
    except OSError as error:
        return str(error)
