"""`publish update` and `update …` as a technician types them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation import cli
from federation.config import Store
from federation.people import store as people
from tests.federation.updates import release
from tests.federation.updates.road import NEW, Road
from tests.federation.van import TRUSTED
from tests.support import write_toml


class Desk:
    """The command line of a federation that has units."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.store = Store(data=folder / "data")
        self.store.data.mkdir()
        self.road = Road(self.store, "van-a", "van-b")
        self.signer = release.authority(folder / "release")
        self.file = release.bundle(self.signer, folder / "escale-0.5.1.raucb")
        self.sections = {
            **TRUSTED.federation(folder / "keys"),
            "store": {"data": str(folder / "data")},
            "updates": {
                "folder": str(folder / "served"), "address": "https://updates.example.org/updates/",
                "keyring": str(self.signer),
            },
        }  # fmt: skip

    def types(self, *words: object) -> tuple[int, str, str]:
        config = write_toml(self.folder / "federation.toml", self.sections)
        code = cli.main(["--config", str(config), *map(str, words)])
        said = self._capsys.readouterr()
        return code, said.out, said.err


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    made = Desk(tmp_path, capsys)
    monkeypatch.setattr("federation.updates.cli._now", lambda: made.road.now)
    yield made
    made.road.close()


def test_from_a_release_file_to_the_first_unit(desk: Desk) -> None:
    code, out, err = desk.types("publish", "update", desk.file, "--version", NEW)
    assert (code, err) == (0, "")
    assert "is served as https://updates.example.org/updates/escale-0.5.1.raucb" in out
    assert "its signature is of our release authority" in out
    assert (desk.folder / "served" / "escale-0.5.1.raucb").exists()
    assert [row.unit for row in desk.road.rows().values() if row.told] == ["van-a"]
    assert "van-b" in desk.types("update", "status")[1]


def test_the_first_unit_and_4g_are_chosen(desk: Desk) -> None:
    words = ("--first", "van-b", "--mobile", "--mobile-megabytes", "7")
    desk.types("publish", "update", desk.file, *words)
    assert [row.unit for row in desk.road.rows().values() if row.told] == ["van-b"]
    assert desk.road.steps().wanted.mobile_megabytes == 7
    code, _, err = desk.types("publish", "update", desk.file)
    assert (code, "stop that first" in err) == (1, True)


def test_it_is_stopped_resumed_and_each_deed_is_in_the_audit(desk: Desk) -> None:
    desk.types("publish", "update", desk.file)
    assert "stopped by a person" in desk.types("update", "stop")[1]
    assert desk.types("update", "stop")[0] == 1
    assert "running" in desk.types("update", "resume")[1]
    assert desk.types("update", "mobile")[0] == 0
    assert desk.road.steps().mobile
    deeds = [deed.deed for deed in people.audit(desk.store)]
    assert deeds == ["update_begun", "update_stopped", "update_resumed", "update_mobile"]


def test_a_failure_is_told_with_its_reason(desk: Desk) -> None:
    desk.types("publish", "update", desk.file)
    desk.road.reports("van-a", "refused", "no room")
    desk.road.steps()
    _, out, _ = desk.types("update", "status")
    assert "stopped by van-a, which refused it: no room" in out


def test_without_the_key_the_pages_tell_the_units(desk: Desk) -> None:
    del desk.sections["keys"]["documents"]
    code, out, _ = desk.types("publish", "update", desk.file)
    assert (code, "told by the pages' process" in out) == (0, True)
    assert not any(row.told for row in desk.road.rows().values())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--version", "9"), "holds version 0.5.1, not 9"),
        (("--first", "van-x"), "van-x is no unit of the fleet"),
        (("--all",), "leave out --unit and --all"),
    ],
)
def test_what_cannot_be_begun_is_refused_and_nobody_is_told(
    desk: Desk, words: tuple[str, ...], says: str
) -> None:
    code, out, err = desk.types("publish", "update", desk.file, *words)
    assert (code, out) == (1, "")
    assert says in err
    assert not (desk.folder / "served").exists()
    assert "no update was ever published" in desk.types("update", "status")[2]


def test_where_units_fetch_it_must_be_said(desk: Desk) -> None:
    del desk.sections["updates"]
    assert "[updates] folder and address are missing" in desk.types("publish", "update", "x")[2]


def test_another_document_still_wants_to_know_for_whom(desk: Desk) -> None:
    assert "whom is this tour for?" in desk.types("publish", "tour", desk.file)[2]
