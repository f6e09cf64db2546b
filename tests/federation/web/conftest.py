"""The federation's pages with accounts of every role, on files of each test's own."""

from collections.abc import Iterator

import pytest

from tests.federation.web.site import Ground, Site


@pytest.fixture(scope="session")
def ground() -> Ground:
    """Tables and accounts, made once in a process."""
    return Ground()


@pytest.fixture
def site(ground: Ground) -> Iterator[Site]:
    """A fresh store, and browsers for it."""
    ground.restore()
    made = Site(ground)
    yield made
    made.close()
