"""A unit is revoked while it is connected: it is out, stays out, and its name may come back."""

import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import closed_keys, topics
from provisioning import broker, broker_files, facts, files, registry
from provisioning.connection import Connection, Identity, Word
from tests.provisioning.van import LaidOut, Van, bundled, enrolled, office
from tests.support import eventually

GOAL = 60.0
"""Seconds in which a leaked key must be of no use."""


def connected(van: Van) -> Connection:
    """A live session of a unit that may speak."""
    line = van.line()
    assert line.connect() == ""
    line.subscribe(topics.all_down(van.unit))
    return line


def revoked_beside(laid_out: LaidOut, unit: str, *live: Connection) -> tuple[int, float]:
    """Runs the command while sessions live; its exit code and the seconds until all are out."""
    codes: list[int] = []
    command = threading.Thread(
        target=lambda: codes.append(laid_out.federation.run("revoke", unit, "--why", "stolen"))
    )
    start = time.monotonic()
    command.start()
    out = all(line.until(lambda: not line.up, GOAL) for line in live)  # noqa: B023
    took = time.monotonic() - start
    command.join()
    assert out, "a session outlived its certificate"
    return codes[0], took


def test_a_live_session_of_a_revoked_unit_ends_within_a_minute(laid_out: LaidOut) -> None:
    thief = enrolled(laid_out, "van-germaine")
    other = connected(enrolled(laid_out, "van-lucie"))
    live = connected(thief)
    code, took = revoked_beside(laid_out, "van-germaine", live)
    assert code == 0
    assert took < GOAL / 4
    again = thief.line()
    assert again.connect() != ""
    assert again.refused
    assert other.publish(topics.up("van-lucie", "link"), b"{}")
    assert other.up


def test_what_a_revoked_unit_could_have_enrolled_with_is_out_too(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    van = bundled(laid_out, "van-germaine")
    assert laid_out.lay_out() == 0
    laid_out.federation.run("revoke", "van-germaine")
    line = laid_out.to(van.bootstrap, "enrol-van-germaine")
    line.connect()
    assert line.refused
    assert not laid_out.federation.folder.code("van-germaine").exists()
    assert "van-germaine: 1 certificates are revoked" in capsys.readouterr().out


def test_a_revoked_unit_has_no_rights_even_in_the_session_it_still_has(
    laid_out: LaidOut,
) -> None:
    thief = connected(enrolled(laid_out, "van-germaine"))
    access = laid_out.out / broker.ACCESS
    assert "user van-germaine\n" in access.read_text()
    now = facts.now()
    with registry.writing(laid_out.federation.folder.registry) as log:
        held = log.state.good("van-germaine", now)
        log.append(*(facts.revoked(one.serial, "stolen", now) for one in held))
    office(laid_out).refresh(now)
    assert "user van-germaine\n" not in access.read_text()
    ear = connected(enrolled(laid_out, "van-lucie"))  # the broker has read its files by now
    assert ear.up
    heard = said_to(laid_out, "van-germaine", thief)
    assert thief.up, "nobody has thrown it out in this test"
    assert heard == []


def said_to(laid_out: LaidOut, unit: str, thief: Connection) -> list[bytes]:
    """What a session hears of a word said to its unit by the authority itself."""
    from provisioning import broker_files, broker_line, broker_rights, keys
    from provisioning.passphrase import Passphrase
    from tests.provisioning.federation import AUTHORITY

    folder = laid_out.federation.folder
    devices = keys.read_devices(folder, Passphrase(AUTHORITY))[0]
    shown = broker_line.identity(devices, broker_rights.SELF, facts.now())
    told = broker_files.settings(folder)
    speaker = broker_line.connection(folder, told, shown, broker_rights.SELF)
    assert speaker.connect() == ""
    speaker.publish(topics.down(unit, "certificate"), b"word")
    # Its answer comes after whatever was to come before.
    thief.subscribe(topics.all_down(unit))
    return [word.payload for word in thief.received]


def test_the_name_of_a_revoked_unit_enrols_again_on_a_new_card(laid_out: LaidOut) -> None:
    thief = enrolled(laid_out, "van-germaine")
    assert laid_out.federation.run("revoke", "van-germaine") == 0
    heir = enrolled(laid_out, "van-germaine")
    live = connected(heir)
    assert live.publish(topics.up("van-germaine", "link"), b"{}")
    again = thief.line()
    again.connect()
    assert again.refused
    assert live.up


def test_a_service_whose_key_leaked_is_out_too_and_is_made_again(laid_out: LaidOut) -> None:
    federation = laid_out.federation

    def made() -> Connection:
        out = federation.path / "ingest"
        assert federation.run("service", "ingest", "--role", "ingest", "--out", out) == 0
        assert laid_out.lay_out() == 0
        broker_files.reload(broker_files.settings(federation.folder))
        key = closed_keys.read((out / "key.pem").read_bytes())
        assert isinstance(key, Ed25519PrivateKey)
        shown = Identity(key, (out / "certificate.pem").read_text())
        return laid_out.to(shown, "service-ingest")

    thief = made()
    assert thief.connect() == ""
    code, took = revoked_beside(laid_out, "service-ingest", thief)
    assert code == 0
    assert took < GOAL / 4
    assert thief.connect() != ""
    assert thief.refused
    assert "user service-ingest\n" not in (laid_out.out / broker.ACCESS).read_text()
    assert made().connect() == ""


def test_a_code_ends_what_the_name_held_before_though_nobody_revoked_it(
    laid_out: LaidOut,
) -> None:
    lost = enrolled(laid_out, "van-germaine")
    live = connected(lost)
    found = connected(enrolled(laid_out, "van-germaine"))
    assert live.until(lambda: not live.up, 5), "one name has one session"
    again = lost.line()
    again.connect()
    assert again.refused
    word = Word(topics.up("van-germaine", "request"), lost.renewal())
    answer = office(laid_out).answer(word, facts.now())
    assert answer is not None
    assert answer.outcome == "refused"
    assert found.publish(topics.up("van-germaine", "link"), b"{}")


def test_revoking_a_unit_of_nobody_is_refused_in_one_sentence(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    assert laid_out.federation.run("revoke", "van-nobody") == 1
    assert "there is no unit 'van-nobody'" in capsys.readouterr().err


def test_a_broker_that_is_down_refuses_the_unit_from_its_next_start(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioning.kick.PATIENCE", 0.5)
    thief = enrolled(laid_out, "van-germaine")
    laid_out.stop()
    assert laid_out.federation.run("revoke", "van-germaine") == 1
    assert "cannot be told to read its files again" in capsys.readouterr().err
    laid_out.start()
    line = thief.line()
    line.connect()
    assert line.refused


def test_a_passphrase_mistyped_in_a_hurry_keeps_no_thief_in(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    thief, federation = enrolled(laid_out, "van-germaine"), laid_out.federation
    files.write_private(federation.authority, b"cinq mots dans le desordre")
    assert federation.run("revoke", "van-germaine") == 1
    assert "this passphrase does not open" in capsys.readouterr().err
    office(laid_out).refresh(facts.now())

    def is_refused() -> bool:
        line = thief.line()
        line.connect()
        line.leave()
        return line.refused

    eventually(is_refused, what="the broker refuses it, told by `serve` alone")


def test_the_lists_are_made_anew_when_something_was_revoked_or_a_day_has_passed(
    laid_out: LaidOut,
) -> None:
    def number() -> int:
        held = x509.load_pem_x509_crl((laid_out.out / broker.REVOKED).read_bytes())
        return held.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number

    enrolled(laid_out, "van-germaine")
    first = number()
    laid_out.lay_out()
    assert number() == first
    laid_out.federation.run("revoke", "van-germaine")
    assert number() == first + 1
    laid_out.lay_out()
    assert number() == first + 2  # the one that proved that the broker has read its files is off
    office(laid_out).refresh(facts.now().replace(year=facts.now().year + 1), even_if_unchanged=True)
    assert number() == first + 3
