"""Today's names go to the van that needs them, sealed to the key that dies tonight."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from federation import outbox
from federation.people import roster, store
from federation.people.roster import Wanted
from federation.people.signups import SignUp
from federation.people.store import Deed
from protocol import sealing
from protocol.documents import Programme, Roster, RosterLine, Workshop, roster_info
from protocol.workshops import Cancelled, Changed
from tests.federation.people.desk import DAY, FEDERATION, RECOVERY, SPRING, Desk
from tests.federation.stores import on_sqlite

CLAIRE = Deed(SPRING, "claire", "roster", "", "roster")
SIGNER, TODAY = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
DAY_KEY = TODAY.public_key().public_bytes_raw().hex()


def programme(desk: Desk, unit: str, **starts: int) -> None:
    """What the federation published to a unit: workshop → when it begins."""
    shops = [
        Workshop(id=name.replace("_", "-"), title=name, starts=at, minutes=60, theme="numerique")
        for name, at in starts.items()
    ]
    body = msgspec.json.encode(Programme(workshops=tuple(shops)))
    outbox.publish(desk.store, SIGNER, [unit], "programme", body, SPRING)


def names_a_day_key(desk: Desk, unit: str, key: str = DAY_KEY) -> None:
    desk.database.execute(
        "INSERT INTO unit (unit, first_seen, day_key) VALUES (?, 0, ?)"
        " ON CONFLICT (unit) DO UPDATE SET day_key = excluded.day_key",
        (unit, key),
    )


def sign_ups_for(desk: Desk, want: Wanted) -> list[SignUp]:
    return roster.sign_ups_for(roster.known(desk.database, desk.store, [want]), want)


def made_for(desk: Desk, unit: str = "van-marius") -> list[RosterLine]:
    """The roster of a unit, as its staff read it with today's key."""
    (want,) = roster.wanted(desk.database, desk.store, SPRING)
    assert want.unit == unit
    found = sign_ups_for(desk, want)
    lines, _ = roster.open_lines(desk.store, want, found, [FEDERATION], CLAIRE)
    body = msgspec.json.decode(roster.body(want, lines), type=Roster)
    plain = sealing.open_bytes(body.sealed, TODAY, roster_info(unit))
    return msgspec.json.decode(plain, type=list[RosterLine])


def test_a_van_gets_the_names_of_its_workshops_wherever_they_were_given(desk: Desk) -> None:
    programme(desk, "van-marius", cv_telephone=SPRING + DAY)
    names_a_day_key(desk, "van-marius")
    keys = {13: desk.sign_up(13, "Marius"), 12: desk.sign_up(12, "Aïcha")}
    desk.sign_up(14, "Rosa", workshop="tri-photos")
    assert made_for(desk) == [
        RosterLine(
            workshop="cv-telephone",
            number=number,
            first_name=name,
            phone="06 12 34 56 78",
            unit="van-germaine",
            sign_up=keys[number],
        )
        for number, name in ((12, "Aïcha"), (13, "Marius"))
    ]


def test_each_name_in_a_roster_is_a_line_in_the_audit(desk: Desk) -> None:
    programme(desk, "van-marius", cv_telephone=SPRING)
    names_a_day_key(desk, "van-marius")
    desk.sign_up(12, "Aïcha")
    desk.sign_up(13, "Marius")
    made_for(desk)
    assert [(deed.about, deed.reason) for deed in store.audit(desk.store)] == [
        ("van-germaine 7/1", "roster van-marius"),
        ("van-germaine 7/2", "roster van-marius"),
    ]


def test_who_gave_the_place_back_is_not_in_it(desk: Desk) -> None:
    programme(desk, "van-marius", cv_telephone=SPRING)
    names_a_day_key(desk, "van-marius")
    key = desk.sign_up(12, "Aïcha")
    desk.tell(Cancelled(sign_up=key))
    assert made_for(desk) == []


def test_a_roster_tells_how_many_come_now_and_is_sent_again_when_that_changes(desk: Desk) -> None:
    programme(desk, "van-marius", cv_telephone=SPRING)
    names_a_day_key(desk, "van-marius")
    key = desk.sign_up(12, "Aïcha")
    (want,) = roster.wanted(desk.database, desk.store, SPRING)
    before = roster.mark([FEDERATION], sign_ups_for(desk, want))
    desk.tell(Changed(sign_up=key, seats=3, waiting=2, cause="asked"))
    desk.tell(Changed(sign_up=key, seats=3, waiting=1, cause="moved_up"))
    assert [(line.seats, line.waiting) for line in made_for(desk)] == [(3, 1)]
    assert roster.mark([FEDERATION], sign_ups_for(desk, want)) != before


def test_last_weeks_and_next_weeks_workshops_are_not_in_it(desk: Desk) -> None:
    programme(desk, "van-marius", cv_telephone=SPRING - 7 * DAY, tri_photos=SPRING + 7 * DAY)
    names_a_day_key(desk, "van-marius")
    desk.sign_up(12, "Aïcha")
    desk.sign_up(13, "Marius", workshop="tri-photos")
    assert made_for(desk) == []


@pytest.mark.parametrize("key", ["", DAY_KEY], ids=["no day key", "no programme"])
def test_a_van_without_a_day_key_or_a_programme_gets_none(desk: Desk, key: str) -> None:
    names_a_day_key(desk, "van-marius", key)
    if not key:
        programme(desk, "van-marius", cv_telephone=SPRING)
    assert roster.wanted(desk.database, desk.store, SPRING) == []


def test_the_same_roster_is_sent_once_and_again_under_another_key(desk: Desk) -> None:
    desk.sign_up(12, "Aïcha")
    want = Wanted("van-marius", DAY_KEY, {"cv-telephone"})
    state = roster.mark([FEDERATION], sign_ups_for(desk, want))
    assert not roster.is_sent(desk.store, want, state)
    roster.note(desk.store, want, state)
    assert roster.is_sent(desk.store, want, state)
    assert not roster.is_sent(desk.store, want._replace(day_key="0" * 64), state)
    desk.sign_up(13, "Marius")
    found = sign_ups_for(desk, want)
    assert not roster.is_sent(desk.store, want, roster.mark([FEDERATION], found))
    assert roster.mark([FEDERATION], found) != roster.mark([FEDERATION, RECOVERY], found)


def test_an_envelope_that_does_not_open_keeps_nobody_elses_name_away(desk: Desk) -> None:
    programme(desk, "van-marius", cv_telephone=SPRING)
    names_a_day_key(desk, "van-marius")
    desk.sign_up(12, "Aïcha")
    desk.sign_up(13, "Sealed to a stranger", to=[X25519PrivateKey.generate().public_key()])
    desk.sign_up(14, "Rosa")
    assert [(line.number, line.first_name) for line in made_for(desk)] == [
        (12, "Aïcha"),
        (13, ""),
        (14, "Rosa"),
    ]


def test_names_from_before_a_rotation_open_with_the_older_key_beside_the_new_one(
    desk: Desk,
) -> None:
    newer = X25519PrivateKey.generate()
    desk.sign_up(12, "Aïcha")
    desk.sign_up(13, "Marius", to=[newer.public_key()])
    want = Wanted("van-marius", DAY_KEY, {"cv-telephone"})
    found = sign_ups_for(desk, want)
    for keys, told in (([newer], ["", "Marius"]), ([newer, FEDERATION], ["Aïcha", "Marius"])):
        lines, closed = roster.open_lines(desk.store, want, found, keys, CLAIRE)
        assert [line.first_name for line in lines] == told
        assert closed == told.count("")


def test_a_roster_opens_for_no_other_van_and_no_other_day(desk: Desk) -> None:
    want = Wanted("van-marius", DAY_KEY, set())
    sealed = msgspec.json.decode(roster.body(want, []), type=Roster).sealed
    with pytest.raises(sealing.SealError):
        sealing.open_bytes(sealed, TODAY, roster_info("van-germaine"))
    with pytest.raises(sealing.SealError):
        sealing.open_bytes(sealed, X25519PrivateKey.generate(), roster_info("van-marius"))


@on_sqlite
def test_what_is_kept_of_a_roster_that_was_sent_tells_no_name(desk: Desk) -> None:
    programme(desk, "van-marius", cv_telephone=SPRING)
    names_a_day_key(desk, "van-marius")
    desk.sign_up(12, "Aïcha-Zqx")
    (want,) = roster.wanted(desk.database, desk.store, SPRING)
    found = sign_ups_for(desk, want)
    lines, _ = roster.open_lines(desk.store, want, found, [FEDERATION], CLAIRE)
    outbox.publish(desk.store, SIGNER, [want.unit], "roster", roster.body(want, lines), SPRING)
    roster.note(desk.store, want, roster.mark([FEDERATION], found))
    written = b"".join(path.read_bytes() for path in desk.store.data.glob("*.sqlite*"))
    assert b"Zqx" not in written
    assert b"12 34 56 78" not in written
