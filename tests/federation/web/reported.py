"""The generated year in the store of the site: three of its vehicles do what three of ours did."""

import json
import shutil
from pathlib import Path
from typing import Any, Final

from federation import outbox
from federation.config import Store
from federation.database import open_ledger, writing_web
from federation.places import Places
from tests.federation.reporting.fleet_year import Maker, filled
from tests.federation.van import UNIT
from tests.federation.web.site import FOLDER, PAULETTE, SIMONE, Site

YEAR: Final = 2026
_AS: Final = {UNIT: UNIT, "van-vendee": SIMONE, "van-maroni": PAULETTE}
_KEPT: Final = FOLDER / "year"
_DOCUMENT: Final = "INSERT INTO document (unit, kind, revision, body) VALUES (?, ?, 1, ?)"


def a_year(site: Site) -> None:
    """Its tables for reading are filled, no event is behind them; tours and workshops are out."""
    data: Path = site.config.store.data
    if not _KEPT.exists():
        made = filled(YEAR)
        _fill(site.config.store, made)
        _publish(site.config.store, made)
        _KEPT.mkdir()
        for name in ("ledger.sqlite", "web.sqlite"):
            shutil.copy(data / name, _KEPT / name)
        return
    for name in ("ledger.sqlite", "web.sqlite"):
        shutil.copy(_KEPT / name, data / name)


def _fill(store: Store, made: Maker) -> None:
    database = open_ledger(store)
    with database.transaction():
        for name, rows in made.tables():
            mine = [row._replace(unit=_AS[row.unit]) for row in rows if row.unit in _AS]
            if mine:
                database.append(name, mine[0]._fields, [_plain(row) for row in mine])
        mark = (0, 0, Places(()).mark())
        database.execute("INSERT INTO projected (partition, event, places) VALUES (?, ?, ?)", mark)
    database.leave_no_trace()
    database.close()


def _publish(store: Store, made: Maker) -> None:
    with writing_web(store, outbox._TABLES) as web:
        for unit, kind, body in made.documents:
            if unit in _AS:
                web.execute(_DOCUMENT, (_AS[unit], kind, json.dumps(body).encode()))


def _plain(row: Any) -> tuple[Any, ...]:
    values = row._asdict()
    if values.get("sign_up_unit") is not None:
        values["sign_up_unit"] = values["unit"]
    return tuple(values.values())
