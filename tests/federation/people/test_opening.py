"""Names are opened by right, with a reason, and never without a line in the audit."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from federation.config import People
from federation.errors import OperatorError
from federation.people import account, opening, store
from federation.people.store import Deed
from protocol import closed_keys
from tests.federation.people.desk import FEDERATION, RECOVERY, Desk

CLAIRE = Deed(1000, "claire", "exported", "", "asked by the person")


def test_a_name_is_opened_with_the_federations_key_or_the_recovery_key(desk: Desk) -> None:
    desk.sign_up(12, "Aïcha")
    found = desk.find(12)
    for key in (FEDERATION, RECOVERY):
        names = opening.open_audited(desk.store, found, [key], CLAIRE)
        assert names == {"first_name": "Aïcha", "phone": "06 12 34 56 78"}


def test_another_key_opens_nothing_and_says_what_to_try(desk: Desk) -> None:
    desk.sign_up(12, "Aïcha")
    found = desk.find(12)
    with pytest.raises(
        OperatorError, match=r"try the key that was in force .* or the recovery key"
    ):
        opening.open_audited(desk.store, found, [X25519PrivateKey.generate()], CLAIRE)


def test_the_audit_is_written_before_a_name_is_seen(desk: Desk) -> None:
    desk.sign_up(12, "Aïcha")
    found = desk.find(12)
    with pytest.raises(OperatorError):
        opening.open_audited(desk.store, found, [X25519PrivateKey.generate()], CLAIRE)
    (deed,) = store.audit(desk.store)
    assert deed == CLAIRE._replace(about="van-germaine 7/1")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = 'marius' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "UPDATE audit SET reason = '' WHERE id = 1",
    ],
)
def test_a_line_of_the_audit_that_was_changed_or_taken_out_shows(desk: Desk, change: str) -> None:
    for number in range(3):
        with store.writing(desk.store) as database:
            store.record(database, CLAIRE._replace(at=number))
    assert [deed.at for deed in store.audit(desk.store)] == [0, 1, 2]
    with store.writing(desk.store) as database:
        database.execute(change)
    with pytest.raises(OperatorError, match=r"of the audit .* is not the one that was written"):
        list(store.audit(desk.store))


def test_who_has_no_right_is_told_whom_to_ask() -> None:
    people = People(open_names=("claire",))
    account.demand(people, "open_names", "claire")
    with pytest.raises(OperatorError, match=r"marius may not do this: .* \[people\] open_names"):
        account.demand(people, "open_names", "marius")
    with pytest.raises(OperatorError, match=r"\[people\] erase"):
        account.demand(people, "erase", "claire")


def test_the_login_is_the_systems_word_not_the_environments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = account.login()
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "claire")
    assert account.login() == before


def test_a_number_that_is_not_enough_names_what_would_be(desk: Desk) -> None:
    desk.sign_up(12, "Aïcha")
    desk.sign_up(12, "Marius", workshop="tri-photos")
    with pytest.raises(OperatorError, match=r"2 sign-ups have the number 12 .*add --unit or"):
        desk.find(12)
    assert desk.find(12, workshop="tri-photos").event.workshop == "tri-photos"
    with pytest.raises(OperatorError, match="no sign-up has the number 13 on van-germaine"):
        desk.find(13, unit="van-germaine")


def written(path: Path, key: closed_keys.PrivateKey, passphrase: str = "") -> Path:
    closed = closed_keys.close(key, passphrase, b"s" * 16) if passphrase else None
    path.write_bytes(closed or closed_keys.leave_open(key))
    return path


def test_a_sealing_key_is_read_with_its_passphrase_and_no_other(tmp_path: Path) -> None:
    path = written(tmp_path / "sealing.pem", FEDERATION, "un train passe")
    asked: list[str] = []

    def answers(word: str) -> X25519PrivateKey:
        return opening.private_key(path, lambda prompt: asked.append(prompt) or word)

    assert answers("un train passe").public_key() == FEDERATION.public_key()
    with pytest.raises(OperatorError, match="does not open with that passphrase"):
        answers("un autre train")
    assert all(str(path) in prompt for prompt in asked)


def test_what_is_not_a_sealing_key_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="names no file"):
        opening.private_key(None, str)
    with pytest.raises(OperatorError, match="cannot be read"):
        opening.private_key(tmp_path / "none.pem", str)
    other = written(tmp_path / "documents.pem", Ed25519PrivateKey.generate())
    with pytest.raises(OperatorError, match="is not a sealing key"):
        opening.private_key(other, str)


@pytest.mark.parametrize(
    ("kept", "user", "behind", "who"),
    [
        ("1001", 0, "", 1001),
        ("1001", 0, "1002", 1001),
        ("1001", 990, "1002", 1001),
        ("4294967295", 0, "1002", 1002),
        ("4294967295", 990, "1002", 990),
        ("", 0, "1002", 1002),
        ("", 0, "²", 0),
    ],
)
def test_whoever_came_in_is_told_whatever_became_of_them_since(
    kept: str, user: int, behind: str, who: int
) -> None:
    assert account.person(kept, user, behind) == who
