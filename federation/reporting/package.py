"""A report as files: every export twice with its schema, charts, the printed page, and a note.

Pure: files are bytes by name, the same for the same snapshot. What the reader must know (period,
snapshot, complete up to, units missing) stands beside the CSV, never inside it.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec

from . import activity, coop, machines, publics, stops_made, workshops
from .changes import CHANGES
from .columns import SCHEMA_VERSION, Export, Row, french, rfc4180, schema
from .complete import oldest
from .figure import Figure
from .lacking import Lacking
from .machines import Completeness, lacks, stamp
from .period import Period
from .published import Published

Files = dict[str, bytes]
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)


class Facts(NamedTuple):
    """What every file goes with."""

    period: Period
    territory: str | None
    """Code; None: the whole federation."""
    territory_name: str
    snapshot: int
    """Position of the ledger."""
    number: int
    made: int
    complete_to: int | None
    missing: tuple[str, ...]
    """Units of which something of the period may be missing still."""
    previous: int | None
    """Number of the snapshot that changes are told from."""
    threshold: int
    share: float
    lacking: Lacking
    """What of it people are told: a period that is not over lacks something of everybody."""


class Report(NamedTuple):
    """All of it, before it is bytes."""

    facts: Facts
    exports: tuple[tuple[Export, tuple[Row, ...]], ...]
    figures: tuple[Figure, ...]
    gauges: tuple[Figure, ...]


def exports(
    published: Published,
    above: Published | None,
    completeness: Mapping[str, Completeness],
    territory: str | None,
    *,
    funder: bool,
    vehicles: frozenset[str] | None = None,
) -> Iterator[tuple[Export, tuple[Row, ...]]]:
    """The exports; a funder gets those that are aggregates alone.

    `vehicles`: lines that tell of one vehicle tell of these alone; None: of all.
    """
    made: Sequence[tuple[Export, Iterator[Row]]] = (
        (activity.E1, activity.activity(published, territory)),
        (publics.E2, publics.publics(published, above, territory)),
        (publics.E3, publics.themes(published, above, territory)),
        (stops_made.E4, stops_made.stops(published, territory)),
        (workshops.E5, workshops.workshops(published, territory)),
        (machines.E6, machines.machines(published, territory)),
        (machines.E7, machines.completeness(published, completeness, territory)),
        (coop.COOP, coop.activities(published, territory, vehicles)),
    )
    for export, rows in made:
        if export.funders or not funder:
            yield export, tuple(row for row in rows if _is_of(export, row, vehicles))


def _is_of(export: Export, row: Row, vehicles: frozenset[str] | None) -> bool:
    names = [column.name for column in export.columns]
    if vehicles is None or "vehicule" not in names:
        return True
    return row[names.index("vehicule")] in (*vehicles, None, "")


def missing(
    published: Published, completeness: Mapping[str, Completeness], territory: str | None
) -> tuple[list[str], int | None]:
    """Units of which something may be missing, and up to when everything of all is here."""
    facts = published.facts
    units = [u for u in facts.units() if territory in (None, facts.place(u).territory)]
    told = [completeness.get(unit, Completeness(unit=unit)) for unit in units]
    return [each.unit for each in told if lacks(facts, each)], oldest(iter(told))


def files(report: Report, changed: Sequence[Row]) -> Files:
    """Name → content: exports, schemas, charts and the note."""
    found: Files = {}
    told = [*report.exports, (CHANGES, changed)]
    for export, rows in told:
        folder = "coop/" if export is coop.COOP else ""
        found[f"{folder}{export.key}.csv"] = french(export, rows)
        found[f"{folder}{export.key}.rfc4180.csv"] = rfc4180(export, rows)
        found[f"{folder}{export.key}.schema.json"] = _json(schema(export))
        if export is coop.COOP:
            found[f"coop/{export.key}.json"] = coop.as_json(iter(rows))
    for figure in (*report.figures, *report.gauges):
        if figure.svg:
            found[f"graphiques/{figure.key}.svg"] = (figure.svg + "\n").encode()
    exported = [export for export, _ in told]
    found["datapackage.json"] = _json(datapackage(report.facts, exported))
    found["LISEZMOI.txt"] = _note(report.facts, exported).replace("\n", "\r\n").encode()
    return dict(sorted(found.items()))


def zipped(made: Files, folder: str) -> bytes:
    """One ZIP; no date of its own, so that it is the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(made.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def name(facts: Facts) -> str:
    """Of the folder: what, when, and of which snapshot."""
    where = facts.territory or "federation"
    return f"escale-{where}-{facts.period.name.replace('..', '_')}-{facts.snapshot}"


def datapackage(facts: Facts, exported: Sequence[Export]) -> dict[str, Any]:
    """The Frictionless Data Package of a report, with what the reader must know."""
    made = datetime.fromtimestamp(facts.made // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name(facts).lower(),
        "title": f"Escale, {facts.territory_name}, {facts.period.label}",
        "version": SCHEMA_VERSION,
        "created": made,
        "escale": {
            "periode": facts.period.name,
            "premier_jour": facts.period.first.isoformat(),
            "dernier_jour": facts.period.last.isoformat(),
            "territoire": facts.territory or "",
            "version_schema": SCHEMA_VERSION,
            "instantane": facts.snapshot,
            "numero": facts.number,
            "instantane_precedent": facts.previous,
            "complet_jusqu_au": stamp(facts.complete_to) or None,
            "boitiers_incomplets": list(facts.missing),
            "masque_sous": facts.threshold,
            "part_masquee_maximum": facts.share,
        },
        "resources": [resource for export in exported for resource in _resources(export)],
    }


def _resources(export: Export) -> Iterator[dict[str, Any]]:
    folder = "coop/" if export is coop.COOP else ""
    kind = {"title": export.title, "profile": "tabular-data-resource", "format": "csv"}
    base = {**kind, "mediatype": "text/csv", "encoding": "utf-8"}
    yield {
        "name": export.key,
        "path": f"{folder}{export.key}.csv",
        **base,
        "dialect": {"delimiter": ";", "lineTerminator": "\r\n"},
        "schema": schema(export, decimal=","),
    }
    yield {
        "name": f"{export.key}_rfc4180",
        "path": f"{folder}{export.key}.rfc4180.csv",
        **base,
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n"},
        "schema": schema(export),
    }


def _note(facts: Facts, exported: Sequence[Export]) -> str:
    reached = stamp(facts.complete_to) or "inconnu"
    lacking = ", ".join(facts.missing) or "aucun"
    listed = "\n".join(
        f"  {each.key}  {each.title} : une ligne par {each.line}" for each in exported
    )
    return f"""Escale : {facts.territory_name}, {facts.period.label}

Période              {facts.period.first} au {facts.period.last} (jours locaux de chaque véhicule)
Instantané           {facts.snapshot} (n° {facts.number})
Complet jusqu’au     {reached}
Boîtiers incomplets  {lacking}
Version du schéma    {SCHEMA_VERSION}

Le même instantané redonne les mêmes fichiers : escale-federation report --as-of {facts.snapshot}
Ce qui a changé depuis le précédent ({facts.previous or "aucun"}) est dans changements.csv.

{listed}

Chaque fichier existe deux fois : .csv pour un tableur en français (point-virgule, virgule
décimale), .rfc4180.csv pour les programmes. Son schéma est dans .schema.json, l’ensemble dans
datapackage.json.

Ce qui est compté, et n’est jamais additionné
  personnes     premières visites de l’année, quand elles sont dites : au moins ce nombre
  passages      chaque personne, chaque fois qu’elle vient
  demandes      une pour qui vient à plusieurs
  participants  aux ateliers

« s » : moins de {facts.threshold}, ou masqué pour qu’on ne puisse pas retrouver un nombre si petit.
Un tableau dont {round(100 * facts.share)} % ou plus serait masqué monte d’un niveau, et le dit :
commune, territoire, année.
Les masques d’une période ne connaissent pas ceux d’une autre qui la recoupe : ne publiez pas les
deux côte à côte pour un même lieu.
"""


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
