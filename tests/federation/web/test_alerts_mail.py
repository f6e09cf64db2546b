"""Digests of alerts, by a real SMTP server on the loopback: few, plain, without anybody's name."""

import time
from collections.abc import Iterator

import msgspec
import pytest

from federation.alerting import DAY, MINUTE
from federation.config import Mail
from federation.errors import OperatorError
from federation.twins.mailbox import Mailbox
from federation.web import store
from federation.web.alerts import digests
from federation.web.alerts.models import Alert, Digest
from federation.web.alerts.rounds import Rounds
from tests.canaries import people
from tests.federation.web.site import Site
from tests.federation.web.test_alerts import NOON, of_germaine, rounds_until, tour

LATER = NOON + 90 * MINUTE
NORTH = ("federation", "territory", "centre")
SOMEBODY = people(1, 5)[0]


@pytest.fixture
def mailbox(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with Mailbox() as box:
        mail = Mail(host="127.0.0.1", port=box.port, security="none", sender="escale@escale.test")
        config = msgspec.structs.replace(store.config(), mail=mail)
        monkeypatch.setattr(store, "config", lambda: config)
        yield box


@pytest.fixture
def silent(site: Site, mailbox: Mailbox) -> Site:
    tour(site, "van-germaine")
    rounds_until(LATER)
    return site


def recipients(box: Mailbox) -> list[str]:
    return sorted(letter.recipients[0].partition("@")[0] for letter in box.letters)


def test_those_concerned_are_written_to_once(silent: Site, mailbox: Mailbox) -> None:
    for minute in range(50):
        digests.write(LATER + minute * MINUTE)
    assert recipients(mailbox) == sorted(NORTH)


def test_a_digest_says_in_french_what_is_new(silent: Site, mailbox: Mailbox) -> None:
    digests.write(LATER)
    letter = mailbox.to("centre@escale.test")[0]
    assert letter.sender == "escale@escale.test"
    assert letter.message["Subject"] == "Escale : 1 nouvelle alerte"
    assert letter.message.get_content_type() == "text/plain"
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.text.splitlines()[2:4] == [
        "Nouveau :",
        "- Germaine (Les Lilas) — Sans nouvelles : attendu à Place de la Mairie"
        " (depuis le 03/06 à 12 h 00)",
    ]
    assert "http://localhost:8400/alertes/" in letter.text


def test_what_is_over_and_what_remains_are_told_too(silent: Site, mailbox: Mailbox) -> None:
    digests.write(LATER)
    Alert.objects.create(subject="f", kind="revocation", state="open", since=LATER, opened=LATER)
    digests.write(LATER + DAY)
    assert [letter.message["Subject"] for letter in mailbox.to("federation@escale.test")] == [
        "Escale : 1 nouvelle alerte",
        "Escale : 1 nouvelle alerte",
    ]
    assert "Toujours là :\n- Germaine" in mailbox.to("federation@escale.test")[1].text
    Alert.objects.filter(kind="silence").update(state="closed", closed=LATER + DAY)
    digests.write(LATER + 2 * DAY)
    last = mailbox.to("federation@escale.test")[-1]
    assert last.message["Subject"] == "Escale : 1 terminée"
    assert "Terminé :\n- Germaine" in last.text
    assert "terminé le 04/06 à 13 h 30" in last.text
    digests.write(LATER + 3 * DAY)
    assert len(mailbox.to("federation@escale.test")) == 3


def test_what_is_new_within_the_hour_waits_for_its_end(silent: Site, mailbox: Mailbox) -> None:
    digests.write(LATER)
    Alert.objects.create(subject="f", kind="revocation", state="open", since=LATER, opened=LATER)
    digests.write(LATER + 59 * MINUTE)
    assert len(mailbox.to("federation@escale.test")) == 1
    digests.write(LATER + 60 * MINUTE)
    assert len(mailbox.to("federation@escale.test")) == 2


def test_nobody_is_written_to_about_what_is_taken_care_of_or_muted(
    silent: Site, mailbox: Mailbox
) -> None:
    number = of_germaine(silent).pk
    silent.as_("federation").post(f"/alertes/{number}/prise-en-charge/", {"why": "vu"})
    digests.write(LATER)
    assert not mailbox.letters


def test_hours_are_those_of_the_vehicles(site: Site, mailbox: Mailbox) -> None:
    tour(site, "van-paulette")
    rounds_until(LATER)
    account = site.account("territory-guyane")
    Digest.objects.create(account=account, hours="8")
    digests.write(LATER)  # 8 h 30 in Cayenne
    assert recipients(mailbox) == ["federation", "territory-guyane"]


def test_an_hour_that_is_not_asked_for_is_waited_for(silent: Site, mailbox: Mailbox) -> None:
    Digest.objects.create(account=silent.account("centre"), hours="8 14")
    digests.write(LATER)  # 13 h 30
    assert "centre" not in recipients(mailbox)
    digests.write(LATER + 30 * MINUTE)
    assert "centre" in recipients(mailbox)


def test_who_does_not_want_it_gets_none(silent: Site, mailbox: Mailbox) -> None:
    Digest.objects.create(account=silent.account("centre"), wanted=False)
    digests.write(LATER)
    assert recipients(mailbox) == ["federation", "territory"]


def test_one_address_that_fails_keeps_no_other_waiting_and_is_tried_again(
    silent: Site, mailbox: Mailbox
) -> None:
    mailbox.refused.add("federation@escale.test")
    with pytest.raises(OperatorError, match="could not be sent") as fault:
        digests.write(LATER)
    assert "federation@" not in str(fault.value)
    assert recipients(mailbox) == ["centre", "territory"]
    mailbox.refused.clear()
    digests.write(LATER + MINUTE)
    assert recipients(mailbox) == sorted(NORTH)


def test_a_server_that_is_away_is_told_in_one_sentence(
    silent: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mailbox() as gone:
        mail = Mail(host="127.0.0.1", port=gone.port, security="none")
    config = msgspec.structs.replace(store.config(), mail=mail)
    monkeypatch.setattr(store, "config", lambda: config)
    with pytest.raises(OperatorError, match=r"127\.0\.0\.1:\d+ \(ConnectionRefusedError\)"):
        digests.write(LATER)


def test_without_a_server_nobody_is_written_to(site: Site) -> None:
    digests.write(LATER)
    assert not Digest.objects.exists()


def test_a_whole_territory_that_falls_silent_is_one_line(site: Site, mailbox: Mailbox) -> None:
    from federation.web.fleet.models import Box, Centre, Vehicle

    centre = Centre.objects.get(name="Les Lilas")
    units = ["van-germaine"]
    for number in range(2, 8):
        vehicle = Vehicle.objects.create(name=f"Camion {number}", centre=centre)
        Box.objects.create(unit=f"van-{number:03}", vehicle=vehicle, since=0)
        units.append(f"van-{number:03}")
    tour(site, *units)
    rounds_until(LATER)
    digests.write(LATER)
    text = mailbox.to("territory@escale.test")[0].text
    assert text.count("\n- ") == 1
    assert "Territoire Nord — Réseau du territoire : 7 véhicules sans nouvelles" in text
    assert "concerne : Camion 2 (Les Lilas), Camion 3 (Les Lilas)" in text


def test_no_name_and_no_phone_is_in_a_letter_or_a_page(silent: Site, mailbox: Mailbox) -> None:
    silent.sign_up(12, SOMEBODY.first_name, SOMEBODY.phone)
    Rounds().look(int(time.time() * 1000))
    digests.write(LATER)
    pages = silent.as_("federation").get("/alertes/").content.decode()
    for text in (pages, *(letter.text for letter in mailbox.letters)):
        assert SOMEBODY.first_name not in text
        assert SOMEBODY.phone not in text
