"""The unit's key and certificate on the card: whole, private, and one step from the next."""

import os
import ssl
from pathlib import Path

import pytest

from appliance import placing
from appliance.errors import OperatorError
from appliance.identity import files, store
from provisioning import issuing
from tests.appliance.identity.cutting import Cut, cut_after
from tests.trusted import Trusted, pem, put

UNIT = "van-germaine"


@pytest.fixture
def data(trusted: Trusted, tmp_path: Path) -> Path:
    """An enrolled unit's."""
    trusted.identity_of(UNIT, tmp_path)
    return tmp_path


def next_identity(trusted: Trusted, data: Path) -> bytes:
    """The unit's next key as it waits on the card, and the certificate that comes for it."""
    key, chain = trusted.client(UNIT)
    put(data / "identity" / "next-key.pem", pem(key))
    put(data / "identity" / "next-request.der", b"request")
    put(data / "identity" / "code", b"ABCD")
    return chain.encode()


def held(data: Path) -> bytes:
    identity = store.load(data)
    assert identity is not None
    assert identity.key.public_key() == identity.certificate.public_key()
    store.tls(data, identity)  # the two files it names fit each other
    return identity.der


def test_an_enrolled_unit_knows_who_it_is(trusted: Trusted, data: Path) -> None:
    identity = store.load(data)
    assert identity is not None
    assert identity.certificate == trusted.issued[UNIT]
    assert identity.der == issuing.der(trusted.issued[UNIT])
    ends = trusted.issued[UNIT].not_valid_after_utc
    assert identity.until == int(ends.timestamp()) * 1000
    assert store.bootstrap(data) is not None


def test_a_blank_card_is_nobody(tmp_path: Path) -> None:
    assert store.load(tmp_path) is None
    assert store.bootstrap(tmp_path) is None
    assert store.former(tmp_path) is None


def test_its_tls_speaks_nothing_below_1_3_and_checks_names(data: Path) -> None:
    identity = store.load(data)
    assert identity is not None
    context = store.tls(data, identity)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_3
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    roots = context.get_ca_certs()
    assert len(roots) == 1  # the unit's own root, and none of the system's


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("certificate.pem", b""),
        ("certificate.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("certificate.pem", b"\xff\x00rot"),
        ("key.pem", b""),
        ("key.pem", b"rot"),
        ("key.pem", None),
    ],
)
def test_damage_is_one_sentence_that_says_what_to_do(
    data: Path, name: str, content: bytes | None
) -> None:
    path = data / "identity" / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(OperatorError, match=r"certificate\.pem.*enrol this unit again"):
        store.load(data)


def test_tls_without_a_root_is_one_sentence(data: Path) -> None:
    (data / "trust" / "root.pem").unlink()
    identity = store.load(data)
    assert identity is not None
    with pytest.raises(OperatorError, match=r"root\.pem.*enrol this unit again"):
        store.tls(data, identity)


def test_the_next_identity_takes_over_and_leaves_no_secret_behind(
    trusted: Trusted, data: Path
) -> None:
    store.adopt(data, next_identity(trusted, data), keep=False)
    assert held(data) == issuing.der(trusted.issued[UNIT])
    assert sorted(path.name for path in (data / "identity").iterdir()) == [
        "bootstrap-key.pem", "bootstrap.pem", "certificate.pem", "key.pem"
    ]  # fmt: skip


def test_who_it_was_before_can_come_back_until_it_is_let_go(trusted: Trusted, data: Path) -> None:
    before = held(data)
    store.adopt(data, next_identity(trusted, data), keep=True)
    assert held(data) != before
    store.fall_back(data)
    assert held(data) == before
    assert store.former(data) is None
    store.adopt(data, next_identity(trusted, data), keep=True)
    after = held(data)
    store.settle(data, former=False)
    store.fall_back(data)
    assert held(data) == after


@pytest.mark.parametrize("keep", [True, False])
def test_a_power_cut_at_any_step_leaves_one_identity_or_the_other(
    trusted: Trusted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    """Whatever was written last: who the unit is can be told, and asking goes on or is over."""
    seen = set[str]()
    for steps in range(30):
        data = tmp_path / str(steps)
        trusted.identity_of(UNIT, data)
        before = held(data)
        chain = next_identity(trusted, data)
        after = issuing.der(trusted.issued[UNIT])
        with monkeypatch.context() as patch:
            cut_after(steps, patch)
            try:
                store.adopt(data, chain, keep=keep)
            except Cut:
                pass
            else:
                assert steps > 8
                assert seen == {"before", "after"}
                return
        now = held(data)
        assert now in (before, after)
        if now == before:
            assert (data / "identity" / "next-key.pem").exists()  # the same request can be made
        store.settle(data, former=True)
        assert held(data) == now
        if now == after:
            assert store.read_key(data / "identity" / "next-key.pem") is None
            assert not (data / "identity" / "code").exists()
            store.fall_back(data)
            assert held(data) == (before if keep else after)
        seen.add("after" if now == after else "before")
    raise AssertionError("it never ended")


def test_a_secret_is_readable_by_nobody_else_and_overwritten_before_it_goes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "identity" / "code"
    files.folder(path.parent, 0o700)
    files.write(path, b"ABCD-EFGH")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    other_name = tmp_path / "same blocks"
    os.link(path, other_name)
    files.erase(path)
    assert not path.exists()
    assert other_name.read_bytes() == bytes(9)
    files.erase(path)


def test_a_folder_that_takes_nothing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"code cannot be written .*: check its disk"):
        files.write(tmp_path / "nowhere" / "code", b"ABCD")


def test_what_others_put_in_the_way_of_a_file_is_not_written_through(tmp_path: Path) -> None:
    """Root writes into the uplink's folder: a link there must not make it write elsewhere."""
    system, path = tmp_path / "root's own", tmp_path / "code"
    system.write_bytes(b"of the system")
    (tmp_path / f"code.{os.getpid()}.new").symlink_to(system)
    files.write(path, b"ABCD-EFGH", files.SHARED)
    assert system.read_bytes() == b"of the system"
    assert (path.is_symlink(), path.read_bytes()) == (False, b"ABCD-EFGH")


def test_no_link_is_given_a_name_and_nothing_behind_it_other_rights(tmp_path: Path) -> None:
    system, fresh = tmp_path / "root's own", tmp_path / "fresh"
    system.touch(mode=0o600)
    fresh.symlink_to(system)
    with pytest.raises(OSError, match="symbolic links"):
        placing.place(fresh, tmp_path / "target", 0o644)
    assert system.stat().st_mode & 0o777 == 0o600


def test_a_link_is_erased_and_not_what_it_leads_to(tmp_path: Path) -> None:
    system, link, pipe = tmp_path / "root's own", tmp_path / "link", tmp_path / "pipe"
    system.write_bytes(b"of the system")
    link.symlink_to(system)
    os.mkfifo(pipe)
    files.erase(link)
    files.erase(pipe)
    assert [path.name for path in tmp_path.iterdir()] == [system.name]
    assert system.read_bytes() == b"of the system"
