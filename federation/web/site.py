"""Starts the site: settings, tables, one server on one port. Holds no page."""

import fcntl
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..config import FederationConfig
from ..database import writing_web
from ..errors import OperatorError
from ..service import notify
from . import chores, settings

PET_SECONDS = 15

log = logging.getLogger("web")


def prepare(config: FederationConfig) -> None:
    """Django ready, and its tables of this version."""
    settings.configure(config)
    import django
    from django.core.management import call_command

    django.setup()
    with writing_web(config.store, ""):
        pass  # the file is ours and our group's, the schema is there, before Django meets it
    with _alone(config.store.data / "web.lock"):
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """A command and the pages may start at one moment: one makes the tables, the other waits."""
    with path.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def application(config: FederationConfig) -> Any:
    """The ASGI application."""
    prepare(config)
    from .asgi import Handler

    return Handler()


def serve(config: FederationConfig) -> int:
    """Answers until SIGTERM or SIGINT. Returns the exit code."""
    import uvicorn

    web = config.web
    site = application(config)
    server = uvicorn.Config(
        site, host=web.host, port=web.port, log_config=None, access_log=False,
        lifespan="off", timeout_graceful_shutdown=3, server_header=False,
        callback_notify=_alive, timeout_notify=PET_SECONDS,
    )  # fmt: skip
    with _listening(web.host, web.port) as line, _signals_are_not_the_end():
        log.info("pages at http://%s:%d/", web.host, web.port)
        at_work = chores.of_the_site().start()
        try:
            notify("READY=1")
            uvicorn.Server(server).run([line])
        finally:
            notify("STOPPING=1")
            at_work.stop()
    return 0


def _listening(host: str, port: int) -> socket.socket:
    """The address is ours from here on. Raises OperatorError."""
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise OperatorError(
            f"no pages at {host}:{port} ({error.strerror}): give [web] another address, or stop "
            "what answers there."
        ) from error


async def _alive() -> None:
    """Told from the loop that answers: when that hangs, systemd starts it again."""
    notify("WATCHDOG=1")


@contextmanager
def _signals_are_not_the_end() -> Iterator[None]:
    """uvicorn raises again the signal that ended it: what comes after it is to be done still."""
    both = (signal.SIGTERM, signal.SIGINT)
    former = {which: signal.signal(which, lambda *_: None) for which in both}
    try:
        yield
    finally:
        for which, handler in former.items():
            signal.signal(which, handler)
