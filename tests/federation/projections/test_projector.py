"""The tables for reading follow the ledger, whatever arrives in whatever order."""

from federation.ledger import Ledger
from protocol import visits
from protocol.event import Key

from .ground import NOON, follow, project, read, store, tell, van_at


def test_an_empty_ledger_makes_empty_tables(ledger: Ledger) -> None:
    project(ledger.database)
    assert read(ledger.database, "visit") == read(ledger.database, "aggregate") == []


def test_a_visit_is_read_as_staff_described_it(ledger: Ledger) -> None:
    van = van_at()
    (visit, *_) = tell(
        van,
        visits.CheckedIn(number=1, door="sante", theme="sante", people=2),
        visits.Received(visit=Key(7, 1)),
        visits.Described(
            visit=Key(7, 1), source="staff", gender="feminin", age_band="18_24",
            themes=("droits", "logement"), duration_minutes=30,
        ),
    )  # fmt: skip
    store(ledger, van)
    project(ledger.database)
    (row,) = read(ledger.database, "visit")
    told = ("unit", "epoch", "seq", "day", "hour", "theme", "themes", "people", "described")
    assert [row[name] for name in told] == [
        van.unit, *visit, "2026-05-04", "11", "droits", "droits logement", 2, 1,
    ]  # fmt: skip
    assert (row["received_at"], row["referral"]) == (NOON + 61_000, "non_communique")
    years = [row for row in read(ledger.database, "aggregate") if row["period"] == "2026"]
    (women,) = [row for row in years if row["axis"] == "gender_age"]
    assert (women["a"], women["b"], women["people"], women["served"]) == ("feminin", "18_24", 2, 1)


def test_what_comes_later_changes_the_row_and_the_sums(ledger: Ledger) -> None:
    van = van_at()
    tell(van, visits.CheckedIn(number=1, door="sante", theme="sante"))
    store(ledger, van)
    projector = project(ledger.database)
    assert len(read(ledger.database, "aggregate")) > 0
    tell(van, visits.Cancelled(visit=Key(7, 1), reason="mistake"))
    store(ledger, van)
    follow(projector)
    assert [row["cancelled"] for row in read(ledger.database, "visit")] == ["mistake"]
    assert read(ledger.database, "aggregate") == []
