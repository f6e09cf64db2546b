"""Whom the unit believes: read cheaply, never an older statement, one sentence for a fault."""

from pathlib import Path

import pytest

from appliance.errors import OperatorError
from appliance.identity.trusted import TrustStore
from tests.protocol.fuzzing import spoilt
from tests.trusted import Trusted, put, raw


@pytest.fixture
def data(trusted: Trusted, tmp_path: Path) -> Path:
    trusted.identity_of("van-germaine", tmp_path)
    return tmp_path


def test_the_unit_believes_what_its_root_signed(trusted: Trusted, data: Path) -> None:
    store = TrustStore(data)
    assert store.root() == trusted.root.key.public_key()
    assert store.devices() == trusted.devices.certificate
    assert store.trust().sealing == (raw(trusted.sealing), raw(trusted.recovery))
    assert store.reset_secret() == b"s" * 32


def test_asking_again_reads_no_file_until_it_changed(
    trusted: Trusted, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TrustStore(data)
    first = store.trust()
    reads: list[Path] = []
    really = Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return really(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    assert store.trust() is first
    assert reads == []
    # Another process of the unit took a newer one, as the uplink does.
    TrustStore(data).replace(trusted.statement(2))
    reads.clear()
    assert store.trust().serial == 2
    assert reads == [data / "trust" / "statement"]


def test_a_newer_statement_is_followed_and_outlives_a_restart(trusted: Trusted, data: Path) -> None:
    assert TrustStore(data).replace(trusted.statement(5)).serial == 5
    assert TrustStore(data).trust().serial == 5
    assert (data / "trust" / "statement").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("serial", [1, 4, 5])
def test_a_statement_that_is_not_newer_is_refused(
    trusted: Trusted, data: Path, serial: int
) -> None:
    store = TrustStore(data)
    store.replace(trusted.statement(5))
    with pytest.raises(OperatorError, match=rf"serial {serial}, 5 is in force: send a newer"):
        store.replace(trusted.statement(serial))
    assert store.trust().serial == 5


def test_an_older_statement_put_on_the_card_by_hand_is_not_followed(
    trusted: Trusted, data: Path
) -> None:
    store = TrustStore(data)
    store.replace(trusted.statement(5))
    put(data / "trust" / "statement", trusted.statement(2))
    assert store.trust().serial == 5
    with pytest.raises(OperatorError, match="5 is in force"):
        store.replace(trusted.statement(3))


def test_another_root_is_not_believed(data: Path) -> None:
    stranger = Trusted()
    store = TrustStore(data)
    with pytest.raises(OperatorError, match="not a trust statement of this unit's root"):
        store.replace(stranger.statement(9))
    put(data / "trust" / "statement", stranger.statement(9))
    with pytest.raises(OperatorError, match=r"statement cannot be used .*bundle again"):
        store.trust()


def test_an_authority_of_another_root_is_not_believed(data: Path) -> None:
    stranger = Trusted()
    stranger.identity_of("van-other", data.parent / "other")
    (data.parent / "other" / "trust" / "devices.pem").replace(data / "trust" / "devices.pem")
    with pytest.raises(OperatorError, match=r"devices\.pem is not this root's: .*bundle again"):
        TrustStore(data).devices()


def test_what_was_read_under_one_root_is_not_believed_under_another(
    trusted: Trusted, data: Path
) -> None:
    store = TrustStore(data)
    assert store.trust()
    Trusted().identity_of("van-other", data.parent / "other")
    (data.parent / "other" / "trust" / "root.pem").replace(data / "trust" / "root.pem")
    with pytest.raises(OperatorError, match="statement cannot be used"):
        store.trust()


@pytest.mark.parametrize("name", ["root.pem", "devices.pem", "statement", "reset-secret"])
@pytest.mark.parametrize("content", [None, b"", b"rot\xff"])
def test_missing_and_damaged_are_one_sentence_each(
    data: Path, name: str, content: bytes | None
) -> None:
    path = data / "trust" / name
    path.unlink() if content is None else path.write_bytes(content)
    store = TrustStore(data)
    asked = {
        "root.pem": store.root, "devices.pem": store.devices,
        "statement": store.trust, "reset-secret": store.reset_secret,
    }  # fmt: skip
    why = "is not there" if content is None else r"cannot be used \("
    with pytest.raises(OperatorError, match=rf"{name} {why}.*bundle again") as told:
        asked[name]()
    assert "\n" not in str(told.value)


def test_a_good_statement_mends_a_damaged_one(trusted: Trusted, data: Path) -> None:
    (data / "trust" / "statement").write_bytes(b"rot")
    store = TrustStore(data)
    assert store.replace(trusted.statement(1)).serial == 1
    assert store.trust().serial == 1


def test_no_mutated_statement_is_followed(trusted: Trusted, data: Path) -> None:
    store = TrustStore(data)
    good = trusted.statement(7)
    for statement in spoilt([good, trusted.statement(6)], 3000, seed=7):
        if statement in (good, trusted.statement(6)):
            continue
        with pytest.raises(OperatorError):
            store.replace(statement)
    assert store.trust().serial == 1
