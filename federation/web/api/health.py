"""Whether the site lives, and whether it can do its work: for a supervisor or a balancer.

Public, and says no more than that.
"""

from typing import Any, Final

import msgspec
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse

from ...errors import OperatorError
from .. import clock, store
from ..scope import public

_LAST: Final = "SELECT max(status_received), max(since) FROM unit"


class Health(msgspec.Struct, kw_only=True):
    """What is needed, and what it is."""

    ready: bool
    store: bool
    """The site's own tables can be read."""
    migrations: bool
    """They are of this version."""
    ledger: bool
    """Ingest made it, and it can be read."""
    ingest_heard_seconds: int | None
    """Since anything came in from a unit; at night that is long, and nothing is wrong."""


@public
def live(_request: Any) -> HttpResponse:
    """It answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public
def ready(_request: Any) -> HttpResponse:
    """200 when pages can be shown, 503 when something is missing."""
    found = look(clock.now())
    return HttpResponse(
        msgspec.json.encode(found), content_type="application/json",
        status=200 if found.ready else 503,
    )  # fmt: skip


def look(now: int) -> Health:
    """How it is at that moment (milliseconds since 1970)."""
    own, migrated = _own()
    ledger, heard = _ledger()
    return Health(
        ready=own and migrated and ledger, store=own, migrations=migrated, ledger=ledger,
        ingest_heard_seconds=None if heard is None else max(0, now - heard) // 1000,
    )  # fmt: skip


def _own() -> tuple[bool, bool]:
    try:
        executor = MigrationExecutor(connection)
        return True, not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False, False


def _ledger() -> tuple[bool, int | None]:
    try:
        with store.ledger() as ledger:
            moments = ledger.execute(_LAST).fetchone()
    except OperatorError:
        return False, None
    return True, max((moment for moment in moments if moment is not None), default=None)
