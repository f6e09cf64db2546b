"""Lines of `broker check` about topics: what each client may say and hear, proved by delivery.

A broker may confirm a publication or grant a subscription and pass nothing on (or the reverse):
each line looks at what arrives, and the auditor hears everything.
"""

import secrets
from collections.abc import Callable
from typing import Final

from protocol import topics

from .check_cast import LEAVER, MARK, OTHER, STRANGER, UNIT, topic_of_another
from .check_world import World

Fault = Callable[[World], str]
"""Tries one thing and tells what is wrong; empty: nothing."""


def ups(unit: str) -> list[str]:
    """Everything a unit says."""
    return [topics.up(unit, what) for what in ("batch", "link", "status", "request")]


def downs(unit: str) -> list[str]:
    """Everything a unit is told."""
    return [topics.down(unit, what) for what in ("receipt", "document/tour", "certificate")]


def enrols(unit: str) -> list[str]:
    """A unit's way to its first certificate."""
    return [topics.enrol(unit, what) for what in ("request", "answer")]


ELSEWHERE: Final = ["elsewhere", f"{topics.ROOT}/elsewhere", "$SYS/broker/version"]
EVERYTHING: Final = [
    *(topic for unit in (UNIT, OTHER, STRANGER) for topic in ups(unit) + downs(unit)),
    *(topic for unit in (UNIT, OTHER, STRANGER) for topic in enrols(unit)),
    topic_of_another(UNIT),
    *ELSEWHERE[:2],
]
FILTERS: Final = [
    "#",
    "+/#",
    "$SYS/#",
    f"{topics.ROOT}/#",
    f"{topics.ROOT}/enrol/+/answer",
    f"{topics.ROOT}/+/+/up/batch",
    topics.all_down(OTHER),
    topics.enrol(OTHER, "answer"),
]


def heard(who: str, said: list[str], by: str, listening: list[str]) -> Fault:
    """Each word reaches the one it is for."""

    def fault(world: World) -> str:
        listener, speaker = world.inside(by), world.inside(who)
        listener.subscribe(*listening)
        for topic in said:
            word = secrets.token_bytes(8)
            speaker.publish(topic, word)
            if not listener.until(lambda: (topic, word) in listener.received, 3.0):  # noqa: B023
                return f"{by} did not hear what {who} said on {topic}"
        return ""

    return fault


def unheard(who: str, said: list[str], *, retain: bool = False) -> Fault:
    """No word reaches anybody, now or later."""

    def fault(world: World) -> str:
        speaker, words = world.inside(who), {}
        for topic in said:
            words[topic] = secrets.token_bytes(8)
            if not speaker.publish(topic, words[topic], retain=retain):
                speaker = world.inside(who)
        for topic, word in words.items():
            if world.said(word):
                return f"{who} was heard on {topic}"
        return _kept(world, list(words.values())) if retain else ""

    return fault


def deaf(who: str, allowed: list[str]) -> Fault:
    """Whatever it subscribes to, it hears `allowed` alone; neither new words nor retained ones."""

    def fault(world: World) -> str:
        for topic in EVERYTHING:
            world.auditor.publish(topic, b"kept", retain=True)
        listener = world.inside(who)
        for wanted in (*FILTERS, *(f"$share/check/{wanted}" for wanted in FILTERS)):
            if not listener.subscribe(wanted):
                listener = world.inside(who)
        for topic in EVERYTHING:
            world.auditor.publish(topic, b"said")
            world.auditor.publish(topic, b"", retain=True)
        if allowed:
            listener.subscribe(allowed[0])
            world.settle(listener, allowed[0])
        else:
            # What it was sent comes before the answer to what it asks afterwards.
            listener.subscribe(MARK)
        overheard = {word.topic for word in listener.received} - set(allowed)
        return f"{who} heard {sorted(overheard)[0]}" if overheard else ""

    return fault


def no_will(world: World) -> str:
    """A last will in another's tree is not said when its client dies; in its own it is."""
    words = {OTHER: secrets.token_bytes(8), UNIT: secrets.token_bytes(8)}
    for tree, word in words.items():
        caller = world.caller(world.client(UNIT))
        caller.client.will_set(topics.up(tree, "link"), word, qos=1)
        why_not = caller.connect()
        caller.cut()
        if why_not and tree == UNIT:
            return f"{UNIT} with a last will of its own is refused: {why_not}"
    wanted = words[UNIT]
    world.auditor.until(lambda: any(word.payload == wanted for word in world.auditor.received))
    if not world.said(wanted):
        return f"the last will of {UNIT} was not heard"
    return f"{UNIT} was heard as {OTHER} when it died" if world.said(words[OTHER]) else ""


def name_changes_nothing(world: World) -> str:
    """A user name and a password beside the certificate give nobody another's rights."""
    caller = world.caller(world.client(UNIT))
    caller.client.username_pw_set(OTHER, "x")
    if caller.connect():
        return ""
    word = secrets.token_bytes(8)
    caller.publish(topics.up(OTHER, "batch"), word)
    return f"{UNIT} was heard as {OTHER} by its user name" if world.said(word) else ""


def loses_its_rights(world: World) -> str:
    """A live session loses every right when its unit's block goes."""
    caller, before, after = world.inside(LEAVER), secrets.token_bytes(8), secrets.token_bytes(8)
    caller.publish(topics.up(LEAVER, "batch"), before)
    if not world.said(before):
        return f"{LEAVER} was not heard while it had its rights"
    world.take_rights(LEAVER)
    # The broker takes its files at its next turn: a word or two may still pass before that.
    for _ in range(20):
        caller.publish(topics.up(LEAVER, "batch"), after)
        if not world.said(after):
            return ""
        after = secrets.token_bytes(8)
        caller.until(lambda: False, 0.05)
    return f"{LEAVER} is still heard"


def _kept(world: World, words: list[bytes]) -> str:
    """What the broker would give to one who comes later."""
    later = world.auditor
    later.client.unsubscribe("#")
    later.subscribe("#")
    known = [word for word in words if world.said(word)]
    return "it was kept for those who come later" if known else ""
