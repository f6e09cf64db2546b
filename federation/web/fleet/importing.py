"""Vehicles from the list that provisioning works with (units.csv). Deletes none."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.text import slugify

from ...errors import OperatorError
from .models import Box, Centre, Territory, Vehicle

COLUMNS: Final = ("id", "territory", "centre", "vehicle_name", "vehicle", "zone")


class Line(NamedTuple):
    """A line of the file."""

    unit: str
    territory: str
    centre: str
    name: str
    kind: str
    zone: str


def read(path: Path) -> list[Line]:
    """The lines. Raises OperatorError with the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read as a list of vehicles: {error}.") from error
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter)
    missing = set(COLUMNS) - set(rows.fieldnames or ())
    if missing:
        raise OperatorError(f"{path} has no column {', '.join(sorted(missing))}: add it.")
    return list(_lines(path, rows))


def take(lines: list[Line]) -> tuple[int, int]:
    """Makes what is new and moves boxes that ride elsewhere now: (vehicles, boxes) made."""
    vehicles = boxes = 0
    now = time.time_ns() // 1_000_000
    with transaction.atomic():
        for line in lines:
            centre = _centre(line)
            vehicle, is_new = Vehicle.objects.get_or_create(
                name=line.name, centre=centre, defaults={"kind": line.kind, "zone": line.zone}
            )
            vehicles += is_new
            if not Box.objects.filter(unit=line.unit).exists():
                vehicle.boxes.filter(until=None).update(until=now)
                Box.objects.create(unit=line.unit, vehicle=vehicle, since=now)
                boxes += 1
    return vehicles, boxes


def _lines(path: Path, rows: "csv.DictReader[str]") -> Iterator[Line]:
    for number, row in enumerate(rows, 2):
        cells = [(row[name] or "").strip() for name in COLUMNS]
        if not all(cells[:4]):
            raise OperatorError(
                f"{path}, line {number}: id, territory, centre and vehicle_name are needed."
            )
        yield Line._make((*cells[:4], cells[4] or "camion", cells[5] or "Europe/Paris"))


def _centre(line: Line) -> Centre:
    code = slugify(line.territory)
    territory, _ = Territory.objects.get_or_create(code=code, defaults={"name": line.territory})
    centre, _ = Centre.objects.get_or_create(territory=territory, name=line.centre)
    return centre
