"""What a chart says is true of all that it is about, or says of what not."""

from federation.reporting import filling
from federation.reporting.facts import Facts
from federation.reporting.figures import Sheet
from federation.reporting.period import parse
from federation.reporting.plans import Plans
from federation.reporting.published import Published
from federation.reporting.records import Attendance
from federation.reporting.shapes import Rules

from .conftest import Of
from .fleet_year import World

NORTH = "62-boulonnais"
_LINE = Attendance("van-germaine", "2026-05-12", "", "seen", 0, 0)


def of_plans(year: World, plans: Plans, *more: Attendance, alone: bool = False) -> Published:
    """May, with these plans and these people at workshops besides."""
    facts = Facts(year.database, year.registry, plans, parse("2026-05"))
    facts.attendances = [*([] if alone else facts.attendances), *more]
    return Published(facts, Rules())


def of_may(year: World, seats: int) -> Plans:
    """One workshop of Germaine's, with so many seats."""
    (offered,) = [w for w in year.plans.workshops if w.id == "van-germaine-05"]
    return Plans(stops=year.plans.stops, workshops=(type(offered)(
        unit=offered.unit, id="told", title="t", starts=offered.starts, minutes=90, theme="sante",
        seats=seats),))  # fmt: skip


def test_seats_and_people_are_of_the_same_workshops(year: World) -> None:
    told = _LINE._replace(workshop="told", people=8)
    untold = _LINE._replace(workshop="untold", people=30)
    figure = Sheet(of_plans(year, of_may(year, 10), told, untold, alone=True), None, NORTH).fill()
    assert figure.rows == (("Camion Germaine", "10", "8"),)
    assert "sans places annoncées, hors du graphique : 1." in figure.note


def test_few_people_at_workshops_without_seats_are_not_what_a_subtraction_leaves(
    year: World,
) -> None:
    told = _LINE._replace(workshop="told", people=8)
    untold = _LINE._replace(workshop="untold", people=2)
    figure = Sheet(of_plans(year, of_may(year, 10), told, untold, alone=True), None, NORTH).fill()
    assert figure.rows == (("Camion Germaine", "10", "s"),)


def test_a_year_of_workshops_is_never_fuller_than_its_people(of: Of) -> None:
    made = filling.filling(of("2026"))
    published = of("2026")
    whole = sum(
        line.people
        for line in published.facts.attendances
        if line.status == "seen" and line.day.startswith("2026")
    )
    assert made.inside.value() + made.outside.value() == whole > 0


def test_stops_that_were_made_at_no_planned_place_are_not_said_to_be_none(year: World) -> None:
    note = Sheet(of_plans(year, Plans())).map().note
    assert "Rien n’était prévu" not in note
    assert "liés à aucun lieu prévu" in note


def test_whoever_is_on_no_bar_of_the_pyramid_is_told_of(of: Of) -> None:
    published = of("2026")
    line = published.publics.whole
    assert line is not None
    drawn = sum(line.shown(name) or 0 for name in line.cells if name[0] in ("feminin", "masculin"))
    share = round(100 * (line.total - drawn) / line.total)
    assert share > 0
    said = f"masqué : {share}\u00a0% des passages, sur aucune barre."
    assert said in Sheet(published).publics().note
