"""Who claims seats is read by the sign-up: its cost must not grow with the ledger."""

import pytest

from federation.database import reading_ledger
from federation.web.programme import people, seating
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.federation.web.programme import planned
from tests.federation.web.site import SPRING, Site


@pytest.mark.parametrize("query", [seating._CLAIMS.format("?"), people._SIGN_UPS])
def test_reading_who_signed_up_never_reads_all_events(site: Site, query: str) -> None:
    with reading_ledger(site.config.store) as ledger:
        plan = [row[-1] for row in ledger.execute(f"EXPLAIN QUERY PLAN {query}", ("cv",))]
    assert not [step for step in plan if "MATERIALIZE" in step or step == "SCAN event"], plan


def test_a_sign_up_is_as_old_as_its_own_event(site: Site) -> None:
    workshop = planned.workshop(site)
    site.tell(CheckedIn(number=9, door="demarches", theme="email"), at=SPRING)
    site.tell(SignedUp(workshop=workshop.code, number=1), at=SPRING + 60_000)
    with seating.ledger() as ledger:
        (claim,) = seating.claims([workshop], ledger)[workshop.code]
        (person,) = people.of(workshop, ledger)
    assert claim.since == person.since == SPRING + 60_000
