"""The authority of one module of tests, and who answers in its name."""

import pytest

from tests.appliance.identity.answering import Authority
from tests.trusted import Trusted


@pytest.fixture(scope="module")
def trusted() -> Trusted:
    return Trusted()


@pytest.fixture
def authority(trusted: Trusted) -> Authority:
    return Authority(trusted)
