"""A journal is read by other users of its group: while its owner runs, was killed, or stopped."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.appliance.journal.support import check_in, numbers_of, opened

GROUP, OWNER, READER = 54_321, 54_322, 54_323

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become other users")


@pytest.fixture
def path() -> Iterator[Path]:
    # Not tmp_path: other users may not even look into pytest's folders.
    with tempfile.TemporaryDirectory(prefix="escale-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder, "data")
        data.mkdir()
        os.chown(data, OWNER, GROUP)
        data.chmod(0o2770)
        yield data / "screen.db"


def as_user(user: int, group: int, deed: Callable[[], None]) -> int:
    """Does it in a child process of that user; its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
        code = 1
        try:
            deed()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def written(path: Path, then: Callable[[], object]) -> Callable[[], None]:
    def deed() -> None:
        os.umask(0o007)
        journal = opened(path)
        journal.append(check_in(len(numbers_of(path)) + 1))
        then()
        journal.close()

    return deed


def reads(path: Path, numbers: list[int]) -> Callable[[], None]:
    def deed() -> None:
        assert numbers_of(path) == numbers

    return deed


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_while_the_owner_runs(path: Path) -> None:
    ready, done = os.pipe(), os.pipe()

    def wait() -> None:
        os.write(ready[1], b"r")
        os.read(done[0], 1)

    child = os.fork()
    if child == 0:
        os._exit(as_user(OWNER, GROUP, written(path, wait)))
    os.read(ready[0], 1)
    code = as_user(READER, GROUP, reads(path, [1]))
    os.write(done[1], b"d")
    assert (code, os.waitpid(child, 0)[1]) == (0, 0)
    for end in (*ready, *done):
        os.close(end)


def test_after_the_owner_was_killed(path: Path) -> None:
    assert as_user(OWNER, GROUP, written(path, killed)) == -signal.SIGKILL
    assert path.with_name("screen.db-wal").stat().st_size > 0
    assert as_user(READER, GROUP, reads(path, [1])) == 0


def test_after_the_owner_was_killed_and_the_unit_rebooted(path: Path) -> None:
    assert as_user(OWNER, GROUP, written(path, killed)) == -signal.SIGKILL
    path.with_name("screen.db-shm").unlink()
    assert as_user(READER, GROUP, reads(path, [1])) == 0


def test_after_the_owner_stopped_and_again_when_it_is_back(path: Path) -> None:
    for count in (1, 2, 3):
        assert as_user(OWNER, GROUP, written(path, lambda: None)) == 0
        assert as_user(READER, GROUP, reads(path, list(range(1, count + 1)))) == 0
    assert path.with_name("screen.db-shm").stat().st_uid == READER


def test_somebody_outside_the_group_reads_nothing(path: Path) -> None:
    assert as_user(OWNER, GROUP, written(path, lambda: None)) == 0
    assert as_user(READER, READER, reads(path, [1])) == 1


def test_a_reader_leaves_the_owner_s_files_as_they_are(path: Path) -> None:
    assert as_user(OWNER, GROUP, written(path, killed)) == -signal.SIGKILL
    before = [path.with_name(name).read_bytes() for name in ("screen.db", "screen.db-wal")]
    assert as_user(READER, GROUP, reads(path, [1])) == 0
    after = [path.with_name(name).read_bytes() for name in ("screen.db", "screen.db-wal")]
    assert after == before
