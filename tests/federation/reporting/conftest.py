"""The generated year, in tables for reading."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from federation.reporting.facts import Facts
from federation.reporting.period import parse
from federation.reporting.published import Published
from federation.reporting.shapes import Rules

from .fleet_year import World, world

Of = Callable[..., Published]


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The whole of it; nobody writes."""
    made = world(tmp_path_factory.mktemp("year") / "ledger.sqlite")
    with closing(made.database):
        yield made


@pytest.fixture
def of(year: World) -> Of:
    """The published tables of a period."""

    def tables(period: str, rules: Rules | None = None) -> Published:
        facts = Facts(year.database, year.registry, year.plans, parse(period))
        return Published(facts, rules or Rules())

    return tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where reports go."""
    return tmp_path / "reports"
