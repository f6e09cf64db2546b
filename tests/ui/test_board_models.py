"""What staff are told of the unit: only what a process said, in the right words, never too much."""

import pytest

from appliance.uplink.report import Waiting
from protocol.enrolment import CODE_LENGTH
from ui.models import board, errand
from ui.models.board import Check, Facts, checks, sending
from ui.models.errand import Standing, standing

NOTHING, SOME = Waiting(0, None, None), Waiting(26, 1_795_680_000_000, None)
NOW = 1_795_680_000_000
UP = {"link": "up", "enrolment": "enrolled", "faults": []}
WELL = Facts(
    vehicle={"gps": {"state": "fix", "satellites": 9}},
    uplink=UP | {"certificate_until": NOW + 1},
    keeper={"disk_free": 21_900_000_000, "disk_state": "ok", "integrity": {"screen": "ok"}},
    trouble="",
    strict=False,
    utc=NOW,
    sound=True,
)


@pytest.mark.parametrize(
    ("uplink", "waiting", "title", "mark"),
    [
        (None, SOME, "unit.stopped", "bad"),
        ({}, SOME, "unit.trying", "look"),
        (UP, NOTHING, "unit.all_sent", "well"),
        (UP, SOME, "unit.sending", "well"),
        (UP | {"faults": ["nobody listens"]}, NOTHING, "unit.all_sent", "look"),
        (UP | {"link": "down", "cause": "no_route"}, SOME, "unit.no_route", "look"),
        (UP | {"link": "down", "cause": "silence"}, SOME, "unit.silence", "look"),
        (UP | {"link": "down", "cause": "broker"}, SOME, "unit.broker", "look"),
        (UP | {"link": "down", "cause": "of a newer version"}, SOME, "unit.trying", "look"),
        ({"link": "down", "enrolment": "none"}, SOME, "unit.no_bundle", "look"),
        ({"link": "down", "enrolment": "waiting"}, SOME, "unit.enrol_waiting", "look"),
    ],
)
def test_why_nothing_leaves_is_said_plainly(
    uplink: dict[str, object] | None, waiting: Waiting, title: str, mark: str
) -> None:
    told = sending(uplink, waiting)
    assert (told.title, told.mark, told.waiting) == (title, mark, waiting)


def line(facts: Facts, name: str) -> Check:
    (found,) = [check for check in checks(facts) if check.name == name]
    return found


def test_when_all_is_well_every_line_says_so() -> None:
    assert board.worst(checks(WELL)) == "well"
    assert line(WELL, "disk").values == {"free": 21}
    assert line(WELL, "certificate").values == {"date": "26/11/2026"}


def test_a_process_that_says_nothing_is_not_taken_for_well() -> None:
    silent = WELL._replace(vehicle=None, uplink=None, keeper=None)
    assert {check.name: check.mark for check in checks(silent)} == {
        "gps": "bad",
        "link": "bad",
        "clock": "well",
        "disk": "bad",
        "journals": "bad",
        "names": "well",
        "sound": "well",
        "certificate": "unknown",
    }


@pytest.mark.parametrize(
    ("name", "changed", "key", "mark"),
    [
        ("gps", {"vehicle": {"gps": {"state": "no_fix"}}}, "check.gps_no_fix", "look"),
        ("gps", {"vehicle": {"gps": {"state": "absent"}}}, "check.gps_absent", "bad"),
        ("gps", {"vehicle": {"gps": {"state": "off_duty"}}}, "check.gps_off_duty", "well"),
        ("gps", {"vehicle": {"gps": "torn"}}, "check.silent", "bad"),
        ("link", {"uplink": {"enrolment": "asking"}}, "check.link_not_enrolled", "look"),
        ("link", {"uplink": UP | {"link": "down"}}, "check.link_trying", "look"),
        ("clock", {"utc": None}, "check.clock_unknown", "look"),
        ("disk", {"keeper": {"disk_state": "full"}}, "check.disk_full", "bad"),
        ("disk", {"card": {"data": "repaired"}}, "check.disk_repaired", "look"),
        ("disk", {"card": {"data": "good", "faults": ["x"]}}, "check.disk_unready", "look"),
        ("journals", {"keeper": {"integrity": {"a": "torn"}}}, "check.journals_damaged", "bad"),
        ("journals", {"keeper": {"integrity": {"a": ""}}}, "check.journals_ok", "well"),
        ("names", {"trouble": "not_trusted"}, "check.names_refused", "look"),
        ("names", {"trouble": "not_enrolled"}, "check.names_not_yet", "look"),
        ("names", {"strict": True}, "check.names_strict", "well"),
        ("sound", {"sound": False}, "check.sound_none", "look"),
        ("certificate", {"utc": NOW + 2}, "check.certificate_over", "bad"),
    ],
)
def test_what_is_not_well_has_its_own_line(
    name: str, changed: dict[str, object], key: str, mark: str
) -> None:
    found = line(WELL._replace(**changed), name)
    assert (found.key, found.mark) == (key, mark)


def test_the_worst_mark_is_the_mark_of_all() -> None:
    lines = checks(WELL._replace(sound=False, keeper=None))
    assert board.worst(lines) == "bad"
    assert board.worst(tuple(each for each in lines if each.mark != "bad")) == "look"


def test_what_is_touched_is_the_last_and_touched_again_is_none() -> None:
    order = board.toggled(board.toggled((), "fr"), "ar")
    assert order == ("fr", "ar")
    assert board.toggled(order, "fr") == ("ar",)


# Errands


@pytest.mark.parametrize(
    ("asked", "answer", "expected"),
    [
        (None, None, Standing("ask")),
        (990.0, None, Standing("working")),
        (979.0, None, Standing("silent")),
        (500.0, {"state": "copying"}, Standing("working")),
        (-1200.0, {"state": "copying"}, Standing("silent")),
        (500.0, {"state": "done"}, Standing("done")),
        (500.0, {"state": "done", "why": "partly"}, Standing("done", "partly")),
        (500.0, {"state": "failed", "why": "full"}, Standing("failed", "full")),
        (500.0, {"state": "failed", "why": "of a newer version"}, Standing("failed", "unable")),
    ],
)
def test_an_errand_stands_where_its_answer_says(
    asked: float | None, answer: dict[str, object] | None, expected: Standing
) -> None:
    assert standing(asked, 1000.0, answer) == expected


def test_a_code_takes_its_own_letters_and_no_more() -> None:
    code = ""
    for key in ("7", "K", "I", "é", "3", "backspace", "M"):
        code = errand.spelt(code, key)
    assert code == "7KM"
    for _ in range(20):
        code = errand.spelt(code, "W")
    assert len(code) == CODE_LENGTH
    assert errand.in_fours("7KM") == "7KM_  ____  ____  ____"


def test_a_small_count_does_not_leave_the_vehicle() -> None:
    entries = [("Visites", "9", True), ("Santé", "5", False), ("Mes droits", "4", False)]
    entries += [("Arrêts", "1", True), ("Place du Marché", "9", False), ("  9 h", "", False)]
    assert errand.plain(["Camion Germaine", ""], entries, few="moins de 3").splitlines() == [
        "Camion Germaine",
        "",
        "Visites : 9",
        "Santé : 5",
        "Mes droits : 4",
        "",
        "Arrêts : moins de 3",
        "Place du Marché : 9",
        "  9 h",
    ]


def test_nor_can_it_be_reckoned_from_the_counts_beside_it() -> None:
    entries = [("Visites", "9", True), ("Santé", "7", False), ("Mes droits", "2", False)]
    assert errand.plain([], entries, few="moins de 3").splitlines() == [
        "",
        "Visites : 9",
        "Santé",
        "Mes droits",
    ]
