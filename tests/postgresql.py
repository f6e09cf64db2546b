"""A real PostgreSQL on a socket of its own, to be filled, killed and started again."""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from federation import postgres

_OWNER = "postgres"
"""Who runs it when the tests are root's: it refuses to be."""


class PostgreSQL:
    """A cluster in a folder of its own. As quick as it can be, unless it shall be durable."""

    def __init__(
        self, *, durable: bool = False, parent: Path | None = None, extra: str = ""
    ) -> None:
        """`extra`: lines of its configuration."""
        self._user = _OWNER if os.getuid() == 0 else None
        # Short, for a socket's path holds 107 bytes; and its user must come in.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=parent))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self._count = itertools.count(1)
        speed = "" if durable else "fsync = off\nfull_page_writes = off\n"
        self._make(
            f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
            f"max_connections = 60\n{speed}{extra}"
        )

    def address(self, database: str = "postgres") -> str:
        """Its connection string."""
        return f"host={self.folder} user=escale dbname={database}"

    def fresh(self, *, template: str = "template1") -> str:
        """The address of a new database."""
        name = f"test_{next(self._count)}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Takes a database away, whoever is still in it."""
        postgres.forget(address)
        self.ask(f"DROP DATABASE IF EXISTS {address.rpartition('=')[2]} WITH (FORCE)")

    def ask(self, query: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """One statement, by the server's own administrator."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            done = connection.execute(query)  # type: ignore[arg-type]
            return done.fetchall() if done.description else []

    def start(self) -> "PostgreSQL":
        """Starts it and waits until it answers."""
        assert self._process is None, "it is running"
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", str(self.folder / "data")],
                stdout=log, stderr=log, user=self._user, extra_groups=[] if self._user else None,
            )  # fmt: skip
        from tests.support import eventually

        eventually(self._answers, what="PostgreSQL answers")
        return self

    def kill(self) -> None:
        """kill -9, and all that it started ends by itself."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """An end that waits for nobody; may be called twice."""
        self._end(signal.SIGINT)

    def __enter__(self) -> "PostgreSQL":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process = None

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"PostgreSQL died: {(self.folder / 'log').read_text()}")
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _make(self, settings: str) -> None:
        data = self.folder / "data"
        subprocess.run(
            [_program("initdb"), "-D", data, "-U", "escale", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync", "--no-instructions"],
            check=True, stdout=subprocess.DEVNULL, user=self._user, cwd="/",
            extra_groups=[] if self._user else None,
        )  # fmt: skip
        with (data / "postgresql.conf").open("a") as file:
            file.write(settings)


def _program(name: str) -> str:
    """Debian keeps the servers of several versions apart, none of them on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: run make setup")
    return str(found[-1])
