"""The ledger and the web's plain tables for views: opened per use. Decides nothing."""

from contextlib import AbstractContextManager

from django.conf import settings

from .. import registry
from ..config import FederationConfig
from ..database import Database, reading_ledger, reading_web
from ..registry import Registry


def config() -> FederationConfig:
    """The whole file."""
    found: FederationConfig = settings.ESCALE
    return found


def ledger() -> AbstractContextManager[Database]:
    """The ledger, read-only. Raises OperatorError while there is none yet."""
    return reading_ledger(config().store)


def vehicles() -> Registry:
    """The registry as it is now."""
    with reading_web(config().store) as web:
        return registry.read(web)
