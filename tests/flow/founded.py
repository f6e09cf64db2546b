"""A federation founded by its own commands: its broker, provisioning and ingest are running."""

import json
from pathlib import Path
from typing import Any

from federation.people.account import login
from tests.flow.world import BIN, Parts
from tests.support import eventually, free_port, write_toml
from tools.demo_trust import Federation

UNIT = "van-germaine"
UNITS = f"id,territory,centre,vehicle_name,vehicle,zone\n{UNIT},Vendée,Halles,Germaine,camion,\n"


class Founded(Parts):
    """Knows one unit, which has not enrolled yet."""

    def __init__(
        self, folder: Path, known_as: str = "localhost", **sections: dict[str, object]
    ) -> None:
        """`known_as`: where units find it; `sections`: more of the federation's file."""
        super().__init__(folder)
        self.port = free_port()
        self.authority = Federation(folder, self.port, known_as)
        units = folder / "units.csv"
        units.write_text(UNITS, encoding="utf-8")
        self.authority.found(units)
        me = [login()]
        store = {"data": folder / "federation", "backups": folder / "backups"}
        self.file = write_toml(
            folder / "federation.toml",
            {
                "store": store,
                "people": {"open_names": me, "erase": me},
                **self.authority.sections(),
                **sections,
            },
        )

    def __enter__(self) -> "Founded":
        self.start("broker", *self.authority.broker())
        self.start("provisioning", *self.authority.serve)
        self.start("ingest", BIN / "escale-federation", "--config", self.file, "ingest")
        eventually(lambda: "receiving from" in self.log("ingest").read_text(), 20)
        return self

    def provision(self, *words: str) -> str:
        return self.ask("escale-provision", *self.authority.common, *words)

    def federation(self, *words: str | Path) -> str:
        return self.ask("escale-federation", "--config", self.file, *words)

    def ledger(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.federation("ledger", "--json").splitlines()]

    def status(self) -> dict[str, Any]:
        (unit,) = json.loads(self.federation("status", "--json"))
        return dict(unit)
