"""What wants somebody, by a unit's own last word."""

from typing import Any

from federation.fleet_troubles import CERTIFICATE, CLOCK, DISK, Trouble, troubles
from protocol.messages import GpsStatus, Refusal, Status

NOW = 1_779_000_000_000


def word(**more: Any) -> Status:
    usual: dict[str, Any] = {
        "boot_id": "boot-1", "boottime": 1, "utc": NOW, "version": "0.4.0", "journals": {},
    }  # fmt: skip
    return Status(**(usual | more))


def codes(said: Status | None, *, until: int | None = None, forked: bool = False) -> list[str]:
    return [each.code for each in troubles(said, NOW, until, forked, NOW)]


def test_a_healthy_unit_has_none() -> None:
    assert codes(word(gps=GpsStatus(state="no_fix"), disk_free=DISK, duty="on")) == []
    assert codes(None) == []


def test_a_dead_receiver_is_one_only_on_duty() -> None:
    assert codes(word(gps=GpsStatus(state="silent"), duty="on")) == ["gps"]
    assert codes(word(gps=GpsStatus(state="absent"), duty="off")) == []


def test_a_disk_that_fills_is_told_once_as_the_unit_says_it() -> None:
    assert codes(word(disk_free=DISK - 1)) == ["disk"]
    assert troubles(word(faults=("disk full",)), NOW, None, False, NOW) == [
        Trouble("disk", "disk full")
    ]


def test_a_clock_may_differ_by_as_long_as_a_word_takes() -> None:
    assert codes(word(utc=NOW + CLOCK)) == []
    assert codes(word(utc=NOW + CLOCK + 1)) == ["clock"]
    assert codes(word(utc=None)) == []


def test_a_certificate_is_seen_to_a_week_before_it_ends() -> None:
    assert codes(word(), until=NOW + CERTIFICATE + 1) == []
    assert codes(word(), until=NOW + CERTIFICATE) == ["certificate"]
    assert codes(None, until=NOW) == ["certificate_ended"]


def test_the_gravest_stands_first() -> None:
    said = word(
        faults=("odd", "battery low"), refused={"tour": Refusal(revision=3, reason="too long")},
        gps=GpsStatus(state="silent"), duty="on",
    )  # fmt: skip
    assert codes(said, until=NOW - 1, forked=True) == [
        "certificate_ended", "fork", "battery", "gps", "refused", "fault",
    ]  # fmt: skip
