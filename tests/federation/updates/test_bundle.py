"""What a release file says of itself, and whether it is believed and served."""

from hashlib import sha256
from pathlib import Path

import pytest

from federation.errors import OperatorError
from federation.updates import bundle
from tests.federation.updates import release


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.authority(tmp_path_factory.mktemp("release"))


@pytest.fixture
def file(signer: Path, tmp_path: Path) -> Path:
    return release.bundle(signer, tmp_path / "out" / "escale-0.5.1.raucb")


def refused(path: Path, version: str | None = None, keyring: Path | None = None) -> str:
    with pytest.raises(OperatorError) as said:
        bundle.read(path, version, keyring)
    assert "\n" not in str(said.value)
    return str(said.value)


def test_it_tells_its_version_size_and_digest_and_who_signed_it(file: Path, signer: Path) -> None:
    content = file.read_bytes()
    assert bundle.read(file, "0.5.1", signer) == bundle.Bundle(
        file, "0.5.1", len(content), sha256(content).hexdigest(), ""
    )


def test_its_side_file_leads_to_it(file: Path) -> None:
    assert bundle.read(file.with_suffix(".json"), None, None).path == file


def test_without_a_keyring_it_says_that_nobody_checked(file: Path) -> None:
    assert bundle.read(file, None, None).doubt == "[updates] keyring names no file"


def test_without_openssl_it_says_so_too(
    file: Path, signer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert bundle.read(file, None, signer).doubt == "openssl is not installed here"


def test_one_that_another_key_signed_is_refused(file: Path, tmp_path: Path) -> None:
    other = release.authority(tmp_path / "other")
    assert "is not signed by a release key" in refused(file, keyring=other)


def test_a_signature_that_was_changed_is_refused(file: Path, signer: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[whole.index(b"version=0.5.1") + 8] = ord("9")
    file.with_suffix(".json").unlink()
    file.write_bytes(whole)
    assert "is not signed by a release key" in refused(file, keyring=signer)


def test_another_version_than_was_said_is_refused(file: Path) -> None:
    assert "holds version 0.5.1, not 0.5.2" in refused(file, "0.5.2")


def test_a_file_that_its_side_file_does_not_tell_of_is_refused(file: Path) -> None:
    file.write_bytes(b"x" + file.read_bytes())
    assert "is not what" in refused(file)


@pytest.mark.parametrize("content", [b"", b"\0" * 8, b"\xff" * 64, b"{}", b"x" * 99 + b"\0" * 7])
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.raucb"
    path.write_bytes(content)
    assert "is no RAUC bundle" in refused(path)
    assert "cannot be read" in refused(tmp_path / "nothing")
    side = tmp_path / "file.json"
    side.write_bytes(content)
    assert "does not tell of a bundle" in refused(side)


def test_a_version_that_would_leave_the_folder_is_none(signer: Path, tmp_path: Path) -> None:
    path = release.bundle(signer, tmp_path / "x.raucb", version="../../0.5.1")
    assert "that is none" in refused(path)


class TestServing:
    def test_it_is_copied_for_all_to_read(self, file: Path, tmp_path: Path) -> None:
        found = bundle.read(file, None, None)
        placed = bundle.place(found, tmp_path / "served")
        assert placed.read_bytes() == file.read_bytes()
        assert placed.stat().st_mode & 0o777 == 0o644
        assert [each.name for each in placed.parent.iterdir()] == ["escale-0.5.1.raucb"]
        assert bundle.place(found, tmp_path / "served") == placed

    def test_another_of_the_same_version_is_refused(
        self, file: Path, signer: Path, tmp_path: Path
    ) -> None:
        bundle.place(bundle.read(file, None, None), tmp_path / "served")
        other = release.bundle(signer, tmp_path / "other.raucb", payload=b"changed")
        with pytest.raises(OperatorError, match="another bundle of the same version"):
            bundle.place(bundle.read(other, None, None), tmp_path / "served")

    def test_one_that_changes_meanwhile_is_not_served(self, file: Path, tmp_path: Path) -> None:
        found = bundle.read(file, None, None)
        file.write_bytes(b"x" + file.read_bytes())
        with pytest.raises(OperatorError, match="changed while it was copied"):
            bundle.place(found, tmp_path / "served")
        assert list((tmp_path / "served").iterdir()) == []

    def test_a_folder_that_cannot_be_made_is_one_sentence(self, file: Path, tmp_path: Path) -> None:
        (tmp_path / "served").write_text("")
        with pytest.raises(OperatorError, match="give \\[updates\\] folder another one"):
            bundle.place(bundle.read(file, None, None), tmp_path / "served")
