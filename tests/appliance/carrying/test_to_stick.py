"""A day goes onto a stick: sealed, beside words without names, and nothing half done stays."""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from appliance.carrying import errands, to_stick
from appliance.carrying.to_stick import Place
from appliance.config import UnitConfig
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from protocol import parcel
from protocol.visits import CheckedIn
from tests.appliance.carrying.conftest import Sticks, called
from tests.support import unit_config
from tests.trusted import Trusted

TEXT = "Camion Germaine\n12 passages\n3 inscriptions"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")


@pytest.fixture
def config(trusted: Trusted, tmp_path: Path) -> UnitConfig:
    """An enrolled unit with a few visits on board."""
    config = unit_config(tmp_path)
    trusted.identity_of(config.unit.id, config.paths.data)
    config.paths.run.mkdir()
    journal = Journal.open(config.paths.data / "screen.db", name="screen", clock=SettableClock())
    for number in range(1, 13):
        journal.append(CheckedIn(number=number, door="sante", theme="sante"))
    journal.close()
    return config


@pytest.fixture(scope="module")
def trusted() -> Trusted:
    return Trusted()


def copied(config: UnitConfig, place: Place, text: str = TEXT) -> dict[str, object]:
    """Staff ask for a copy; what they are told then."""
    wish = errands.ask(config.paths.run, "copy", "2026-11-26-1830", text)
    to_stick.run(config, config.paths.data.parent / "unit.toml", place, None)
    told = errands.answered(config.paths.run, "copy", wish)
    assert told is not None
    return told


@contextmanager
def looked_into(loop: str, folder: Path) -> Iterator[Path]:
    """The stick in another machine."""
    folder.mkdir()
    called("mount", f"/dev/{loop}", str(folder))
    try:
        yield folder
    finally:
        called("umount", str(folder))


def fill(path: Path) -> None:
    """Until not a byte more is taken."""
    with path.open("wb", buffering=0) as film:
        for size in (65536, 1024, 1):
            with suppress(OSError):
                while True:
                    film.write(bytes(size))


def test_a_copy_is_on_the_stick_and_opens_with_the_federation_s_key_alone(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str, trusted: Trusted, tmp_path: Path
) -> None:
    sticks.plug(loop)
    told = copied(config, place)
    assert told["state"] == "done"
    assert not os.path.ismount(place.mount)
    with looked_into(loop, tmp_path / "there") as there:
        sealed, words = sorted((there / "ESCALE").iterdir(), key=lambda path: path.suffix)
        assert told["file"] == f"ESCALE/{sealed.name}"
        assert sealed.name.startswith("van-germaine-2026-11-26-1830-")
        assert words.read_text(encoding="utf-8").splitlines() == TEXT.splitlines()
        content = sealed.read_bytes()
    assert b"sante" not in content
    unit, messages = parcel.read(io.BytesIO(content), [trusted.sealing])
    assert unit == config.unit.id
    assert [(each.what, re.sub(r"\d+", "n", each.rows, count=1)) for each in messages] == [
        ("certificate", ""),
        ("batch", "screen n 1-12"),
    ]


def test_a_full_stick_is_told_and_no_half_copy_stays(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str, tmp_path: Path
) -> None:
    sticks.plug(loop)
    with looked_into(loop, tmp_path / "filling") as there:
        fill(there / "films")
    assert copied(config, place)["why"] == "full"
    assert not os.path.ismount(place.mount)
    with looked_into(loop, tmp_path / "there") as there:
        assert [path.name for path in there.rglob("*escale*")] == []


def test_a_stick_that_has_no_file_system_is_told(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str
) -> None:
    Path(f"/dev/{loop}").write_bytes(bytes(4096 * 4))
    sticks.plug(loop)
    assert (copied(config, place)["state"], copied(config, place)["why"]) == ("failed", "unfit")


def test_without_a_stick_nothing_is_made(config: UnitConfig, place: Place) -> None:
    assert copied(config, place)["why"] == "none"
    assert not place.mount.exists()


def test_a_unit_that_is_not_enrolled_copies_nothing_in_clear(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str, tmp_path: Path
) -> None:
    sticks.plug(loop)
    (config.paths.data / "identity" / "certificate.pem").unlink()
    assert copied(config, place)["why"] == "unsealed"
    with looked_into(loop, tmp_path / "there") as there:
        assert list((there / "ESCALE").iterdir()) == []


def test_a_copy_that_lacks_a_journal_stays_on_the_stick_and_is_told_so(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str, trusted: Trusted, tmp_path: Path
) -> None:
    sticks.plug(loop)
    (config.paths.data / "cli.db").write_bytes(b"no journal" * 1000)
    told = copied(config, place)
    assert (told["state"], told["why"]) == ("done", "partly")
    with (
        looked_into(loop, tmp_path / "there") as there,
        (there / str(told["file"])).open("rb") as f,
    ):
        said = [message.what for message in parcel.read(f, [trusted.sealing]).messages]
    assert said == ["certificate", "batch"]


def program(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is found before the machine's own."""
    (folder / "bin").mkdir()
    (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:{os.environ['PATH']}")


def test_a_stick_taken_out_midway_is_told_as_that(
    config: UnitConfig,
    place: Place,
    sticks: Sticks,
    loop: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sticks.plug(loop)
    with looked_into(loop, tmp_path / "filling") as there:
        fill(there / "films")
    gone = sticks.sys / "class/block" / loop
    program(
        tmp_path, "mount", f'{shutil.which("mount")} "$@" && rm {gone}', monkeypatch
    )  # and nothing can be written any more
    assert copied(config, place)["why"] == "pulled"


def test_a_machine_that_cannot_mount_answers_that_it_is_its_own_fault(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sticks.plug(loop)
    (config.paths.run / "mine").write_text("in the way")
    assert copied(config, place._replace(mount=config.paths.run / "mine"))["why"] == "unable"
    monkeypatch.setenv("PATH", "/nowhere")
    assert copied(config, place)["why"] == "unable"


def test_a_bug_leaves_nobody_waiting(config: UnitConfig, place: Place) -> None:
    wish = errands.ask(config.paths.run, "copy")
    with pytest.raises(FileNotFoundError):
        to_stick.run(config, Path(), place._replace(mounts=Path("/nowhere")), None)
    told = errands.answered(config.paths.run, "copy", wish)
    assert told is not None
    assert told["why"] == "unable"


def test_who_asks_while_another_copy_is_made_is_served_after_it(
    config: UnitConfig,
    place: Place,
    sticks: Sticks,
    loop: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sticks.plug(loop)
    second = errands.ask(config.paths.run, "copy")
    wanted, kept = errands.wanted(config.paths.run, "copy"), tmp_path / "kept"
    wanted.rename(kept)
    again = f"[ ! -e {kept} ] || mv {kept} {wanted}"
    program(tmp_path, "mount", f'{again}; exec {shutil.which("mount")} "$@"', monkeypatch)
    errands.ask(config.paths.run, "copy")
    to_stick.run(config, config.paths.data.parent / "unit.toml", place, None)
    told = errands.answered(config.paths.run, "copy", second)
    assert told is not None
    assert told["state"] == "done"


def test_what_lies_on_the_stick_under_the_name_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "name.part").write_text("somebody's")
    with pytest.raises(FileExistsError), to_stick._appearing(tmp_path / "name"):
        pass
    assert (tmp_path / "name.part").read_text() == "somebody's"


def test_a_link_on_the_stick_leads_nowhere(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str, tmp_path: Path
) -> None:
    """A stick may come from anywhere: root follows nothing that lies on it."""
    sticks.plug(loop)
    (tmp_path / "elsewhere").mkdir()
    with looked_into(loop, tmp_path / "there") as there:
        (there / "ESCALE").symlink_to(tmp_path / "elsewhere")
    assert copied(config, place)["state"] == "failed"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_is_done_for_nobody(config: UnitConfig, place: Place) -> None:
    file = config.paths.data.parent / "unit.toml"
    assert to_stick.run(config, file, place, None) == 0
    elsewhere = config.paths.data / "wish"
    elsewhere.write_bytes(b'{"id":"0123456789abcdef"}')
    wanted = errands.wanted(config.paths.run, "copy")
    wanted.symlink_to(elsewhere)
    assert to_stick.run(config, file, place, None) == 0
    os.mkfifo(wanted)
    assert to_stick.run(config, file, place, None) == 0
    assert list(config.paths.run.iterdir()) == []
    wanted.mkdir()
    assert to_stick.run(config, file, place, None) == 0


@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv")
def test_mounting_and_becoming_another_are_all_it_needs_of_root_s_rights(
    config: UnitConfig, place: Place, sticks: Sticks, loop: str
) -> None:
    """The rights of systemd/escale-copy.service.d; another user writes the copy."""
    python = everybodys_python()
    sticks.plug(loop)
    folder = config.paths.data.parent
    open_to_all(folder)
    for path in (config.paths.data, *config.paths.data.rglob("*")):
        shutil.chown(path, "nobody")
    wish = errands.ask(config.paths.run, "copy", "2026-11-26-1830", TEXT)
    done = subprocess.run(
        ["setpriv", "--no-new-privs", "--bounding-set=-all,+sys_admin,+setuid,+setgid",
         python, "-c", AS_NOBODY, folder / "unit.toml", place.mount, place.sys],
        env={"PYTHONPATH": ":".join(path for path in sys.path if path), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    told = errands.answered(config.paths.run, "copy", wish)
    assert told is not None
    assert told["state"] == "done"


AS_NOBODY = """
import sys
from pathlib import Path
from appliance import config
from appliance.carrying import to_stick
file, mount, sys_ = map(Path, sys.argv[1:])
place = to_stick.Place(mount, sys_, kinds="ext4")
raise SystemExit(to_stick.run(config.load(file), file, place, "nobody"))
"""


def everybodys_python() -> str:
    """One that another user may run, with the version that our libraries are built for."""
    own = f"import sys; raise SystemExit(sys.version_info[:2] != {sys.version_info[:2]})"
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError):
            done = subprocess.run([python, "-c", own], user="nobody", check=False)
            if done.returncode == 0:
                return python
    pytest.skip("no other user may run this Python")


def open_to_all(folder: Path) -> None:
    for path in (folder, *folder.parents):
        if path.is_relative_to(tempfile.gettempdir()) and path != Path(tempfile.gettempdir()):
            path.chmod(0o755)
