"""Starts the site: settings, tables, one server on one port. Holds no page."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..config import FederationConfig
from ..database import writing_web
from . import chores, settings

log = logging.getLogger("web")


def prepare(config: FederationConfig) -> None:
    """Django ready, and its tables of this version."""
    settings.configure(config)
    import django
    from django.core.management import call_command

    django.setup()
    with writing_web(config.store, ""):
        pass  # the file is ours and our group's, the schema is there, before Django meets it
    call_command("migrate", interactive=False, verbosity=0)


def application(config: FederationConfig) -> Any:
    """The ASGI application."""
    prepare(config)
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def serve(config: FederationConfig) -> int:
    """Answers until SIGTERM or SIGINT. Returns the exit code."""
    import uvicorn

    web = config.web
    server = uvicorn.Config(
        application(config), host=web.host, port=web.port, log_config=None, access_log=False,
        lifespan="off", timeout_graceful_shutdown=3, server_header=False,
    )  # fmt: skip
    log.info("pages at http://%s:%d/", web.host, web.port)
    with _signals_are_not_the_end():
        at_work = chores.of_the_site().start()
        try:
            uvicorn.Server(server).run()
        finally:
            at_work.stop()
    return 0


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
