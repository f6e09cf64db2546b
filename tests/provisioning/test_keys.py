"""Keys on disk: closed, whole, for their owner alone."""

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from protocol import closed_keys
from provisioning import files, keys, passphrase
from provisioning.errors import OperatorError
from provisioning.passphrase import Passphrase

WORDS = "cinq mots qui ne disent rien"


@pytest.mark.parametrize("kind", [Ed25519PrivateKey, X25519PrivateKey])
def test_a_closed_key_opens_with_its_passphrase_alone(
    tmp_path: Path, kind: type[Ed25519PrivateKey]
) -> None:
    key, path = kind.generate(), tmp_path / "private" / "some.pem"
    keys.write_key(path, key, Passphrase(WORDS))
    opened = keys.read_key(path, Passphrase(WORDS))
    assert opened.private_bytes_raw() == key.private_bytes_raw()
    with pytest.raises(OperatorError, match="does not open"):
        keys.read_key(path, Passphrase(WORDS + "!"))
    with pytest.raises(OperatorError, match="encrypted"):
        keys.read_key(path)


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "private" / "some.pem"
    keys.write_key(path, Ed25519PrivateKey.generate(), None)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in path.parent.iterdir()] == ["some.pem"]
    path.chmod(0o640)
    with pytest.raises(OperatorError, match="chmod 600"):
        keys.read_key(path)


def test_what_is_public_may_be_read_by_all_whatever_the_mask(tmp_path: Path) -> None:
    mask = os.umask(0o077)
    try:
        files.write_public(tmp_path / "root.pem", b"x")
    finally:
        os.umask(mask)
    assert (tmp_path / "root.pem").stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "some.pem"
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OperatorError, match="cannot be written"):
        files.write_private(tmp_path / "file" / "below", b"x")
    files.write_private(path, b"former")
    # A folder stands where the fresh file would be made.
    (tmp_path / f".some.pem.{os.getpid()}.new").mkdir()
    with pytest.raises(OperatorError, match="nothing was replaced"):
        files.write_private(path, b"new")
    assert path.read_bytes() == b"former"


def test_argon2_and_openssl_alone_open_a_key_as_the_documents_say(tmp_path: Path) -> None:
    key = X25519PrivateKey.generate()
    told, _, pem = Passphrase(WORDS).lock(key).partition(b"\n")
    assert told.startswith(b"Argon2id t=3 m=65536 p=1 salt=")
    salt = bytes.fromhex(told.rpartition(b"=")[2].decode())
    argon = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65536)
    (tmp_path / "closed.pem").write_bytes(pem)
    password = argon.derive(WORDS.encode()).hex()
    command = ["openssl", "pkey", "-in", tmp_path / "closed.pem", "-passin", f"pass:{password}"]
    opened = subprocess.run(command, capture_output=True, check=True).stdout
    assert closed_keys.read(opened).private_bytes_raw() == key.private_bytes_raw()


def test_a_passphrase_shows_itself_nowhere() -> None:
    assert WORDS not in repr(Passphrase(WORDS)) + str(Passphrase(WORDS))


def test_a_new_passphrase_is_long_enough(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    files.write_private(file, b"onze lettre\n")
    with pytest.raises(OperatorError, match="has 11 characters") as told:
        passphrase.choose("the root", file)
    assert "onze lettre" not in str(told.value)
    files.write_private(file, WORDS.encode() + b"\n")
    key = Ed25519PrivateKey.generate()
    closed = passphrase.choose("the root", file).lock(key)
    assert Passphrase(WORDS).unlock(closed).private_bytes_raw() == key.private_bytes_raw()


def test_a_file_with_a_passphrase_is_not_for_everybody(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text(WORDS, encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(OperatorError, match="can be read by everybody"):
        passphrase.ask("the root", file)
    with pytest.raises(OperatorError, match="cannot be read"):
        passphrase.ask("the root", tmp_path / "nowhere")


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.open", _no_terminal)
    with pytest.raises(OperatorError, match="give --passphrase-file"):
        passphrase.ask("the root")


def _no_terminal(*_: object, **__: object) -> int:
    raise OSError


def test_what_is_no_key_is_one_sentence(tmp_path: Path) -> None:
    for content in (b"", b"rot", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        files.write_private(tmp_path / "some.pem", content)
        with pytest.raises(OperatorError, match="restore it from its backup"):
            keys.read_key(tmp_path / "some.pem")
        with pytest.raises(OperatorError, match="restore it from its backup"):
            keys.read_key(tmp_path / "some.pem", Passphrase(WORDS))
        files.write_public(tmp_path / "certificate.pem", content)
        with pytest.raises(OperatorError, match="holds no certificate"):
            keys.read_certificates(tmp_path / "certificate.pem")
    with pytest.raises(OperatorError, match="is not there"):
        keys.read_key(tmp_path / "nowhere.pem")
    keys.write_key(tmp_path / "x.pem", X25519PrivateKey.generate(), None)
    with pytest.raises(OperatorError, match="no key that signs"):
        keys.read_ed25519(tmp_path / "x.pem")
