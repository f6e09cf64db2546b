"""Vehicles in the web's store, without the web: the tables that the registry reads."""

from federation.config import Store
from federation.database import writing_web

TABLES = """
CREATE TABLE IF NOT EXISTS territory (id INTEGER PRIMARY KEY, code TEXT, name TEXT);
CREATE TABLE IF NOT EXISTS centre (id INTEGER PRIMARY KEY, territory_id INTEGER, name TEXT);
CREATE TABLE IF NOT EXISTS vehicle (
    id INTEGER PRIMARY KEY, name TEXT, kind TEXT, centre_id INTEGER, zone TEXT,
    target_people INTEGER, target_measure TEXT, retired INTEGER
);
CREATE TABLE IF NOT EXISTS box (
    unit TEXT PRIMARY KEY, vehicle_id INTEGER, since INTEGER, until INTEGER
);
"""


def register(store: Store, *vehicles: tuple[str, str, str, str]) -> None:
    """Unit, territory's code, vehicle, zone of each."""
    with writing_web(store, TABLES) as web:
        for number, (unit, code, name, zone) in enumerate(vehicles, 1):
            web.execute("INSERT INTO territory VALUES (?, ?, ?)", (number, code, code.title()))
            web.execute("INSERT INTO centre VALUES (?, ?, ?)", (number, number, f"Centre {name}"))
            web.execute(
                "INSERT INTO vehicle VALUES (?, ?, 'camion', ?, ?, NULL, 'passages', 0)",
                (number, name, number, zone),
            )
            web.execute("INSERT INTO box VALUES (?, ?, 0, NULL)", (unit, number))


def moved(store: Store, name: str) -> None:
    """Every vehicle is called so now: the registry of today, not of the snapshot."""
    with writing_web(store, TABLES) as web:
        web.execute("UPDATE vehicle SET name = ?", (name,))
