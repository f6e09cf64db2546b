"""The exports as files: valid, typed, twice the same, and true to the rows."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import msgspec
import pytest

from federation.registry import Registry
from federation.reporting import coop, machines, workshops
from federation.reporting.columns import Cell, Column, Export, french, rfc4180, schema, text
from federation.reporting.facts import Facts
from federation.reporting.machines import Completeness
from federation.reporting.package import exports
from federation.reporting.period import parse
from federation.reporting.plans import Plans
from federation.reporting.published import Published
from federation.reporting.records import Attendance, SignUp
from federation.reporting.shapes import Rules
from federation.reporting.telephone import Telephoned

from .conftest import Of
from .fleet_year import World

Exported = dict[str, tuple[Export, Sequence[Sequence[Cell]]]]


def all_of(published: Published, territory: str | None = None, **more: Any) -> Exported:
    """Every export of a period."""
    more = {"funder": False} | more
    above = more.pop("above", None)
    made = exports(published, above, {}, territory, **more)
    return {export.key: (export, rows) for export, rows in made}


def column(exported: Exported, key: str, name: str, **where: str) -> list[Cell]:
    """A column of the lines of an export that have these values."""
    export, rows = exported[key]
    names = [each.name for each in export.columns]
    return [
        row[names.index(name)]
        for row in rows
        if all(row[names.index(n)] == value for n, value in where.items())
    ]


@pytest.mark.parametrize("period", ["2026", "2026-05"])
def test_every_cell_is_of_the_type_that_the_schema_says(of: Of, period: str) -> None:
    for export, rows in all_of(of(period)).values():
        assert rows, export.key
        for row in csv.DictReader(io.StringIO(rfc4180(export, rows).decode(), newline="")):
            for each in export.columns:
                assert is_a(each, row[each.name]), (export.key, each.name, row[each.name])


def is_a(wanted: Column, cell: str) -> bool:
    """As a reader of the schema would check it."""
    if cell in ("", "s"):
        return cell == "" or wanted.people
    if wanted.values:
        return cell in wanted.values
    checks = {
        "integer": lambda: re.fullmatch(r"-?\d+", cell) is not None,
        "number": lambda: re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None,
        "date": lambda: date.fromisoformat(cell) is not None,
        "time": lambda: time.fromisoformat(cell) is not None,
        "yearmonth": lambda: re.fullmatch(r"\d{4}-\d{2}", cell) is not None,
        "string": lambda: True,
    }
    return bool(checks[wanted.type]())


def test_both_files_of_an_export_say_the_same(of: Of) -> None:
    for export, rows in all_of(of("2026-05")).values():
        marked = french(export, rows).decode()
        assert marked.startswith("\ufeff")
        for_sheets = list(csv.reader(io.StringIO(marked[1:], newline=""), delimiter=";"))
        for_programs = list(csv.reader(io.StringIO(rfc4180(export, rows).decode(), newline="")))
        numbers = {i for i, each in enumerate(export.columns) if each.type == "number"}
        assert [
            [cell.replace(",", ".") if i in numbers else cell for i, cell in enumerate(row)]
            for row in for_sheets
        ] == for_programs


def test_a_schema_has_every_column_in_order_with_a_french_label(of: Of) -> None:
    for export, _ in all_of(of("2026-05")).values():
        told = schema(export, decimal=",")
        assert [field["name"] for field in told["fields"]] == [c.name for c in export.columns]
        assert all(field["title"] for field in told["fields"])
        assert told["missingValues"] == ["", "s"]
        assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("words", ["=1+1", "+33", "-2", "@here"])
def test_no_text_is_taken_for_a_formula(words: str) -> None:
    assert text(words) == f"'{words}"


def test_numbers_are_written_short() -> None:
    assert [text(value) for value in (0.0, 2.5, 50.70791, 3, -4.0)] == [
        "0", "2.5", "50.70791", "3", "-4",
    ]  # fmt: skip


def test_no_file_shows_a_small_number_of_people(of: Of) -> None:
    for key, (export, rows) in all_of(of("2026-05"), above=of("2026")).items():
        for i, each in enumerate(export.columns):
            if each.people:
                small = [row for row in rows if isinstance(row[i], int) and 0 < row[i] < 5]
                assert not small, (key, each.name)


def test_a_funder_gets_aggregates_alone(of: Of) -> None:
    assert list(all_of(of("2026-05"), funder=True)) == [
        "e1_activite", "e2_publics", "e3_themes", "e7_completude",
    ]  # fmt: skip


def test_a_territorys_file_is_cut_from_the_federations(of: Of) -> None:
    published = of("2026")
    mine, whole = all_of(published, "62-boulonnais"), all_of(published)
    for key in ("e1_activite", "e2_publics", "e3_themes", "e4_arrets", "e5_ateliers", "e6_parc"):
        rows = {tuple(row) for row in whole[key][1]}
        assert {tuple(row) for row in mine[key][1]} <= rows, key
        assert len(mine[key][1]) < len(rows)
    assert set(column(mine, "e4_arrets", "vehicule")) == {"Camion Germaine", "Triporteur citoyen"}


def test_vehicles_add_up_to_territories_and_those_to_the_federation(of: Of) -> None:
    exported = all_of(of("2026"))
    for name in ("arrets_prevus", "arrets_tenus", "passages", "demandes", "participants"):
        sums = {
            level: sum(
                int(cell or 0) for cell in column(exported, "e1_activite", name, niveau=level)
            )
            for level in ("vehicule", "territoire", "federation")
        }
        assert len(set(sums.values())) == 1, (name, sums)


def test_what_is_too_thin_for_a_month_is_told_of_the_year(of: Of) -> None:
    exported = all_of(of("2026-05"), above=of("2026"))
    remarks = set(column(exported, "e2_publics", "remarque", rubrique="genre_age"))
    assert any("chiffres de l’année 2026" in str(remark) for remark in remarks)
    years = column(exported, "e2_publics", "niveau", periode="2026", rubrique="genre_age")
    assert "federation" in years


def test_places_told_together_say_why(of: Of) -> None:
    exported = all_of(of("2026"))
    remarks = column(
        exported, "e2_publics", "remarque", territoire="85-bocage 971-grande-terre"
    )  # fmt: skip
    assert set(remarks) == {"2 lieux ensemble : trop peu pour chacun."}


def test_the_zoning_year_goes_with_the_class(of: Of) -> None:
    exported = all_of(of("2026"))
    assert set(column(exported, "e2_publics", "annee_zonage", classe="qpv")) == {"2024"}


def test_a_planned_stop_that_was_not_made_is_there_with_its_reason(of: Of, year: World) -> None:
    exported = all_of(of("2026"))
    made, planned = set(), 0
    for stop in year.database.execute("SELECT unit, day, planned FROM stop").fetchall():
        made.add(tuple(stop))
    planned = sum(1 for p in year.plans.stops if (p.unit, p.day, p.id) not in made)
    assert len(column(exported, "e4_arrets", "etat", etat="non_tenu")) == planned > 0


def test_hours_are_those_of_the_vehicle(of: Of) -> None:
    exported = all_of(of("2026-05"))
    for vehicle in ("Pirogue à roulettes", "Kannaval", "Camion Germaine"):
        hours = column(exported, "e4_arrets", "arrivee", vehicule=vehicle, arret_prevu="apatou")
        hours += column(exported, "e4_arrets", "arrivee", vehicule=vehicle, prevu_de="09:00:00")
        made = [str(hour) for hour in hours if hour is not None]
        assert made
        assert all("08:4" < hour < "13:0" for hour in made)


def test_availability_is_planned_days_on_which_it_was_out(of: Of) -> None:
    exported = all_of(of("2026"))
    planned = sum(map(int, column(exported, "e6_parc", "jours_prevus")))  # type: ignore[arg-type]
    out = sum(map(int, column(exported, "e6_parc", "jours_prevus_sortis")))  # type: ignore[arg-type]
    assert 0.9 < out / planned < 1


MIDNIGHT = 1_780_272_000_000
"""After the last of May, UTC."""
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("unit", "territory", "reached", "lacks"),
    [
        ("van-germaine", "62-boulonnais", None, "oui"),
        ("van-germaine", "62-boulonnais", MIDNIGHT - 2 * HOUR - 60_000, "oui"),
        ("van-germaine", "62-boulonnais", MIDNIGHT - 2 * HOUR, "non"),
        ("van-maroni", "973-maroni", MIDNIGHT + 3 * HOUR - 60_000, "oui"),
        ("van-maroni", "973-maroni", MIDNIGHT + 3 * HOUR, "non"),
    ],
)
def test_a_unit_lacks_something_until_it_is_complete_past_the_period_where_it_is(
    of: Of, unit: str, territory: str, reached: int | None, lacks: str
) -> None:
    told = {unit: Completeness(unit=unit, complete_to=reached)}
    rows = list(machines.completeness(of("2026-05"), told, territory))
    names = [each.name for each in machines.E7.columns]
    (mine,) = [row for row in rows if row[names.index("boitier")] == unit]
    assert mine[names.index("manque")] == lacks


def test_the_coops_file_has_their_names_and_adds_up(of: Of, year: World) -> None:
    rows = list(coop.activities(of("2026-05"), None))
    told = json.loads(coop.as_json(iter(rows)))
    (described,) = year.database.execute(
        "SELECT count(*) FROM visit WHERE described = 1 AND cancelled IS NULL"
        " AND day LIKE '2026-05-%'"
    ).fetchone()
    (tallied,) = year.database.execute(
        "SELECT count(DISTINCT unit || epoch || '/' || seq) FROM tallied WHERE day LIKE '2026-05-%'"
    ).fetchone()
    assert len(told) == described + tallied
    for activity in told:
        people = activity["beneficiaires"]
        assert activity["accompagnements"] == people["total"] > 0
        for split in ("genres", "tranches_age"):
            assert sum(people[split].values()) == people["total"]
        assert set(activity) >= {
            "type", "accompagnements", "date", "duree", "type_lieu", "autonomie",
            "oriente_vers_structure", "structure_de_redirection", "materiel", "thematiques",
            "precisions_demarche", "titre_atelier", "niveau_atelier", "beneficiaires",
        }  # fmt: skip


def test_the_coops_themes_are_theirs_alone(of: Of) -> None:
    told = json.loads(coop.as_json(coop.activities(of("2026-05"), None)))
    themes = {theme for activity in told for theme in activity["thematiques"]}
    assert "lien_social" not in themes
    assert "non_communique" not in themes
    administrative = [each for each in told if "social_sante" in each["thematiques"]]
    assert all("aide_aux_demarches_administratives" in a["thematiques"] for a in administrative)


def test_what_is_planned_for_a_day_to_come_is_not_missed_yet(year: World) -> None:
    evening = 1_780_264_800_000  # 2026-05-31 in Paris
    facts = Facts(year.database, year.registry, year.plans, parse("2026"), evening)
    assert max(plan.day for plan in facts.planned) < "2026-05-31"
    rows = all_of(Published(facts, Rules()))
    missed = column(rows, "e4_arrets", "jour", etat="non_tenu")
    assert missed
    assert max(map(str, missed)) < "2026-05-31"


def test_a_workshop_called_off_is_told_of_only_if_somebody_had_signed_up(year: World) -> None:
    ran = next(each for each in year.plans.workshops if each.id == "van-germaine-05")
    gone = msgspec.structs.replace(ran, withdrawn=True)
    nobody = msgspec.structs.replace(gone, id="nobody")
    plans = msgspec.structs.replace(year.plans, workshops=(gone, nobody))
    published = Published(Facts(year.database, year.registry, plans, parse("2026-05")), Rules())
    rows = all_of(published)
    assert column(rows, "e5_ateliers", "atelier", titre=ran.title, vehicule="Camion Germaine") == [
        "van-germaine-05"
    ]


def test_few_who_signed_up_by_telephone_are_hidden_like_others(year: World) -> None:
    calls = [
        Telephoned(
            workshop=name, title="T", theme="logement", place="P", minutes=90, day=day,
            territory=code, territory_name=code.title(), signed=signed,
        )
        for name, day, code, signed in (
            ("many", "2026-05-12", "nord", 9), ("few", "2026-05-13", "nord", 2),
            ("alone", "2026-05-13", "sud", 8), ("before", "2026-04-30", "sud", 8),
        )
    ]  # fmt: skip
    facts = Facts(
        year.database, year.registry, year.plans, parse("2026-05"), telephoned=tuple(calls)
    )
    rows = all_of(Published(facts, Rules()))
    by = {"vehicule": "Inscriptions par téléphone"}
    assert column(rows, "e5_ateliers", "atelier", **by) == ["many", "few", "alone"]
    assert column(rows, "e5_ateliers", "inscrits", **by) == ["s", "s", 8]


def test_a_vehicle_outlives_its_boxes(year: World) -> None:
    germaine, trike, *others = year.registry.vehicles
    both = germaine._replace(boxes=(*trike.boxes, *germaine.boxes))
    registry = Registry([both, *others])
    published = Published(Facts(year.database, registry, year.plans, parse("2026")), Rules())
    apart = Published(Facts(year.database, year.registry, year.plans, parse("2026")), Rules())
    line = ("62-boulonnais", "Camion Germaine")
    assert published.passages.value(*line) == apart.passages.value("62-boulonnais")
    units = column(all_of(published), "e1_activite", "unites", vehicule="Camion Germaine")
    assert units == ["trike-citoyen van-germaine"]


def test_a_unit_of_no_vehicle_is_told_under_its_own_name(year: World) -> None:
    registry = Registry([v for v in year.registry.vehicles if v.units != ("trike-citoyen",)])
    published = Published(Facts(year.database, registry, year.plans, parse("2026")), Rules())
    rows = all_of(published)
    names = column(rows, "e1_activite", "territoire_nom", vehicule="trike-citoyen")
    assert names == ["(hors registre)"]
    assert published.passages.value() == sum(
        published.passages.value(code) for code in {path[0] for path in published.passages.vehicles}
    )


def test_a_workshop_that_nobody_planned_is_of_the_day_on_which_people_came(of: Of) -> None:
    """The first word of it, a sign-up, may be of another month."""
    published = of("2026-05")
    facts = Facts(published.facts.database, published.facts.registry, Plans(), parse("2026-05"))
    facts.sign_ups = [SignUp("van-germaine", "2026-04-27", "tri", 2, 0)]
    facts.attendances = [Attendance("van-germaine", "2026-05-04", "tri", "seen", 2, 0)]
    assert [each.day for each in workshops.held(facts)] == ["2026-05-04"]
