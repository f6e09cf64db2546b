"""The interface under fire: whatever is asked, no fault of ours, and answers as the text says."""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings

from federation.web.api import catalogue, door, tokens
from protocol.stops import Arrived
from protocol.visits import CheckedIn
from tests.federation.web.site import SPRING, Site

EXAMPLES = 25
"""Of each endpoint, once of right questions and once of wrong ones."""


def test_whatever_is_asked_the_answers_are_as_the_text_says(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "BURST", 1e9)
    monkeypatch.setattr(door, "BUCKETS", door.Buckets())
    visits = [CheckedIn(number=n, door="demarches", theme="demarches") for n in range(1, 9)]
    site.tell(Arrived(source="gps", lat=47.2, lon=-1.5), *visits, at=SPRING)
    account: Any = site.account("federation")
    _, text = tokens.make(account, 1, name="essai", role="federation", expires=2**43)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    asked = [
        _under_fire(found.ok(), mode, text)
        for found in schema.get_all_operations()
        for mode in schemathesis.GenerationMode
    ]
    assert len(asked) == 2 * len(catalogue.ENDPOINTS)
    assert sum(asked) >= len(catalogue.ENDPOINTS) * EXAMPLES


def _under_fire(operation: Any, mode: schemathesis.GenerationMode, text: str) -> int:
    """How many questions were answered."""
    count = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def fire(case: schemathesis.Case) -> None:
        nonlocal count
        plain = {"Authorization": f"Bearer {text}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=plain)
        count += 1

    fire()
    return count
