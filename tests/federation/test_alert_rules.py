"""The rules one by one: what is wrong, what is fine, and what a silent vehicle leaves unknown."""

from typing import Any

import pytest

from federation import alert_rules
from federation.alert_rules import MEBIBYTE, Seen
from federation.alerting import DAY, MINUTE, Kind, Look
from federation.fleet_troubles import CERTIFICATE, CLOCK, DISK, troubles
from protocol.messages import Status

NOW = 1_790_000_000_000
HERE = {"subject": "v1", "territory": "nord", "silence": "fine", "fresh": True}


def found(kind: Kind, *, is_open: bool = False, others: tuple[Seen, ...] = (), **said: Any) -> Look:
    """What the rule of that kind finds of a vehicle that is there, but for what is said."""
    seen = Seen(**{**HERE, "clock_off": 0, **said})
    looks = alert_rules.looks((seen, *others), NOW, {("v1", kind)} if is_open else set())
    return next(look for look in looks if look.subject == "v1" and look.kind == kind)


@pytest.mark.parametrize(
    ("kind", "said", "verdict"),
    [
        ("silence", {"silence": "wrong"}, "wrong"),
        ("silence", {"silence": "planned"}, "planned"),
        ("silence", {}, "fine"),
        ("backlog", {"backlog": 299}, "fine"),
        ("backlog", {"backlog": 300}, "wrong"),
        ("gps", {"duty": "on", "gps": "absent"}, "wrong"),
        ("gps", {"duty": "on", "gps": "silent"}, "wrong"),
        ("gps", {"duty": "on", "gps": "no_fix"}, "wrong"),
        ("gps", {"duty": "on", "gps": "fix"}, "fine"),
        ("gps", {"duty": "off", "gps": "absent"}, "unknown"),
        ("gps", {"duty": "paused", "gps": "off_duty"}, "unknown"),
        ("disk", {"disk_free": 255 * MEBIBYTE}, "wrong"),
        ("disk", {"disk_free": 256 * MEBIBYTE}, "fine"),
        ("certificate", {"certificate_until": NOW + 22 * DAY}, "fine"),
        ("certificate", {"certificate_until": NOW + 20 * DAY}, "wrong"),
        ("certificate", {"certificate_until": NOW - DAY}, "wrong"),
        ("certificate", {}, "unknown"),
        ("clock", {"clock_off": None}, "wrong"),
        ("clock", {"clock_off": 6 * MINUTE}, "wrong"),
        ("clock", {"clock_off": -6 * MINUTE}, "wrong"),
        ("clock", {"clock_off": 5 * MINUTE}, "fine"),
        ("version", {}, "unknown"),
        ("document", {"refused": {"tour": "jour inconnu"}}, "wrong"),
        ("document", {"waiting": ("programme",)}, "wrong"),
        ("document", {}, "fine"),
        ("fork", {"forks": 1}, "wrong"),
        ("fork", {}, "fine"),
        ("quarantine", {"quarantined": 2}, "wrong"),
        ("quarantine", {}, "fine"),
        ("fault", {"faults": ("screen: no such table",)}, "wrong"),
        ("fault", {}, "fine"),
    ],
)
def test_each_rule(kind: Kind, said: dict[str, Any], verdict: str) -> None:
    look = found(kind, **said)
    assert look.verdict == verdict
    assert bool(look.detail) == (verdict == "wrong")


def test_a_unit_that_says_a_strange_version_takes_the_alerts_from_nobody() -> None:
    assert alert_rules.looks((Seen("v1", "nord", "fine", version="9" * 5000),), NOW, ())


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_an_alert_and_the_fleets_page_judge_alike(over: int) -> None:
    free, until, off = DISK + over, NOW + CERTIFICATE + over, CLOCK + over
    word = Status(
        boot_id="boot-1", boottime=1, utc=NOW + off, version="0.4.0", journals={}, disk_free=free
    )
    said = found_of({"disk_free": free, "certificate_until": until, "clock_off": off})
    assert said == {each.code for each in troubles(word, NOW, until, False, NOW)}
    assert len(said) == (2 if over < 0 else 1)


def found_of(said: dict[str, Any]) -> set[str]:
    """Kinds that are wrong."""
    return {kind for kind in alert_rules.RULES if found(kind, **said).verdict == "wrong"}


@pytest.mark.parametrize("kind", ["backlog", "gps", "disk", "clock", "fault"])
def test_of_a_vehicle_that_is_not_there_nothing_is_guessed(kind: Kind) -> None:
    worst = {"backlog": 9999, "duty": "on", "gps": "absent", "disk_free": 0, "faults": ("x",)}
    assert found(kind, **worst).verdict == "wrong" or kind == "clock"
    assert found(kind, fresh=False, clock_off=None, **worst).verdict == "unknown"


def test_a_box_that_was_taken_out_leaves_no_trouble_behind() -> None:
    looks = alert_rules.looks((Seen("v1", "nord", "wrong", has_box=False),), NOW, ())
    assert {(look.kind, look.verdict) for look in looks if look.kind == "silence"} == {
        ("silence", "wrong")
    }
    assert {look.verdict for look in looks if look.kind != "silence"} == {"fine"}


def test_what_is_open_ends_by_another_measure_than_it_began_with() -> None:
    assert found("backlog", is_open=True, backlog=51).verdict == "wrong"
    assert found("backlog", is_open=True, backlog=49).verdict == "fine"
    assert found("disk", is_open=True, disk_free=511 * MEBIBYTE).verdict == "wrong"
    assert found("disk", is_open=True, disk_free=512 * MEBIBYTE).verdict == "fine"


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [("0.9.0", "0.10.0", "wrong"), ("0.10.0", "0.9.0", "fine"), ("1.0", "1.0.dev", "fine")],
)
def test_a_version_is_behind_the_newest_in_the_fleet(own: str, other: str, verdict: str) -> None:
    others = (Seen("v2", "nord", "fine", version=other),)
    assert found("version", version=own, others=others).verdict == verdict


def test_the_revocation_list_concerns_everybody() -> None:
    assert of_all("9 days old") == {"update": "fine", "revocation": "wrong"}
    assert of_all("") == {"update": "fine", "revocation": "fine"}
    assert of_all(None) == {"update": "fine"}


def test_an_update_that_stopped_concerns_everybody() -> None:
    assert of_all(None, "version 0.5.1") == {"update": "wrong"}


def of_all(trouble: str | None, update: str = "") -> dict[str, str]:
    return {look.kind: look.verdict for look in alert_rules.of_the_federation(trouble, update)}
