"""The desk: names are sealed at once, opened with a right and a reason, and sent to vans."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from federation import outbox
from federation.people import desk, store
from federation.web import keyring
from federation.web.keyring import Keyring
from federation.web.programme import chores, publishing
from federation.web.programme.models import Call, DeskSignUp
from protocol import sealing
from protocol.documents import Roster, RosterLine, roster_info
from protocol.event import Key
from protocol.retention import RULES
from protocol.workshops import Attended
from tests.federation.van import UNIT
from tests.federation.web.programme import planned
from tests.federation.web.site import Site

NOW = round(planned.NOW.timestamp() * 1000)
DAY = 86_400_000
HERE = "/programme/inscriptions/cv-telephone/"


@pytest.fixture
def open_site(site: Site) -> Iterator[Site]:
    """A workshop of tomorrow, on the van too; the keys are open."""
    planned.keys(site)
    planned.workshop(site, total=6, Germaine=4)
    publishing.bring_up()
    yield site
    keyring.hold(Keyring())


def calls(site: Site, **told: object) -> str:
    """Somebody is signed up by telephone; what the page says then."""
    page = site.as_("centre").post(HERE, told, follow=True)
    return re.sub(r"\s+", " ", page.content.decode())


def test_somebody_signs_up_by_telephone_and_has_a_number(open_site: Site) -> None:
    page = calls(open_site, people=2, first_name="Zoé-Zqx", phone="06 99 88 77 66")
    (made,) = DeskSignUp.objects.all()
    assert f"Inscription n° {made.number}, 2 pers." in page
    assert (made.seats, made.waiting) == (2, 0)


def test_what_is_said_of_a_person_is_sealed_before_it_is_written(open_site: Site) -> None:
    calls(open_site, people=1, first_name="Zoé-Zqx", phone="06 99 88 77 66")
    data = Path(open_site.config.store.data)
    written = b"".join(path.read_bytes() for path in data.iterdir() if path.is_file())
    assert b"Zqx" not in written
    assert b"99 88 77" not in written
    (sign_up,) = desk.every(open_site.config.store)
    (made,) = DeskSignUp.objects.all()
    assert (sign_up.unit, sign_up.key) == ("federation", Key(1, made.pk))
    assert sign_up.event.sealed == sealing.digest(bytes(made.envelope))


def test_a_group_that_does_not_fit_is_asked_whether_it_waits(open_site: Site) -> None:
    page = calls(open_site, people=3)
    assert "Il reste 2 places au standard pour 3" in page
    assert not DeskSignUp.objects.exists()
    calls(open_site, people=3, waits="on")
    assert DeskSignUp.objects.get().waiting == 3


def test_without_a_key_to_seal_to_only_numbers_are_taken(open_site: Site) -> None:
    keyring.hold(Keyring())
    page = calls(open_site, people=1, first_name="Zoé", phone="06")
    assert "faute de clé" in page
    assert not DeskSignUp.objects.exists()
    calls(open_site, people=1)
    assert DeskSignUp.objects.get().envelope is None


def test_a_sign_up_is_changed_and_given_back(open_site: Site) -> None:
    calls(open_site, people=1)
    made = DeskSignUp.objects.get()
    address = f"{HERE}{made.pk}/"
    for people, held in ((2, 2), (1, 1), (0, 0)):
        open_site.as_("centre").post(address, {"people": people})
        made.refresh_from_db()
        assert made.seats - made.waiting == held
    assert open_site.as_("centre").post(address, {"people": 1}).status_code == 404


def changed(site: Site, made: DeskSignUp, **told: object) -> str:
    """The sign-up is changed; what the page says then, with what it holds read anew."""
    page = site.as_("centre").post(f"{HERE}{made.pk}/", told, follow=True)
    made.refresh_from_db()
    return re.sub(r"\s+", " ", html.unescape(page.content.decode()))


def test_seats_that_somebody_holds_are_not_given_up_unasked(open_site: Site) -> None:
    calls(open_site, people=2)
    made = DeskSignUp.objects.get()
    assert 'type="hidden" name="waits"' not in changed(open_site, made, people=2)
    page = changed(open_site, made, people=9)
    assert (made.seats, made.waiting) == (2, 0)
    assert "Elles gardent leurs 2 places et 7 attendent" in page
    assert "Toutes attendent" in page
    page = changed(open_site, made, people=9, waits="rest")
    assert (made.seats, made.waiting) == (9, 7)
    assert "est pour 9 maintenant, dont 7 en attente" in page
    changed(open_site, made, people=10, waits="all")
    assert (made.seats, made.waiting) == (10, 10)
    changed(open_site, made, people=11)
    assert made.waiting == 11, "who has no seat is not asked which to keep"


@pytest.mark.parametrize("people", ["abc", "21", "", "-1"])
def test_a_number_that_is_none_keeps_the_page_and_says_which_are(
    open_site: Site, people: str
) -> None:
    calls(open_site, people=2)
    made = DeskSignUp.objects.get()
    assert "De 1 à 20 personnes" in changed(open_site, made, people=people)
    assert made.seats == 2


def test_names_of_the_desk_and_of_vans_open_with_a_reason_and_a_line_each(open_site: Site) -> None:
    key = open_site.sign_up(12, "Aïcha")
    calls(open_site, people=1, first_name="Zoé", phone="06 99")
    before = open_site.as_("centre").get(HERE).content.decode()
    assert "Zoé" not in before
    assert "Aïcha" not in before
    refused = open_site.as_("centre").post(f"{HERE}noms/", {"reason": " "}, follow=True)
    assert "Dites pourquoi" in refused.content.decode()
    page = open_site.as_("centre").post(f"{HERE}noms/", {"reason": "rappel"}).content.decode()
    assert "Zoé" in page
    assert "Aïcha" in page
    made = DeskSignUp.objects.get()
    deeds = [(d.who, d.deed, d.about, d.reason) for d in store.audit(open_site.config.store)]
    assert sorted(deeds) == [
        ("compte centre", "opened", f"federation 1/{made.pk}", "rappel"),
        ("compte centre", "opened", f"{UNIT} {key.epoch}/{key.seq}", "rappel"),
    ]


def test_the_call_sheet_is_in_order_and_keeps_what_came_of_a_call(open_site: Site) -> None:
    first = open_site.sign_up(12, "Aïcha", seats=6, waiting=6)
    calls(open_site, people=5, waits="on")
    page = open_site.as_("centre").get(HERE).content.decode()
    sheet = page[page.index("calls") :]
    assert sheet.index(">12<") < sheet.index(f">{DeskSignUp.objects.get().number}<")
    told = {"unit": UNIT, "epoch": first.epoch, "seq": first.seq, "outcome": "not_reached"}
    answer = open_site.as_("centre").post(f"{HERE}appel/", told, headers={"HX-Request": "true"})
    assert answer.content.decode() == "pas joint"
    assert Call.objects.get().who == "centre"
    assert "pas joint" in open_site.as_("centre").get(HERE).content.decode()
    wrong = {**told, "seq": first.seq + 1}
    assert open_site.as_("centre").post(f"{HERE}appel/", wrong).status_code == 404


def lines(site: Site, unit: str, today: X25519PrivateKey) -> list[RosterLine]:
    """The newest roster of a van, as its staff read it."""
    found = {(each.unit, each.kind): each.body for each in outbox.latest(site.config.store)}
    body = msgspec.json.decode(found[unit, "roster"], type=Roster)
    plain = sealing.open_bytes(body.sealed, today, roster_info(unit))
    return msgspec.json.decode(plain, type=list[RosterLine])


def test_rosters_leave_by_themselves_with_the_desks_people_for_vans_that_offer_it(
    open_site: Site,
) -> None:
    today = X25519PrivateKey.generate()
    planned.workshop(open_site, "Autre", code="autre", Simone=3)
    planned.workshop(open_site, "Loin", code="loin", days=9, Simone=3)
    publishing.bring_up()
    key = open_site.sign_up(12, "Aïcha")
    calls(open_site, people=2, first_name="Zoé", phone="06 99")
    made = DeskSignUp.objects.get()
    public = today.public_key().public_bytes_raw().hex()
    for unit in (UNIT, "van-simone"):
        open_site.bench.ledger.database.execute(
            "INSERT INTO unit (unit, first_seen, day_key) VALUES (?, 0, ?)"
            " ON CONFLICT (unit) DO UPDATE SET day_key = excluded.day_key",
            (unit, public),
        )
    chores.send_rosters(NOW)
    assert lines(open_site, "van-simone", today) == [], "Simone does not offer it"
    assert lines(open_site, UNIT, today) == [
        RosterLine(
            workshop="cv-telephone", number=12, first_name="Aïcha", phone="06 12 34 56 78",
            unit=UNIT, sign_up=key,
        ),
        RosterLine(
            workshop="cv-telephone", number=made.number, seats=2, first_name="Zoé", phone="06 99",
            unit="federation", sign_up=Key(1, made.pk),
        ),
    ]  # fmt: skip
    told = [(d.who, d.deed, d.reason) for d in store.audit(open_site.config.store)]
    assert told == [("escale", "roster", f"roster {UNIT}")] * 2
    chores.send_rosters(NOW)
    assert len(list(store.audit(open_site.config.store))) == 2, "the same one is not sent again"


def test_who_came_is_seen_at_the_desk(open_site: Site) -> None:
    calls(open_site, people=1)
    made = DeskSignUp.objects.get()
    open_site.tell(
        Attended(workshop="cv-telephone", status="seen", sign_up=Key(1, made.pk), unit="federation")
    )
    page = open_site.as_("centre").get(HERE).content.decode()
    assert "1 présent" in page
    assert ">Présent<" in page


def test_the_sheet_to_sign_has_names_only_for_who_may_open_them(open_site: Site) -> None:
    calls(open_site, people=1, first_name="Zoé", phone="06 99")
    number = str(DeskSignUp.objects.get().number)
    plain = open_site.as_("centre").get(f"{HERE}feuille/").content.decode()
    assert number in plain
    assert "Zoé" not in plain
    named = open_site.as_("centre").post(f"{HERE}feuille/noms/").content.decode()
    assert "Zoé" in named
    assert "06 99" not in named, "a sheet on a table tells no telephone"
    pdf = open_site.as_("centre").post(f"{HERE}feuille/noms/", {"format": "pdf"})
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


def test_names_taken_at_the_desk_are_forgotten_in_time(open_site: Site) -> None:
    calls(open_site, people=1, first_name="Zoé", phone="06")
    made = DeskSignUp.objects.get()
    late = made.contact + RULES["federation.sealed"].days * DAY
    for moment, kept in ((late, True), (late + 1, False)):
        chores.forget(moment)
        made.refresh_from_db()
        assert (made.envelope is not None) is kept
    assert made.erased == late + 1


def test_the_list_says_where_each_is_and_which_are_over(site: Site) -> None:
    planned.workshop(site, Germaine=4, Simone=2)
    planned.workshop(site, "Loin", code="loin", vehicle="Paulette", days=-1)
    planned.workshop(site, "Ailleurs", code="ailleurs", days=-2, state="cancelled")

    def lines(login: str) -> dict[str, str]:
        page = site.as_(login).get("/programme/inscriptions/").content.decode()
        rows = page.partition("<tbody>")[2].split("<tr>")[1:]
        return {re.findall(r"/([\w-]+)/\">", row)[0]: row for row in rows}

    told = lines("federation")
    assert ">Nord<" in told["cv-telephone"]
    assert ">Germaine, Simone<" in told["cv-telephone"]
    assert ">ouvert<" in told["cv-telephone"]
    assert ">Guyane<" in told["loin"]
    assert ">passé<" in told["loin"]
    assert ">annulé<" in told["ailleurs"]
    assert "Territoire" not in lines("centre")["cv-telephone"]
