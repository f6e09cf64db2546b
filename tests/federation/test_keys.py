"""Keys are read from their files, or a person is told in one sentence what to mend."""

from pathlib import Path

import pytest

from federation import keys
from federation.config import Broker
from federation.errors import OperatorError
from federation.keys import Faults
from protocol import closed_keys
from tests.trusted import Trusted, pem, put

from .van import TRUSTED


def files(folder: Path) -> Broker:
    told = TRUSTED.federation(folder)["broker"]
    return Broker(**{name: Path(str(path)) for name, path in told.items()})


def test_the_name_of_the_session_is_that_of_the_certificate(tmp_path: Path) -> None:
    assert keys.client_name(files(tmp_path)) == "service-ingest"


def test_a_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    broker = files(tmp_path)
    put(tmp_path / "key.pem", pem(TRUSTED.documents))
    with pytest.raises(OperatorError, match="is not that of the certificate") as refused:
        keys.tls(broker)
    assert "\n" not in str(refused.value)


def test_all_that_is_wrong_with_the_broker_is_told_together(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(b"\xff\xfe")
    with pytest.raises(OperatorError) as refused:
        keys.tls(Broker(root=tmp_path / "root.pem", certificate=tmp_path / "none"))
    assert str(refused.value) == (
        f"[broker] root {tmp_path}/root.pem holds no certificate as PEM: mend it. "
        f"[broker] certificate {tmp_path}/none cannot be read (No such file or directory). "
        "[broker] key is missing: name the file."
    )


def test_a_key_that_is_closed_is_opened_with_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "documents.pem"
    path.write_bytes(closed_keys.close(TRUSTED.documents, "correct horse", b"s" * 16))
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "correct horse"

    key = keys.ed25519(path, "[keys] documents", ask)
    assert key.public_key() == TRUSTED.documents.public_key()
    assert asked == [f"Passphrase of {path}: "]
    with pytest.raises(OperatorError, match="does not open"):
        keys.ed25519(path, "[keys] documents", lambda _: "wrong")
    with pytest.raises(OperatorError, match="needs a passphrase: give one that needs none"):
        keys.ed25519(path, "[keys] receipts")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "does not open"),
        (pem(TRUSTED.sealing).encode(), "is a key that seals, not one that signs"),
        (Trusted().crl().encode(), "does not open"),
    ],
)
def test_what_is_not_a_key_that_signs_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(OperatorError, match=says) as refused:
        keys.ed25519(tmp_path / "key.pem", "[keys] receipts")
    assert "\n" not in str(refused.value)


def test_no_message_about_a_key_tells_the_key(tmp_path: Path) -> None:
    secret = pem(TRUSTED.documents).splitlines()[1]
    (tmp_path / "key.pem").write_text(pem(TRUSTED.documents)[:-30], encoding="utf-8")
    with pytest.raises(OperatorError) as refused:
        keys.ed25519(tmp_path / "key.pem", "[keys] receipts")
    assert secret[10:30] not in str(refused.value)


def test_nothing_wrong_is_nothing_told() -> None:
    faults = Faults()
    assert faults.of(int, "7") == 7
    faults.tell()
