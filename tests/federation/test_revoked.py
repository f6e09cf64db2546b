"""The list of what was revoked is read again when it changes, and its age is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation import revoked
from federation.errors import OperatorError
from federation.revoked import RevocationFile
from provisioning import issuing
from provisioning.issuing import Issuer
from tests.trusted import Trusted, put

TRUSTED = Trusted()
OTHER = issuing.make_authority(TRUSTED.root, "devices", "other", TRUSTED.now)
BOTH = (TRUSTED.devices.certificate, OTHER.certificate)
MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def made(by: Issuer, *serials: int) -> str:
    return issuing.pem(issuing.revocation_list(by, dict.fromkeys(serials, MAY), 1, MAY))


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_the_lists_of_all_authorities_are_one(tmp_path: Path) -> None:
    put(tmp_path / "lists.pem", made(OTHER, 5) + made(TRUSTED.devices, 7, 8))
    assert revoked.read(tmp_path / "lists.pem", BOTH).serials == {5, 7, 8}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (made(TRUSTED.devices), "holds no list signed by other devices"),
        (made(TRUSTED.devices) + made(TRUSTED.servers), "holds no list signed by other devices"),
        (made(Trusted().devices) + made(OTHER), "holds no list signed by test devices"),
        ("", "holds no list signed by test devices"),
        ("-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n", "no revocation list as PEM"),
    ],
)
def test_a_file_that_does_not_tell_is_refused_in_one_sentence(
    tmp_path: Path, content: str, says: str
) -> None:
    put(tmp_path / "lists.pem", content)
    with pytest.raises(OperatorError, match=says) as refused:
        revoked.read(tmp_path / "lists.pem", BOTH)
    assert "\n" not in str(refused.value)


def test_it_is_read_again_when_it_changes_and_only_then(tmp_path: Path) -> None:
    path = tmp_path / "lists.pem"
    put(path, made(TRUSTED.devices))
    file = RevocationFile(path, BOTH[:1])
    assert not file.look(ms(MAY))
    put(tmp_path / "new.pem", made(TRUSTED.devices, 7))
    (tmp_path / "new.pem").rename(path)
    assert file.look(ms(MAY))
    assert file.held.serials == {7}
    assert not file.look(ms(MAY))


def test_while_it_cannot_be_read_the_one_before_goes_on_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "lists.pem"
    put(path, made(TRUSTED.devices, 7))
    file = RevocationFile(path, BOTH[:1])
    for spoil in (path.unlink, lambda: put(path, "half of")):
        spoil()
        assert not file.look(ms(MAY))
        assert not file.look(ms(MAY))
        assert file.held.serials == {7}
    assert [record.getMessage().partition("lists.pem ")[2] for record in caplog.records] == [
        "cannot be read (No such file or directory). Until then the one from before is used.",
        "holds no list signed by test devices: put the list of every authority in [keys] devices "
        "there. Until then the one from before is used.",
    ]
    put(path, made(TRUSTED.devices, 7, 8))
    assert file.look(ms(MAY))


@pytest.mark.parametrize(
    ("age", "says"),
    [
        (7 * DAY - timedelta(hours=2), ""),
        (8 * DAY, "the revocation list is 8 days old"),
        (31 * DAY, "has run out and the broker lets nobody in"),
    ],
)
def test_its_age_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, age: timedelta, says: str
) -> None:
    put(tmp_path / "lists.pem", made(TRUSTED.devices))
    file = RevocationFile(tmp_path / "lists.pem", BOTH[:1])
    for _ in range(2):
        file.look(ms(MAY + age))
    assert [says in record.getMessage() for record in caplog.records] == [True] * bool(says)
    assert says in file.held.trouble(ms(MAY + age))
