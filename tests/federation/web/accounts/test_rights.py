"""Rights of persons: found by the number taken home, opened for a reason, handed out, forgotten."""

import html
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from federation import cli
from federation.people import account, backups, store
from federation.web import keyring
from federation.web.accounts.chores import follow_erasures
from federation.web.keyring import Keyring
from protocol.stops import Arrived
from protocol.workshops import Attended, Called, Cancelled, Changed
from tests.federation.van import TRUSTED, UNIT
from tests.federation.web.programme import planned
from tests.federation.web.site import PAULETTE, SIMONE, SPRING, Site
from tests.trusted import put

NAME, PHONE = "Aïcha-Zq7", "06 91 82 73 64"


@pytest.fixture(autouse=True)
def opens() -> Iterator[None]:
    """The key that opens names, as `web --passphrase-file` holds it."""
    keyring.hold(Keyring(sealing=TRUSTED.sealing))
    yield
    keyring.hold(Keyring())


def ask(site: Site, login: str, what: str, **form: Any) -> Any:
    return site.as_(login).post(f"/comptes/droits/{what}", form)


def said(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def main(answer: Any) -> str:
    return said(answer).partition("<main")[2]


def key(site: Site, unit: str = UNIT, seq: int = 1) -> dict[str, object]:
    return {"unit": unit, "epoch": site.van(unit).epoch, "seq": seq}


def deeds(site: Site) -> list[tuple[str, ...]]:
    return [line[1:] for line in store.audit(site.config.store)]


def in_ledger(site: Site) -> int:
    found = site.bench.ask("SELECT count(*) FROM sealed WHERE envelope IS NOT NULL")
    return int(found[0][0])


def test_a_sign_up_is_found_by_its_number_and_no_name_is_opened_for_that(site: Site) -> None:
    site.sign_up(12, NAME, PHONE)
    page = said(ask(site, "federation", "", number=12))
    assert "1 inscription" in page
    assert "Germaine, atelier cv-telephone" in page
    assert deeds(site) == []
    for form in ({"number": 13}, {"number": ""}, {"number": "x"}, {"number": -1}):
        assert "Germaine, atelier" not in said(ask(site, "federation", "", **form))


def test_several_with_one_number_are_told_apart_by_vehicle(site: Site) -> None:
    for unit in (UNIT, SIMONE, PAULETTE):
        site.sign_up(12, NAME, unit=unit)
    page = said(ask(site, "federation", "", number=12))
    assert "3 inscriptions" in page
    number = site.vehicle("Simone").pk
    page = said(ask(site, "federation", "", number=12, vehicle=number))
    assert "1 inscription" in page
    assert "Simone, atelier" in page


def test_another_territorys_sign_up_is_neither_found_nor_there(site: Site) -> None:
    site.sign_up(12, NAME, unit=PAULETTE)
    assert "Aucune inscription" in said(ask(site, "territory", "", number=12))
    for what in ("inscription/", "ouvrir/", "remettre/"):
        there = ask(site, "territory", what, reason="x", **key(site, PAULETTE))
        nowhere = ask(site, "territory", what, reason="x", unit="van-x", epoch=7, seq=1)
        assert there.status_code == nowhere.status_code == 404
        assert main(there) == main(nowhere)
    assert deeds(site) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"unit": UNIT},
        {"unit": UNIT, "epoch": "x", "seq": "1"},
        {"unit": UNIT, "epoch": "9" * 40, "seq": "1"},
    ],
)
def test_a_form_that_names_no_sign_up_finds_none(site: Site, wrong: dict[str, str]) -> None:
    site.sign_up(12, NAME)
    assert ask(site, "federation", "inscription/", **wrong).status_code == 404


def test_what_is_held_is_told_at_the_local_time_of_the_vehicle(site: Site) -> None:
    cited = site.sign_up(12, NAME, unit=PAULETTE)
    site.tell(
        Changed(sign_up=cited, seats=3, waiting=1, cause="asked"),
        Called(sign_up=cited, reached=False),
        Attended(workshop="cv-telephone", status="absent", sign_up=cited),
        Cancelled(sign_up=cited, seats=1),
        unit=PAULETTE,
    )
    page = said(ask(site, "federation", "inscription/", **key(site, PAULETTE)))
    assert "28 mai 2026 à 17:26" in page  # 20:26 UTC in Cayenne
    for words in ("appelée, sans réponse", "feuille de présence : absent", "gardés scellés"):
        assert words in page
    assert NAME not in page


def test_what_was_noted_at_a_moment_no_calendar_has_is_found_and_shown_still(site: Site) -> None:
    site.van(UNIT, at=2**53 - 10**7)
    site.sign_up(12, NAME)
    assert "n° 12" in said(ask(site, "federation", "", number="12"))
    assert "gardés scellés" in said(ask(site, "federation", "inscription/", **key(site)))


def test_a_name_is_opened_for_a_reason_that_is_in_the_audit_first(site: Site) -> None:
    site.sign_up(12, NAME, PHONE)
    assert NAME not in said(ask(site, "centre", "ouvrir/", reason="", **key(site)))
    assert deeds(site) == []
    page = said(ask(site, "centre", "ouvrir/", reason="rappel", **key(site)))
    assert NAME in page
    assert PHONE in page
    assert deeds(site) == [("compte centre", "opened", "van-germaine 7/1", "rappel")]
    assert "compte centre a ouvert un nom (rappel)" in page


def test_without_the_key_the_page_says_that_names_stay_closed(site: Site) -> None:
    keyring.hold(Keyring())
    site.sign_up(12, NAME)
    assert keyring.NO_NAMES in said(ask(site, "federation", "inscription/", **key(site)))
    for what in ("ouvrir/", "remettre/"):
        page = said(ask(site, "federation", what, reason="x", **key(site)))
        assert page.count(keyring.NO_NAMES) == 1
        assert NAME not in page


def test_a_name_sealed_to_another_key_stays_closed_in_a_sentence(site: Site) -> None:
    keyring.hold(Keyring(sealing=X25519PrivateKey.generate()))
    site.sign_up(12, NAME)
    page = said(ask(site, "federation", "ouvrir/", reason="x", **key(site)))
    assert "Ce nom ne s'ouvre pas avec la clé de ce serveur" in page


def test_a_copy_is_a_page_to_print_or_a_file_and_both_are_in_the_audit(site: Site) -> None:
    site.sign_up(12, NAME, PHONE)
    page = said(ask(site, "territory", "remettre/", reason="demandé", **key(site)))
    assert NAME in page
    assert "CNIL" in page
    form = {"reason": "demandé", "as": "file", **key(site)}
    answer = ask(site, "territory", "remettre/", **form)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="donnees.json"'
    told = json.loads(answer.content)
    assert told["names"] == {"first_name": NAME, "phone": PHONE}
    assert [line["deed"] for line in told["opened"]] == ["exported", "exported"]


def test_only_the_federation_erases(site: Site) -> None:
    site.sign_up(12, NAME)
    for login in ("territory", "centre"):
        assert ask(site, login, "effacer/", reason="x", **key(site)).status_code == 403
        assert "demandez à la fédération" in said(ask(site, login, "inscription/", **key(site)))
    assert (in_ledger(site), deeds(site)) == (1, [])


def test_an_erasure_is_carried_out_by_ingest_and_then_in_the_copies_and_proved(
    site: Site,
) -> None:
    site.sign_up(12, NAME)
    backups.make(site.config.store, site.folder / "backups", "20260102-030405")
    answer = ask(site, "federation", "effacer/", reason="demandé", **key(site))
    proof = answer.headers["Location"]
    assert proof == "/comptes/droits/effacement/1/"
    look = site.as_("federation")
    assert "En attente" in said(look.get(proof))
    follow_erasures(SPRING)
    assert "En attente" in said(look.get(proof))
    site.settle()
    assert in_ledger(site) == 0
    follow_erasures(SPRING)
    page = said(look.get(proof))
    assert "Certificat d'effacement n° 1" in page
    assert "dans 1 copie" in page
    assert "compte federation : demandé" in page
    assert next(store.lines(site.config.store)).chain.hex() in page
    (copy,) = (site.folder / "backups").glob("ledger-*.sqlite")
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute(
            "SELECT count(*) FROM sealed WHERE envelope IS NOT NULL"
        ).fetchone() == (0,)


def test_an_erasure_asked_for_twice_is_one(site: Site) -> None:
    site.sign_up(12, NAME)
    first = ask(site, "federation", "effacer/", reason="demandé", **key(site))
    page = said(ask(site, "federation", "inscription/", **key(site)))
    assert "déjà demandé" in page
    assert first.headers["Location"] in page
    for _ in ("while it waits", "when it is done"):
        again = ask(site, "federation", "effacer/", reason="encore", **key(site))
        assert first.headers["Location"] == again.headers["Location"]
        page = said(site.as_("federation").get(again.headers["Location"]))
        assert "compte federation : demandé" in page
        assert ": encore" not in page
        site.settle()
    assert [line[1] for line in deeds(site)] == ["erased"]


def test_a_certificate_says_what_it_is_of_and_when_the_vehicle_forgets(site: Site) -> None:
    site.sign_up(12, NAME)
    proof = ask(site, "federation", "effacer/", reason="x", **key(site)).headers["Location"]
    site.settle()
    follow_erasures(SPRING)
    page = said(site.as_("federation").get(proof))
    assert "ni dans ses copies de sauvegarde" in page
    assert "À bord des véhicules, la copie scellée part au plus un jour" in page
    assert "nulle part" not in page


def test_two_sign_ups_of_one_number_are_told_apart_by_what_the_person_knows(site: Site) -> None:
    planned.workshop(site)
    site.tell(Arrived(source="gps", lat=50.7, lon=3.1, name="Place du Marché"))
    cited = site.sign_up(12, NAME, seats=2)
    site.sign_up(12, NAME, seats=4, waiting=4, workshop="inconnu")
    site.tell(Changed(sign_up=cited, seats=3, waiting=0, cause="asked"))
    page = said(ask(site, "federation", "", number=12))
    assert "2 inscriptions" in page
    assert "« Mon CV avec un téléphone » du " in page
    assert "3 personnes ·" in page
    assert "4 personnes, dont 4 en liste d'attente ·" in page
    assert "arrêt Place du Marché" in page


def test_after_an_erasure_nothing_is_left_to_open(site: Site) -> None:
    site.sign_up(12, NAME)
    ask(site, "federation", "effacer/", reason="demandé", **key(site))
    site.settle()
    page = said(ask(site, "federation", "ouvrir/", reason="x", **key(site)))
    assert NAME not in page
    assert "effacés le" in page
    assert [line[1] for line in deeds(site)] == ["erased"]


def test_a_proof_of_another_territory_is_not_there(site: Site) -> None:
    site.sign_up(12, NAME, unit=PAULETTE)
    ask(site, "federation", "effacer/", reason="demandé", **key(site, PAULETTE))
    for login, status in (("territory", 404), ("territory-guyane", 200), ("federation", 200)):
        browser = site.as_(login)
        assert browser.get("/comptes/droits/effacement/1/").status_code == status
        assert browser.get("/comptes/droits/effacement/2/").status_code == 404
        assert ("n° 1" in said(browser.get("/comptes/droits/"))) is (status == 200)


def by_telephone(site: Site, login: str = "centre") -> dict[str, object]:
    """Somebody signs up at the desk of Les Lilas; how a form names it."""
    from federation.web.programme.models import DeskSignUp

    shop = planned.workshop(site)
    form = {"people": 1, "first_name": NAME, "phone": PHONE}
    answer = site.as_(login).post(f"/programme/inscriptions/{shop.code}/", form)
    assert answer.status_code == 302
    made = DeskSignUp.objects.get()
    return {"unit": "federation", "epoch": 1, "seq": made.pk, "number": made.number}


def test_a_sign_up_by_telephone_is_found_and_opened_like_any_other(site: Site) -> None:
    chosen = by_telephone(site)
    assert "Par téléphone, à la fédération" in said(ask(site, "centre", "", **chosen))
    page = said(ask(site, "centre", "", number=chosen["number"], vehicle="desk"))
    assert "1 inscription" in page
    assert NAME in said(ask(site, "centre", "ouvrir/", reason="rappel", **chosen))
    assert deeds(site)[-1][1] == "opened"


@pytest.mark.parametrize("login", ["centre-parc", "territory-guyane"])
def test_nor_is_it_there_for_those_whose_workshop_it_is_not(site: Site, login: str) -> None:
    chosen = by_telephone(site)
    assert "Aucune inscription" in said(ask(site, login, "", **chosen))
    assert ask(site, login, "ouvrir/", reason="x", **chosen).status_code == 404


def test_it_is_forgotten_at_once_and_then_in_the_copies(site: Site) -> None:
    chosen = by_telephone(site)
    backups.make(site.config.store, site.folder / "backups", "20260102-030405")
    proof = ask(site, "federation", "effacer/", reason="demandé", **chosen).headers["Location"]
    assert "Effacé de la base ; les copies" in said(site.as_("federation").get(proof))
    assert "effacés le" in said(ask(site, "federation", "inscription/", **chosen))
    follow_erasures(SPRING)
    assert "Certificat d'effacement" in said(site.as_("centre").get(proof))
    assert site.as_("centre-parc").get(proof).status_code == 404
    (copy,) = (site.folder / "backups").glob("web-*.sqlite")
    for file in (copy, site.config.store.outbox):
        with closing(sqlite3.connect(file)) as held:
            assert held.execute("SELECT envelope FROM desk_sign_up").fetchall() == [(None,)]


def test_no_byte_of_an_envelope_is_left_of_it(site: Site) -> None:
    from federation.web.programme.models import DeskSignUp

    chosen = by_telephone(site)
    envelope = bytes(DeskSignUp.objects.get().envelope)
    assert envelope[:200] in site.config.store.outbox.read_bytes()
    backups.make(site.config.store, site.folder / "backups", "20260102-030405")
    ask(site, "federation", "effacer/", reason="demandé", **chosen)
    follow_erasures(SPRING)
    for file in (site.config.store.outbox, *(site.folder / "backups").iterdir()):
        held = file.read_bytes()
        assert not any(envelope[at : at + 32] in held for at in range(0, len(envelope) - 32, 16))


def test_the_command_hands_out_and_forgets_it_too(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen, me = by_telephone(site), account.login()
    people = f'[people]\nopen_names = ["{me}"]\nerase = ["{me}"]\n'
    put(tmp_path / "federation.toml", site.toml.read_text(encoding="utf-8") + people)
    command = ("--config", str(tmp_path / "federation.toml"))
    asked = ("--signup", str(chosen["number"]), "--reason", "demandé")
    opened = ("--passphrase-file", str(site.folder / "passphrase"))
    assert cli.main([*command, "export", *asked, *opened]) == 0
    assert json.loads(capsys.readouterr().out)["names"] == {"first_name": NAME, "phone": PHONE}
    assert cli.main([*command, "erase", *asked]) == 0
    assert cli.main([*command, "export", *asked, *opened]) == 0
    assert NAME not in capsys.readouterr().out
