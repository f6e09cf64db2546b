"""What was planned is what was published last of each day."""

import json
import sqlite3
from pathlib import Path

from federation.reporting.plans import Book, plans_of
from federation.sqlite import SqliteDatabase

DDL = "CREATE TABLE document (id INTEGER PRIMARY KEY, unit TEXT, kind TEXT, body BLOB)"


def tour(*names: str, day: str = "2026-05-04") -> bytes:
    """A tour of one day."""
    stops = [
        {"id": name, "name": name.title(), "lat": 50.6, "lon": 3.0, "commune": "59350",
         "opens": 540, "closes": 690}
        for name in names
    ]  # fmt: skip
    return json.dumps({"tours": [{"day": day, "name": "T", "stops": stops}]}).encode()


def web(*documents: tuple[str, str, bytes]) -> SqliteDatabase:
    """A store with these documents."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(DDL)
    connection.executemany("INSERT INTO document (unit, kind, body) VALUES (?, ?, ?)", documents)
    return SqliteDatabase(connection, Path("web"))


def test_a_later_revision_replaces_the_same_day_alone() -> None:
    plans = plans_of([
        ("van", "tour", tour("marche", "place")),
        ("van", "tour", tour("ecole", day="2026-05-05")),
        ("van", "tour", tour("mairie")),
    ])  # fmt: skip
    assert [(stop.day, stop.id) for stop in plans.stops] == [
        ("2026-05-04", "mairie"), ("2026-05-05", "ecole"),
    ]  # fmt: skip


def test_a_book_reads_on_and_starts_again_with_another_store() -> None:
    store, book = web(("van", "tour", tour("marche"))), Book()
    book.follow(store)
    store.execute("INSERT INTO document (unit, kind, body) VALUES ('van', 'tour', ?)",
                  (tour("place", day="2026-05-05"),))  # fmt: skip
    book.follow(store)
    assert [stop.id for stop in book.plans.stops] == ["marche", "place"]
    book.follow(web(("van", "tour", tour("autre")), ("van", "tour", tour("encore"))))
    assert [stop.id for stop in book.plans.stops] == ["encore"]


def test_there_are_no_plans_before_anything_was_published() -> None:
    book = Book()
    book.follow(SqliteDatabase(sqlite3.connect(":memory:", isolation_level=None), Path("web")))
    assert book.plans.stops == book.plans.workshops == ()
