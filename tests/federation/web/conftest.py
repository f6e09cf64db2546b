"""The federation's pages with accounts of every role, on files of each test's own."""

from collections.abc import Iterator

import pytest

from tests.federation.web.site import Ground, Site


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Django, configured once: it cannot be twice in one process."""
    return Ground(tmp_path_factory.mktemp("pages"))


@pytest.fixture
def site(ground: Ground) -> Iterator[Site]:
    """A fresh store, and browsers for it."""
    ground.restore()
    made = Site(ground)
    yield made
    made.close()
