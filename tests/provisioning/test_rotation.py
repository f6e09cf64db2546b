"""Rotation: the new key counts, the old one is kept as long as it is needed, and units are told."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import certificates, sealing, trust
from protocol.event import Key
from protocol.sealing import Binding
from protocol.trust import Trust
from provisioning import facts, issuing, keys, registry
from provisioning.facts import Purpose
from provisioning.keys import Folder
from provisioning.passphrase import Passphrase
from tests.provisioning.federation import AUTHORITY, ROOT, Federation

Told = pytest.CaptureFixture[str]
WHERE = Binding("van-germaine", Key(1, 1))


def statement(federation: Federation) -> Trust:
    """As a unit reads it, by its root."""
    folder = federation.folder
    root = keys.certified_hex(keys.read_certificates(folder.certificate("root"))[0])
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(root))
    return trust.read(folder.statement.read_bytes(), public)


def a_client(federation: Federation, name: str) -> None:
    """A certificate of the authority in force, as enrolment issues it."""
    issuer = keys.read_issuer(federation.folder, "devices", Passphrase(AUTHORITY))
    public, now = Ed25519PrivateKey.generate().public_key(), facts.now()
    made = issuing.issue_client(issuer, public, name, now, timedelta(days=90))
    with registry.writing(federation.folder.registry) as log:
        log.append(facts.issued(made, issuer.certificate, now))


def opener(path: Path, closed: Passphrase) -> X25519PrivateKey:
    key = keys.read_key(path, closed)
    assert isinstance(key, X25519PrivateKey)
    return key


def test_after_rotating_the_sealing_key_new_and_old_envelopes_open(federation: Federation) -> None:
    folder, closed = federation.folder, Passphrase(AUTHORITY)
    before = statement(federation)
    envelope = sealing.seal({"first_name": "Awa"}, before.recipients(), WHERE)
    assert federation.run("rotate", "sealing") == 0
    after = statement(federation)
    assert (after.serial, after.sealing[1]) == (2, before.sealing[1])
    assert after.sealing[0] != before.sealing[0]
    assert federation.state().keys["sealing"] == [after.sealing[0]]

    former = opener(folder.former("sealing", before.sealing[0]), closed)
    assert sealing.open_envelope(envelope, [former], WHERE) == {"first_name": "Awa"}
    latest = opener(folder.key("sealing"), closed)
    again = sealing.seal({"first_name": "Awa"}, after.recipients(), WHERE)
    assert sealing.open_envelope(again, [latest], WHERE) == {"first_name": "Awa"}
    with pytest.raises(sealing.SealError):
        sealing.open_envelope(again, [former], WHERE)


def test_the_recovery_key_is_rotated_offline(federation: Federation) -> None:
    folder, before = federation.folder, statement(federation)
    assert federation.run("rotate", "recovery") == 0
    after = statement(federation)
    assert (after.serial, after.sealing[0]) == (2, before.sealing[0])
    former = folder.former("recovery", before.sealing[1])
    assert former.parent == folder.offline / "old"
    assert keys.public_hex(keys.read_key(former, Passphrase(ROOT))) == before.sealing[1]
    assert (
        keys.public_hex(keys.read_key(folder.key("recovery"), Passphrase(ROOT)))
        == (after.sealing[1])
    )


@pytest.mark.parametrize("purpose", ["documents", "receipts"])
def test_an_old_signing_key_is_believed_until_the_rotation_is_finished(
    federation: Federation, capsys: Told, purpose: Purpose
) -> None:
    (former,) = getattr(statement(federation), purpose)
    assert federation.run("rotate", purpose) == 0
    assert f"rotate {purpose} --finish" in capsys.readouterr().out
    both = getattr(statement(federation), purpose)
    new = keys.public_hex(keys.read_key(federation.folder.key(purpose)))
    assert both == (former, new)
    assert federation.run("rotate", purpose) == 1
    assert "not finished" in capsys.readouterr().err
    assert federation.run("rotate", purpose, "--finish") == 0
    told = statement(federation)
    assert (told.serial, getattr(told, purpose)) == (3, (new,))
    assert federation.folder.former(purpose, former).exists()


def test_units_of_the_old_authority_are_accepted_until_all_are_renewed(
    federation: Federation, capsys: Told
) -> None:
    folder = federation.folder
    a_client(federation, "service-ingest")
    before = federation.state().latest("service-ingest")
    assert before is not None
    assert federation.run("rotate", "devices") == 0
    new, old = keys.read_devices(folder, Passphrase(AUTHORITY))
    assert keys.certified_hex(old.certificate) == before.authority
    root = keys.read_certificates(folder.certificate("root"))[0]
    new.certificate.verify_directly_issued_by(root)
    assert new.certificate.subject != old.certificate.subject
    now = facts.now()
    certificates.check(
        certificates.read(before.der), old.certificate, name="service-ingest", now=now
    )

    assert federation.run("rotate", "devices", "--finish") == 1
    assert "1 still show a certificate of the old authority (service-ingest)" in (
        capsys.readouterr().err
    )
    out = federation.path / "ingest"
    assert federation.run("service", "ingest", "--role", "ingest", "--out", out) == 0
    assert (out / "revoked.pem").read_text().count("BEGIN X509 CRL") == 2
    assert federation.run("rotate", "devices", "--finish") == 0
    assert [one.certificate for one in keys.read_devices(folder, Passphrase(AUTHORITY))] == [
        new.certificate
    ]


def test_the_servers_authority_is_replaced_at_once(federation: Federation) -> None:
    (before,) = keys.read_certificates(federation.folder.certificate("servers"))
    assert federation.run("rotate", "servers") == 0
    (after,) = keys.read_certificates(federation.folder.certificate("servers"))
    assert after != before
    after.verify_directly_issued_by(
        keys.read_certificates(federation.folder.certificate("root"))[0]
    )
    keys.read_issuer(federation.folder, "servers", Passphrase(AUTHORITY))


def test_a_new_root_says_what_it_costs_and_begins_again(
    federation: Federation, capsys: Told
) -> None:
    federation.add("van-germaine")
    a_client(federation, "van-germaine")
    before = keys.read_certificates(federation.folder.certificate("root"))
    assert federation.run("rotate", "root") == 1
    told = capsys.readouterr().err
    assert "every unit needs a new bundle" in told
    assert keys.read_certificates(federation.folder.certificate("root")) == before

    federation.root.write_bytes(b"sept mots de plus pour la nouvelle racine")
    assert federation.run("rotate", "root", "--yes") == 0
    assert statement(federation).serial == 2
    now = facts.now()
    assert federation.state().standing("van-germaine", now) == "revoked"
    (root,) = keys.read_certificates(federation.folder.certificate("root"))
    (devices,) = keys.read_devices(federation.folder, Passphrase(AUTHORITY))
    devices.certificate.verify_directly_issued_by(root)
    out = federation.path / "cards"
    assert federation.run("bundle", "van-germaine", "--broker", "b.org", "--out", out) == 0
    assert federation.state().standing("van-germaine", now) == "bundled"


@pytest.mark.parametrize("command", [("init", "--name", "Une autre"), ("rotate", "root", "--yes")])
def test_the_root_has_a_passphrase_of_its_own_also_when_it_is_replaced(
    federation: Federation, capsys: Told, command: tuple[str, ...], tmp_path: Path
) -> None:
    federation.root.write_bytes(AUTHORITY.encode())
    if command[0] == "init":
        federation.folder = Folder(tmp_path / "another")
    assert federation.run(*command) == 1
    assert "the root must have one of its own" in capsys.readouterr().err
    assert not (tmp_path / "another").exists()


@pytest.mark.parametrize("purpose", ["sealing", "documents", "reset", "devices", "servers"])
def test_a_rotation_cut_short_is_made_whole_by_the_same_command(
    federation: Federation, purpose: Purpose
) -> None:
    """As after a power cut between the files and the registry."""
    folder = federation.folder
    told, old = folder.registry.read_bytes(), federation.state().keys[purpose][-1]
    signed = folder.statement.read_bytes()
    assert federation.run("rotate", purpose) == 0
    folder.registry.write_bytes(told)
    folder.statement.write_bytes(signed)
    assert federation.run("rotate", purpose) == 0

    kept = folder.former(purpose, old)
    new = federation.state().keys[purpose][-1]
    assert {_name(federation, purpose, kept), _name(federation, purpose, None)} == {old, new}
    if purpose == "devices":
        assert len(keys.read_devices(folder, Passphrase(AUTHORITY))) == 2
    assert federation.run("statement") == 0


@pytest.mark.parametrize(
    "purpose", ["sealing", "recovery", "documents", "receipts", "reset", "servers"]
)
def test_a_key_that_was_lost_is_replaced_all_the_same(
    federation: Federation, purpose: Purpose
) -> None:
    folder = federation.folder
    (folder.reset if purpose == "reset" else folder.key(purpose)).unlink()
    (lost,) = federation.state().keys[purpose]
    assert federation.run("rotate", purpose) == 0
    assert not folder.former(purpose, lost).exists()
    assert federation.state().keys[purpose][-1] != lost
    assert federation.run("statement") == 0


def test_when_all_that_is_private_is_lost_a_new_root_begins_again(
    federation: Federation, capsys: Told
) -> None:
    folder = federation.folder
    federation.add("van-germaine")
    shutil.rmtree(folder.private)
    assert federation.run("rotate", "devices") == 1
    assert "is lost: put it back from its backup, or" in capsys.readouterr().err
    federation.authority.write_bytes(b"une phrase pour les nouvelles autorites")
    for key in (("root", "--yes"), ("sealing",), ("documents",), ("receipts",), ("reset",)):
        assert federation.run("rotate", *key) == 0
    out = federation.path / "cards"
    assert federation.run("bundle", "van-germaine", "--broker", "b.org", "--out", out) == 0
    opener(folder.key("sealing"), Passphrase("une phrase pour les nouvelles autorites"))


def test_a_passphrase_mistyped_closes_no_new_key(federation: Federation, capsys: Told) -> None:
    before = federation.folder.key("sealing").read_bytes()
    told = federation.folder.registry.read_bytes()
    federation.authority.write_bytes(b"cinq mots pour les autorites")
    assert federation.run("rotate", "sealing") == 1
    assert "does not open" in capsys.readouterr().err
    assert federation.folder.key("sealing").read_bytes() == before
    assert federation.folder.registry.read_bytes() == told


def test_the_medium_from_the_safe_may_be_elsewhere(
    federation: Federation, tmp_path: Path, capsys: Told
) -> None:
    elsewhere = tmp_path / "medium"
    federation.folder.offline.rename(elsewhere)
    assert federation.run("rotate", "documents") == 1
    assert "--offline" in capsys.readouterr().err
    assert federation.run("--offline", elsewhere, "rotate", "documents") == 0
    assert not federation.folder.offline.exists()
    federation.add("van-germaine")
    out = federation.path / "cards"
    assert federation.run("bundle", "van-germaine", "--broker", "b.org", "--out", out) == 0


def _name(federation: Federation, purpose: Purpose, path: Path | None) -> str:
    """What the registry calls the key in a file; None: the one in use."""
    if purpose == "reset":
        return keys.id_hex((path or federation.folder.reset).read_bytes())
    closed = Passphrase(AUTHORITY) if purpose in keys.CLOSED else None
    key = keys.read_key(path or federation.folder.key(purpose), closed)
    return keys.public_hex(key)
