"""Who came: one line a sign-up, from here and from elsewhere, and those who came without."""

import msgspec

from protocol.documents import RosterLine
from protocol.event import Event, Key
from protocol.standing import fold
from protocol.workshops import Attended, Cancelled, Changed, SignedUp
from ui.models import attendance
from ui.models.attendance import Line, Sheet, word

HERE, THERE = "van-germaine", "van-marius"
FIRST, SECOND = Key(7, 1), Key(7, 2)
SIGNED = (SignedUp(workshop="cv", number=12, seats=2), SignedUp(workshop="cv", number=13))
NAMED = RosterLine(workshop="cv", number=12, seats=2, first_name="Zoé", phone="06", unit=HERE)
ELSEWHERE = RosterLine(
    workshop="cv", number=12, first_name="Ana", unit=THERE, sign_up=Key(5, 9), seats=1
)


def sheet(*words: Event, roster: tuple[RosterLine, ...] = ()) -> Sheet:
    told = [(Key(7, seq), event) for seq, event in enumerate((*SIGNED, *words), start=1)]
    return attendance.sheet("cv", fold(told), roster, told, HERE)


def seen(key: Key, people: int = 1, **more: str) -> Attended:
    return Attended(workshop="cv", status="seen", sign_up=key, people=people, **more)


def test_names_stand_beside_the_numbers_of_this_van_and_other_vans_lines_come_too() -> None:
    assert sheet(roster=(NAMED, ELSEWHERE)).lines == (
        Line(12, FIRST, None, 2, 0, "Zoé", "06"),
        Line(12, Key(5, 9), THERE, 1, 0, "Ana"),
        Line(13, SECOND, None, 1, 0),
    )


def test_without_a_list_there_are_numbers_and_places() -> None:
    assert [(line.number, line.people, line.first_name) for line in sheet().lines] == [
        (12, 2, ""),
        (13, 1, ""),
    ]


def test_a_telephone_is_at_the_federation_only_for_whoever_gave_one() -> None:
    given = msgspec.structs.replace(SIGNED[0], sealed="0" * 32)
    told = [(FIRST, given), (SECOND, SIGNED[1])]
    away, none = attendance.sheet("cv", fold(told), (), told, HERE).lines
    assert (away.is_away, none.is_away) == (True, False)
    listed, _ = attendance.sheet("cv", fold(told), (NAMED,), told, HERE).lines
    assert (listed.is_away, listed.phone) == (False, "06")


def test_the_last_mark_counts_and_the_same_mark_again_takes_it_back() -> None:
    (line, _) = sheet(seen(FIRST, 2)).lines
    assert (line.status, line.came) == ("seen", 2)
    assert word("cv", line, "seen").status == "unknown"
    assert word("cv", line, "noshow") == Attended(
        workshop="cv", status="noshow", sign_up=FIRST, people=2
    )
    assert sheet(seen(FIRST, 2), word("cv", line, "noshow")).came == 0


def test_one_of_two_may_come() -> None:
    (line, _) = sheet().lines
    assert sheet(word("cv", line, "seen", came=1)).came == 1


def test_somebody_of_another_van_is_marked_under_that_van() -> None:
    (_, line, _) = sheet(roster=(NAMED, ELSEWHERE)).lines
    said = word("cv", line, "seen")
    assert (said.unit, said.sign_up) == (THERE, Key(5, 9))
    marked = sheet(said, roster=(NAMED, ELSEWHERE)).lines
    assert [each.status for each in marked] == ["unknown", "seen", "unknown"]


def test_walk_ins_are_counted_one_by_one_and_can_be_taken_back() -> None:
    came = Attended(workshop="cv", status="seen")
    there = sheet(came, came)
    assert (there.walk_ins, there.came) == ((Key(7, 3), Key(7, 4)), 2)
    back = Attended(workshop="cv", status="unknown", corrects=there.walk_ins[-1])
    assert sheet(came, came, back).walk_ins == (Key(7, 3),)


def test_whoever_gave_the_place_back_is_awaited_no_more() -> None:
    assert [line.number for line in sheet(Cancelled(sign_up=FIRST)).lines] == [13]


def test_a_sheet_misses_those_who_are_awaited_and_not_marked() -> None:
    waits = SignedUp(workshop="cv", number=14, waiting=1)
    assert sheet().missing == 2
    assert sheet(seen(FIRST), waits).missing == 1


def test_marks_of_other_workshops_and_rehearsals_count_nothing() -> None:
    other = Attended(workshop="yoga", status="seen", sign_up=FIRST)
    assert sheet(other, seen(FIRST, trial=True)).came == 0  # type: ignore[arg-type]


def test_todays_list_tells_what_changed_since_and_leaves_others_as_they_are() -> None:
    told = [(Key(7, seq), event) for seq, event in enumerate(SIGNED, start=1)]
    changes = [
        Changed(sign_up=FIRST, seats=3, waiting=1, cause="asked"),
        Cancelled(sign_up=SECOND),
    ]
    standings = fold([*told, *((Key(7, 9), each) for each in changes)])
    first, second = (
        RosterLine(workshop="cv", number=number, unit=HERE, sign_up=key)
        for number, key in ((12, FIRST), (13, SECOND))
    )
    there = msgspec.structs.replace(first, unit=THERE)
    lines = attendance.as_they_stand((first, second, there, NAMED), standings, HERE)
    assert lines == (msgspec.structs.replace(first, seats=3, waiting=1), there, NAMED)


def test_a_line_that_is_printed_tells_no_name() -> None:
    assert "Zoé" not in repr(sheet(roster=(NAMED,)))
