"""An update on a stick comes onto the card whole, and once though the stick stays plugged in."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.carrying.sticks import NoStick, Stick
from appliance.config import UnitConfig
from appliance.disk import Limits
from appliance.errors import OperatorError
from appliance.update import stick
from appliance.update.facts import STICK, Came, Judgement
from appliance.update.folder import Folder
from appliance.update.stick import Edges
from tests.support import unit_config

CONTENT = os.urandom(2_500_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Van:
    """A stick is a folder here."""

    def __init__(self, folder: Path) -> None:
        self.config: UnitConfig = unit_config(folder, paths={"update": str(folder / "update")})
        self.config.paths.update.mkdir()
        self.folder = Folder(self.config.paths.update)
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.let_go = 0

    def plugged_in(self, limits: Limits = Limits(0, 0)) -> None:  # noqa: B008
        @contextmanager
        def mounted(device: Path, _at: Path) -> Iterator[Path]:
            assert device == Path("/dev/sda1")
            yield self.stick
            self.let_go += 1

        edges = Edges(lambda: Stick(Path("/dev/sda1"), 8_000_000_000), mounted, limits)
        assert stick.run(self.config, edges) == 0

    @property
    def copy(self) -> bytes | None:
        path = self.folder.path / STICK
        return path.read_bytes() if path.exists() else None


@pytest.fixture
def van(tmp_path: Path) -> Van:
    return Van(tmp_path)


@pytest.mark.parametrize("place", ["escale-0.5.1.raucb", "ESCALE/escale-0.5.1.raucb"])
def test_the_update_on_a_stick_is_copied_and_the_stick_let_go(van: Van, place: str) -> None:
    (van.stick / place).parent.mkdir(exist_ok=True)
    (van.stick / place).write_bytes(CONTENT)
    van.plugged_in()
    assert van.copy == CONTENT
    assert van.folder.came(STICK) == Came(digest=DIGEST, way="stick")
    assert van.let_go == 1
    assert sorted(path.name for path in van.folder.path.iterdir()) == [STICK, f"{STICK}.json"]


def test_of_several_the_last_name_is_the_latest(van: Van) -> None:
    (van.stick / "escale-0.5.9.raucb").write_bytes(b"old")
    (van.stick / "escale-0.5.10.raucb").write_bytes(CONTENT)
    van.plugged_in()
    assert van.copy == CONTENT


def test_a_cut_leaves_no_bundle_under_the_name_of_another(
    van: Van, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(Exception):
        pass

    def cut(path: Path, target: Path) -> Path:
        if target.name == STICK:
            raise Cut
        return really(path, target)

    van.folder.comes(STICK, Came(digest="0" * 64, way="stick"))
    (van.folder.path / STICK).write_bytes(b"old")
    (van.stick / "escale.raucb").write_bytes(CONTENT)
    really = Path.replace
    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(Cut):
        van.plugged_in()
    assert van.folder.came(STICK) is None


def test_a_stick_that_stays_plugged_in_is_not_copied_at_each_start(van: Van) -> None:
    (van.stick / "a.raucb").write_bytes(CONTENT)
    for outcome in ("applied", "refused", "rolled_back"):
        van.folder.judge(DIGEST, Judgement(version="0.5.1", outcome=outcome))
        van.plugged_in()
        assert van.copy is None


def test_what_was_copied_already_is_not_copied_again(van: Van) -> None:
    (van.stick / "a.raucb").write_bytes(CONTENT)
    van.plugged_in()
    before = (van.folder.path / STICK).stat().st_ino
    van.plugged_in()
    assert (van.folder.path / STICK).stat().st_ino == before


def test_a_stick_without_an_update_is_none_of_its_business(van: Van) -> None:
    (van.stick / "photos").mkdir()
    van.plugged_in()
    assert (van.copy, van.let_go) == (None, 1)


def test_a_card_without_room_keeps_what_it_has_for_events(van: Van) -> None:
    (van.stick / "a.raucb").write_bytes(CONTENT)
    with pytest.raises(OperatorError, match="too full"):
        van.plugged_in(Limits(low=2**60, full=0))
    assert van.copy is None


def test_a_link_on_a_stick_is_not_followed(van: Van, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CONTENT)
    (van.stick / "a.raucb").symlink_to(tmp_path / "secret")
    with pytest.raises(OperatorError, match="cannot be read"):
        van.plugged_in()
    assert van.copy is None


def test_a_folder_by_that_name_is_no_update(van: Van) -> None:
    (van.stick / "a.raucb").mkdir()
    with pytest.raises(OperatorError, match="cannot be read"):
        van.plugged_in()


def test_no_stick_and_no_slots_are_no_fault(van: Van, tmp_path: Path) -> None:
    def nothing() -> Stick:
        raise NoStick("none", "no USB stick is plugged in.")

    assert stick.run(van.config, Edges(stick=nothing)) == 0
    config = unit_config(tmp_path / "other", paths={"update": str(tmp_path / "none")})
    assert stick.run(config, Edges(stick=nothing)) == 0
