"""What is published of a year: true sums, no small number, nothing that gives one away."""

from collections import Counter
from collections.abc import Hashable

import pytest

from federation.reporting import publics
from federation.reporting.levels import Line
from federation.reporting.places_shown import Places
from federation.reporting.published import Published
from federation.reporting.shapes import Rules, Table, Tree

from .attacker import Line as Told
from .attacker import bounds
from .conftest import Of
from .fleet_year import World
from .test_levels import proved

YOUNG = ("moins_de_douze", "douze_dix_huit", "dix_huit_vingt_quatre")
GROWN = ("vingt_cinq_trente_neuf", "quarante_cinquante_neuf", "soixante_soixante_neuf",
         "soixante_dix_plus")  # fmt: skip
PERIODS = ("2026", "2026-T1", "2026-05", "2026-03-02..2026-03-20")


def tables(published: Published) -> dict[str, Table]:
    """Every table of a period."""
    return {
        "publics": published.publics,
        "themes": published.themes,
        "weeks": published.weeks,
        **published.headings,
    }


def lines(table: Table) -> list[Line]:
    """Every line of a table."""
    return [at.line for at in publics.lines(table, "")]


def trees(published: Published) -> dict[str, Tree]:
    """Every measure told by vehicle."""
    return {
        name: getattr(published, name)
        for name in ("passages", "demands", "street", "unserved", "first_visits", "first_unknown")
    }


@pytest.mark.parametrize("period", PERIODS)
def test_sums_are_those_of_the_rows(of: Of, year: World, period: str) -> None:
    published = of(period)
    span = (published.facts.period.first.isoformat(), published.facts.period.last.isoformat())
    visits = year.database.execute(
        "SELECT count(*), sum(people), sum(CASE WHEN first_visit = 'oui' THEN people ELSE 0 END)"
        " FROM visit WHERE cancelled IS NULL AND day BETWEEN ? AND ?", span,
    ).fetchone()  # fmt: skip
    (street,) = year.database.execute(
        "SELECT coalesce(sum(people), 0) FROM tallied WHERE day BETWEEN ? AND ?", span
    ).fetchone()
    assert published.demands.value() == visits[0]
    assert published.passages.value() == visits[1] + street
    assert published.first_visits.value() == visits[2]
    assert published.street.value() == street


@pytest.mark.parametrize("period", PERIODS)
def test_no_table_shows_a_small_number(of: Of, period: str) -> None:
    for name, table in tables(of(period)).items():
        for line in lines(table):
            shown = [line.shown(cell) for cell in line.cells]
            assert not [value for value in shown if value is not None and 0 < value < 5], name
            assert not 0 < line.total < 5


@pytest.mark.parametrize("period", PERIODS)
def test_a_table_of_which_a_fifth_would_be_hidden_is_not_there(of: Of, period: str) -> None:
    for name, table in tables(of(period)).items():
        for line in lines(table):
            filled = [cell for cell, value in line.cells.items() if value]
            holes = [cell for cell in filled if cell in line.hidden]
            assert len(holes) < 0.2 * len(filled) or not filled, name


@pytest.mark.parametrize("period", PERIODS)
def test_levels_add_up(of: Of, period: str) -> None:
    table = of(period).publics
    if table.whole is not None and table.territories:
        sums: Counter[Hashable] = Counter()
        for line in table.territories:
            sums.update(line.cells)
        assert +sums == +Counter(table.whole.cells)
    for (territory, class_), communes in table.communes.items():
        above = next(line for line in table.classes[territory] if line.places == (class_,))
        assert not communes or sum(line.total for line in communes) == above.total


@pytest.mark.parametrize("period", PERIODS)
def test_nothing_that_is_hidden_of_a_vehicle_follows_from_the_others(of: Of, period: str) -> None:
    for name, tree in trees(of(period)).items():
        known = {p: v for p, v in tree.vehicles.items() if tree.shown(*p) is not None and v}
        hidden = {p for p, v in tree.vehicles.items() if tree.shown(*p) is None and v}
        told = [Told((), tree.shown(), [p for p, v in tree.vehicles.items() if v])]
        for code in {path[0] for path in tree.vehicles}:
            mine = [p for p, v in tree.vehicles.items() if p[0] == code and v]
            told.append(Told((code,), tree.shown(code), mine))
        proved = bounds([line for line in told if line.cells], known)
        for path in hidden:
            low, high = proved[path]
            assert high - low >= 4, (name, path)
            assert high >= 5, (name, path)


@pytest.mark.parametrize(("period", "told"), [("2026", 5), ("2026-T2", 2)])
def test_nobody_who_reads_all_levels_can_bound_who_came(of: Of, period: str, told: int) -> None:
    rules = Rules(bands=(("moins_de_25", YOUNG), ("vingt_cinq_et_plus", GROWN)))
    table = of(period, rules).publics
    assert table.whole is not None
    levels = [(table.whole, table.territories, True)]
    for line in table.territories:
        code = str(line.places[0])
        levels.append((line, table.classes.get(code, ()), False))
        for each in table.classes.get(code, ()):
            communes = table.communes.get((code, str(each.places[0])), ())
            levels.append((each, communes, False))
    for above, below, totals in levels:
        for low, high in proved(above, list(below), totals=totals) if below else ():
            assert high - low >= 4
            assert high >= 5
    assert sum(len(below) for _, below, _ in levels) >= told


def test_the_answer_of_a_vehicle_is_hidden_where_the_table_of_answers_hides_it(of: Of) -> None:
    published = of("2026-05")
    table = published.headings["premiere_visite"]
    alone = {line.places[0] for line in table.territories if len(line.places) == 1}
    for territory, vehicle in published.first_visits.vehicles:
        if territory not in alone:
            assert published.first_visits.shown(territory, vehicle) is None


@pytest.mark.parametrize("period", PERIODS)
def test_stops_and_places_hide_what_others_would_give_away(of: Of, period: str) -> None:
    published = of(period)
    places = Places(published)
    hidden = places.hidden_stops()
    for spot, stops in places.stops.items():
        total = places.shown(spot)
        small = [stop for stop, value in stops.items() if 0 < value < 5]
        assert set(small) <= hidden
        if total is not None and small:
            away = [value for stop, value in stops.items() if stop in hidden and value]
            assert len(away) > 1
            assert sum(away) - len(away) + 1 >= 5, "the largest that one of them could be"


def test_the_same_period_is_published_the_same(of: Of) -> None:
    one, other = tables(of("2026-T1")), tables(of("2026-T1"))
    assert one == other


def test_a_funders_age_bands_are_those_of_the_setting(of: Of) -> None:
    published = of("2026", Rules(bands=(("moins_de_25", YOUNG),)))
    whole = published.publics.whole
    assert whole is not None
    assert {age for _, age in whole.cells} == {
        "moins_de_25", "vingt_cinq_trente_neuf", "quarante_cinquante_neuf",
        "soixante_soixante_neuf", "soixante_dix_plus", "non_communique",
    }  # fmt: skip
    assert len(published.publics.territories) > len(of("2026").publics.territories), "less thin"


def test_a_higher_threshold_hides_more(of: Of) -> None:
    small = of("2026", Rules(threshold=5)).publics.whole
    large = of("2026", Rules(threshold=40, share=1.0)).publics.whole
    assert small is not None
    assert large is not None
    assert len(small.hidden) < len(large.hidden)
