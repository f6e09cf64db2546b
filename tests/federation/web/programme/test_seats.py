"""A workshop's seats, from the planner's page to vans that are away, to the desk, and back."""

from collections.abc import Iterator

import msgspec
import pytest

from federation import outbox
from federation.source import Delivery
from federation.web import keyring
from federation.web.keyring import Keyring
from federation.web.programme import chores, publishing, showing
from federation.web.programme.desk import Refused, Said, change, sign_up
from federation.web.programme.models import DeskSignUp, Workshop
from protocol import messages, topics
from protocol.documents import Programme
from protocol.messages import JournalStatus, Status
from protocol.workshops import Cancelled
from tests.federation.van import UNIT
from tests.federation.web.programme import planned
from tests.federation.web.site import SIMONE, Site

NOW = round(planned.NOW.timestamp() * 1000)


@pytest.fixture
def open_site(site: Site) -> Iterator[Site]:
    """With the keys open, as with --passphrase-file."""
    planned.keys(site)
    yield site
    keyring.hold(Keyring())


def told(site: Site, unit: str = UNIT) -> dict[str, int]:
    """Workshop → seats, in the newest programme of a van."""
    found = [each for each in outbox.latest(site.config.store) if each.unit == unit]
    (body,) = [each.body for each in found if each.kind == "programme"]
    return {each.id: each.seats for each in msgspec.json.decode(body, type=Programme).workshops}


def applies(site: Site, unit: str = UNIT) -> None:
    """The van says that it applied the newest programme, and that it has told everything."""
    newest = {
        each.kind: each.revision for each in outbox.latest(site.config.store) if each.unit == unit
    }
    van = site.van(unit)
    state = JournalStatus(epoch=van.epoch, head=van.head, watermark=van.cursor)
    status = Status(
        boot_id="boot-1", boottime=1, utc=None, version="1", journals={"screen": [state]},
        documents={"programme": newest["programme"]},
    )  # fmt: skip
    site.bench.arrive(Delivery(topics.up(unit, "status"), messages.encode(status)))


def shown(workshop: Workshop) -> showing.Shown:
    return showing.shown([workshop])[0]


def test_what_is_planned_reaches_each_van_once_as_a_signed_document(open_site: Site) -> None:
    planned.workshop(open_site, total=10, Germaine=4, Simone=3)
    assert publishing.bring_up() == []
    assert told(open_site) == {"cv-telephone": 4}
    assert told(open_site, SIMONE) == {"cv-telephone": 3}
    before = [each.revision for each in outbox.latest(open_site.config.store)]
    assert publishing.bring_up() == []
    assert [each.revision for each in outbox.latest(open_site.config.store)] == before


def test_without_the_key_the_page_says_that_nothing_is_sent(site: Site) -> None:
    shop = planned.workshop(site)
    page = site.as_("territory").post(
        f"/programme/ateliers/{shop.code}/etat/", {"state": "open"}, follow=True
    )
    assert "la clé qui signe les documents n&#x27;y est pas ouverte" in page.content.decode()
    assert list(outbox.latest(site.config.store)) == []


def test_seats_lowered_while_a_van_was_away_take_nobodys_away(open_site: Site) -> None:
    shop = planned.workshop(open_site, total=8, Germaine=6)
    publishing.bring_up()
    for number in range(5):
        open_site.sign_up(number, "Aïcha")
    shop.allotments.update(seats=2)
    publishing.bring_up()
    assert told(open_site) == {"cv-telephone": 5}
    found = shown(shop)
    assert (found.sharing.covered, found.sharing.overbooked) == ({UNIT: 3}, 0)
    shop.total = 4
    shop.save()
    found = shown(shop)
    assert (found.sharing.overbooked, len(found.sharing.last)) == (1, 1)
    page = open_site.as_("territory").get(f"/programme/ateliers/{shop.code}/").content.decode()
    assert "1 place de trop" in page
    assert "n° 4" in page


def test_seats_that_move_are_given_when_the_first_van_has_let_them_go(open_site: Site) -> None:
    shop = planned.workshop(open_site, total=8, Germaine=8)
    publishing.bring_up()
    applies(open_site)
    shop.allotments.update(seats=3)
    shop.allotments.create(vehicle=open_site.vehicle("Simone"), seats=5)
    publishing.bring_up()
    assert (told(open_site), told(open_site, SIMONE)) == ({"cv-telephone": 3}, {"cv-telephone": 0})
    assert shown(shop).sharing.owed == {SIMONE: 5}
    applies(open_site)
    publishing.bring_up()
    assert told(open_site, SIMONE) == {"cv-telephone": 5}
    assert shown(shop).sharing.owed == {}


def test_the_desk_has_what_no_van_has_and_splits_no_group_unasked(open_site: Site) -> None:
    shop = planned.workshop(open_site, total=6, Germaine=4)
    publishing.bring_up()
    assert sign_up(shop, Said(1, "Rosa", "06 11")).waiting == 0
    with pytest.raises(Refused, match="Il reste 1 place au standard pour 2"):
        sign_up(shop, Said(2))
    waits = sign_up(shop, Said(2, waits=True))
    assert (waits.seats, waits.waiting) == (2, 2)
    assert shown(shop).sharing.desk == 1


def test_who_waited_longest_moves_up_when_seats_come_free(open_site: Site) -> None:
    shop = planned.workshop(open_site, total=4, Germaine=2)
    publishing.bring_up()
    first = sign_up(shop, Said(2))
    second = sign_up(shop, Said(1, waits=True))
    third = sign_up(shop, Said(1, waits=True))
    change(first, 1)
    publishing.bring_up()
    standing = {
        each.pk: (each.waiting, each.moved_up is not None) for each in DeskSignUp.objects.all()
    }
    assert standing == {first.pk: (0, False), second.pk: (0, True), third.pk: (1, False)}


def test_a_seat_given_back_on_a_van_goes_to_who_waits_there_and_not_to_the_desk(
    open_site: Site,
) -> None:
    shop = planned.workshop(open_site, total=2, Germaine=1)
    publishing.bring_up()
    applies(open_site)
    key = open_site.sign_up(1, "Aïcha")
    open_site.sign_up(2, "Zoé", waiting=1)
    assert shown(shop).sharing.seats == {UNIT: 2}, "the desk's free seat goes to who waits"
    publishing.bring_up()
    assert told(open_site) == {"cv-telephone": 2}
    open_site.tell(Cancelled(sign_up=key))
    publishing.bring_up()
    assert told(open_site) == {"cv-telephone": 1}
    assert shown(shop).sharing.desk == 0, "the van may still give it away"
    applies(open_site)
    assert shown(shop).sharing.desk == 0, "nothing was looked at yet"
    publishing.bring_up()
    assert shown(shop).sharing.desk == 1


def test_the_chore_tells_vans_by_itself(open_site: Site) -> None:
    planned.workshop(open_site)
    chores.publish(NOW)
    assert told(open_site) == {"cv-telephone": 4}


def test_a_cancelled_workshop_leaves_the_vans_and_a_draft_never_went(open_site: Site) -> None:
    shop = planned.workshop(open_site)
    planned.workshop(open_site, "Brouillon", code="brouillon", state="draft")
    publishing.bring_up()
    assert told(open_site) == {"cv-telephone": 4}
    open_site.as_("federation").post(
        f"/programme/ateliers/{shop.code}/etat/", {"state": "cancelled"}
    )
    assert told(open_site) == {}


def test_a_page_shows_so_many_workshops_and_the_rest_on_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("federation.web.programme.views.workshops.MOST", 2)
    for number in range(3):
        planned.workshop(site, f"Atelier {number}", code=f"a{number}", days=1 + number)
    first = site.as_("centre").get("/programme/").content.decode()
    rest = site.as_("centre").get("/programme/?page=2").content.decode()
    seen = [[f"Atelier {number}" in page for number in range(3)] for page in (first, rest)]
    assert seen == [[True, True, False], [False, False, True]]
    assert ("La suite" in first, "La suite" in rest) == (True, False)


def test_a_document_that_cannot_be_written_keeps_none_from_the_other_vans(
    open_site: Site,
) -> None:
    from federation.web.fleet.models import Box

    Box.objects.filter(unit=SIMONE).update(unit="Not A Unit")
    planned.workshop(open_site, total=10, Germaine=4, Simone=3)
    (fault,) = publishing.bring_up()
    assert "'Not A Unit' is not a unit" in fault
    assert told(open_site) == {"cv-telephone": 4}
