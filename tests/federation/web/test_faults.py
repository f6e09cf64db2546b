"""What an operator can mend is one line in the log and a page without a trace of it."""

import logging

import pytest

from tests.federation.web.site import Site


def test_a_ledger_that_nobody_made_yet_is_a_calm_page_and_one_line(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.config.store.ledger.unlink()
    with caplog.at_level(logging.INFO, "web"):
        answer = site.as_("federation").post("/comptes/droits/", {"number": 12})
    assert answer.status_code == 503
    assert "ne peut pas être montrée maintenant" in answer.content.decode()
    assert "ledger.sqlite" not in answer.content.decode()
    (line,) = [record for record in caplog.records if record.name == "web"]
    assert "does not exist: start escale-federation ingest first." in line.getMessage()
    assert line.exc_info is None
