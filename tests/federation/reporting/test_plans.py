"""What was planned is what was published last of each day."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

import pytest

from federation.reporting.plans import Book, plans_of
from federation.sqlite import SqliteDatabase
from protocol import signing

Store = Callable[..., SqliteDatabase]
DDL = "CREATE TABLE document (id INTEGER PRIMARY KEY, unit TEXT, kind TEXT, body BLOB)"


def tour(*names: str, day: str = "2026-05-04") -> bytes:
    """A tour of one day."""
    stops = [
        {"id": name, "name": name.title(), "lat": 50.6, "lon": 3.0, "commune": "59350",
         "opens": 540, "closes": 690}
        for name in names
    ]  # fmt: skip
    return json.dumps({"tours": [{"day": day, "name": "T", "stops": stops}]}).encode()


@pytest.fixture
def web() -> Iterator[Store]:
    """Makes a store with the documents it is given."""
    with ExitStack() as opened:

        def store(*documents: tuple[str, str, bytes]) -> SqliteDatabase:
            database = opened.enter_context(closing(nothing()))
            database.execute(DDL)
            for document in documents:
                database.execute(
                    "INSERT INTO document (unit, kind, body) VALUES (?, ?, ?)", document
                )
            return database

        yield store


def nothing() -> SqliteDatabase:
    """A store that was never written."""
    return SqliteDatabase(sqlite3.connect(":memory:", isolation_level=None), Path("web"))


def days(*told: tuple[str, str]) -> bytes:
    """A tour of several days, one stop each."""
    tours = [json.loads(tour(name, day=day))["tours"][0] for day, name in told]
    return json.dumps({"tours": tours}).encode()


def programme(*workshops: tuple[str, int]) -> bytes:
    """Workshops: id and start."""
    told = [
        {"id": name, "title": name, "starts": starts, "minutes": 60, "theme": "logement"}
        for name, starts in workshops
    ]
    return json.dumps({"workshops": told}).encode()


def at(moment: str) -> int:
    """UTC, in milliseconds."""
    return int(datetime.fromisoformat(moment + "+00:00").timestamp() * 1000)


def stops(book: Book) -> list[tuple[str, str]]:
    """Day and stop of what is planned."""
    return [(stop.day, stop.id) for stop in book.plans.stops]


def test_a_later_revision_replaces_the_days_to_come_and_leaves_the_past() -> None:
    plans = plans_of([
        ("van", "tour", tour("marche")),
        ("van", "tour", tour("ecole", day="2026-05-05")),
        ("van", "tour", tour("mairie", day="2026-05-05")),
    ])  # fmt: skip
    assert [(stop.day, stop.id) for stop in plans.stops] == [
        ("2026-05-04", "marche"), ("2026-05-05", "mairie"),
    ]  # fmt: skip


def test_a_day_that_was_moved_to_another_van_is_planned_once() -> None:
    book = Book()
    week = days(("2026-05-04", "marche"), ("2026-05-05", "ecole"), ("2026-05-06", "mairie"))
    book.add(1, "van", "tour", week, sent=at("2026-05-04 06:00"))
    rest = days(("2026-05-04", "marche"), ("2026-05-06", "mairie"))
    book.add(2, "van", "tour", rest, sent=at("2026-05-05 06:00"))
    book.add(3, "other", "tour", days(("2026-05-05", "ecole")), sent=at("2026-05-05 06:00"))
    assert [(s.unit, s.day) for s in book.plans.stops if s.id == "ecole"] == [
        ("other", "2026-05-05")
    ]


def test_days_called_off_are_those_from_the_day_before_it_was_published_where_the_van_is() -> None:
    book = Book()
    week = days(("2026-05-03", "marche"), ("2026-05-04", "ecole"), ("2026-05-05", "mairie"))
    book.add(1, "van", "tour", week, sent=at("2026-05-03 06:00"))
    # In Cayenne it is still the 5th.
    nothing = json.dumps({"tours": []}).encode()
    book.add(2, "van", "tour", nothing, sent=at("2026-05-06 01:00"), zone="America/Cayenne")
    assert stops(book) == [("2026-05-03", "marche")]


def test_a_workshop_left_out_before_it_begins_is_withdrawn_and_one_that_began_is_not() -> None:
    book = Book()
    told = programme(("past", at("2026-05-04 10:00")), ("next", at("2026-05-09 10:00")))
    book.add(1, "van", "programme", told, sent=at("2026-05-01 06:00"))
    book.add(2, "van", "programme", programme(), sent=at("2026-05-08 06:00"))
    assert {each.id: each.withdrawn for each in book.plans.workshops} == {
        "past": False, "next": True,
    }  # fmt: skip
    book.add(3, "van", "programme", told, sent=at("2026-05-08 07:00"))
    assert not any(each.withdrawn for each in book.plans.workshops)


def test_a_book_reads_when_a_document_was_published(web: Store) -> None:
    store = web(
        ("van", "tour", tour("marche")), ("van", "tour", json.dumps({"tours": []}).encode())
    )
    store.execute("ALTER TABLE document ADD COLUMN payload BLOB")
    told = json.dumps({"published": at("2026-05-04 06:00")}).encode()
    signed = bytes((signing.FORMAT,)) + bytes(signing.OVERHEAD - 1) + told
    store.execute("UPDATE document SET payload = ?", (signed,))
    book = Book()
    book.follow(store)
    assert stops(book) == []


def test_a_book_reads_on_and_starts_again_with_another_store(web: Store) -> None:
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
    with closing(nothing()) as store:
        book.follow(store)
    assert book.plans.stops == book.plans.workshops == ()
