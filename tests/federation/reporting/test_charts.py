"""Charts are SVG that anybody can read, and the printed page is one."""

import re
import xml.etree.ElementTree as ET
import zlib

import msgspec
import pytest

from federation.reporting import charts, page
from federation.reporting.charts import Bar
from federation.reporting.facts import Facts
from federation.reporting.figure import MOST, NO_TOURS, Figure
from federation.reporting.figures import Sheet
from federation.reporting.lacking import Lacking
from federation.reporting.making import EVERYWHERE
from federation.reporting.package import Facts as Told
from federation.reporting.package import Report
from federation.reporting.period import parse
from federation.reporting.published import Published
from federation.reporting.shapes import Rules
from federation.reporting.stop_map import Spot, stop_map

from .conftest import Of
from .fleet_year import World

SVG = "{http://www.w3.org/2000/svg}"


def drawn(figure: str) -> ET.Element:
    """A chart, read as XML."""
    return ET.fromstring(figure)


@pytest.mark.parametrize("territory", [None, "62-boulonnais", "973-maroni"])
@pytest.mark.parametrize("period", ["2026", "2026-05"])
def test_every_chart_is_named_told_and_has_no_inline_style(
    of: Of, period: str, territory: str | None
) -> None:
    above = None if period == "2026" else of("2026")
    sheet = Sheet(of(period), above, territory)
    made = [*sheet.figures(), *sheet.gauges()]
    assert len(sheet.figures()) == 10
    for figure in made:
        if figure.svg:
            root = drawn(figure.svg)
            title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
            assert title is not None
            assert desc is not None
            assert title.text
            assert root.get("role") == "img"
            assert not [each for each in root.iter() if each.get("style")]
            assert not root.findall(f".//{SVG}script")
        else:
            assert figure.note.startswith("Trop peu"), figure.key


def test_under_every_chart_stands_a_table_of_the_same(of: Of) -> None:
    for figure in Sheet(of("2026")).figures():
        assert figure.rows, figure.key
        assert all(len(row) == len(figure.headings) for row in figure.rows)


def test_ids_of_charts_are_their_own(of: Of) -> None:
    sheet = Sheet(of("2026"))
    ids = re.findall(r' id="([^"]+)"', "".join(f.svg for f in [*sheet.figures(), *sheet.gauges()]))
    assert len(ids) == len(set(ids))


def test_a_hidden_value_is_hatched_and_said() -> None:
    svg = charts.bars("k", "Titre", "Dit", [Bar("a", (None, 3.0), "s"), Bar("b", (7.0,), "7")])
    assert svg.count('fill="url(#k-hatch)"') == 1
    assert ">s<" in svg


def test_words_of_people_are_escaped() -> None:
    svg = stop_map("k", "<t>", "<d>", [Spot("<script>&", 50.0, 2.0, 3)])
    assert "<script>" not in svg
    assert "<t>" not in svg
    drawn(svg)


def test_far_regions_are_drawn_side_by_side() -> None:
    spots = [
        Spot("Lille", 50.6, 3.0, 9),
        Spot("Cayenne", 4.9, -52.3, 9),
        Spot("Lens", 50.4, 2.8, 1),
    ]
    svg = stop_map("k", "t", "d", spots)
    assert len(drawn(svg).findall(f"{SVG}rect")) == 2


def test_names_on_the_map_stay_inside_and_apart_and_discs_small() -> None:
    spots = [Spot(f"Place de la République {n}", 50.6 + n / 60, 3.0 + n / 60, 90) for n in range(9)]
    spots += [Spot("Quartier de la Charbonnière", 5.5, -54.0, 60)]
    spots += [Spot("Le Raizet", 16.27, -61.51, 30), Spot("Petit-Canal", 16.38, -61.48, None)]
    root = drawn(stop_map("k", "t", "d", spots))
    _, _, wide, tall = map(float, root.attrib["viewBox"].split())
    assert max(float(c.attrib["r"]) for c in root.iter(f"{SVG}circle")) <= 0.04 * tall
    boxes = []
    for each in root.iter(f"{SVG}text"):
        x, y, size = (float(each.attrib[name]) for name in ("x", "y", "font-size"))
        boxes.append((x, y - size, x + 0.5 * size * len(each.text or ""), y))
    assert all(x >= 0 and right <= wide and y >= 0 and low <= tall for x, y, right, low in boxes)
    for i, (x, y, right, low) in enumerate(boxes):
        for ox, oy, oright, olow in boxes[i + 1 :]:
            assert right <= ox or oright <= x or low <= oy or olow <= y
    said = [each.text for each in root.iter(f"{SVG}text")]
    assert {"Hexagone", "Guyane", "Guadeloupe"} <= set(said)
    assert sum(1 for text in said if text and text.startswith("Place de la")) >= 2


def test_without_a_published_tour_nothing_was_missed_and_places_are_drawn(year: World) -> None:
    weeks = [stop for stop in year.plans.stops if stop.day >= "2026-06-01"]
    plans = msgspec.structs.replace(year.plans, stops=tuple(weeks))
    sheet = Sheet(Published(Facts(year.database, year.registry, plans, parse("2026-05")), Rules()))
    made = {figure.key: figure for figure in sheet.figures()}
    assert made["prevus"].note == made["parc"].note == NO_TOURS
    assert {row[1] for row in made["prevus"].rows} == {"pas de tournée publiée"}
    assert not made["prevus"].svg
    assert made["carte"].svg


def test_a_vehicle_without_a_published_tour_is_not_in_the_chart_of_the_others(year: World) -> None:
    mine = [stop for stop in year.plans.stops if stop.unit != "van-vendee"]
    plans = msgspec.structs.replace(year.plans, stops=tuple(mine))
    sheet = Sheet(Published(Facts(year.database, year.registry, plans, parse("2026-05")), Rules()))
    figure = sheet.planned()
    assert figure.note == "Pas de tournée publiée : Bocage vendéen."
    assert "Bocage vendéen</text>" not in figure.svg
    assert ("Bocage vendéen", "pas de tournée publiée", "–", "–") in figure.rows


def test_the_outline_of_the_map_is_drawn_when_it_is_given() -> None:
    ring = [(2.0, 50.0), (3.0, 50.0), (3.0, 51.0)]
    svg = stop_map("k", "t", "d", [Spot("Lille", 50.6, 3.0, 9)], [ring])
    assert drawn(svg).findall(f".//{SVG}path[@stroke]")


@pytest.mark.parametrize(
    ("value", "said"), [(1500, "50\u00a0%"), (None, ">s<"), (4000, "133\u00a0%")]
)
def test_a_gauge_names_what_its_target_counts(value: int | None, said: str) -> None:
    svg = charts.gauge("k", "Germaine", value, 3000, "passages")
    assert said in svg
    assert "passages" in svg


def test_nothing_to_draw_is_no_division_by_zero() -> None:
    for svg in (
        charts.bars("k", "t", "d", [Bar("a", (0.0,), "0")]),
        charts.weeks("k", "t", "d", [("01/01", 0)]),
        charts.pyramid("k", "t", "d", ["a"], {"f": [0], "m": [0]}),
        stop_map("k", "t", "d", [Spot("a", 50.0, 2.0, 0)]),
        stop_map("k", "t", "d", []),
    ):
        drawn(svg)


def report_of(of: Of, period: str, territory: str | None = None) -> tuple[Report, str]:
    """A report and its printed page."""
    published, above = of(period), None if len(period) == 4 else of(period[:4])
    name = published.territory_name(territory) if territory else EVERYWHERE
    facts = Told(parse(period), territory, name, 4711, 3, 1_790_000_000_000,
                  1_790_000_000_000, ("van-germaine",), None, 5, 0.2,
                  Lacking(False, (), ("Camion Germaine",)))  # fmt: skip
    sheet = Sheet(published, above, territory)
    report = Report(facts, (), tuple(sheet.figures()), tuple(sheet.gauges()))
    return report, page.html(report, page.tiles(published, territory))


def inside(pdf: bytes) -> bytes:
    """A PDF with its compressed parts opened."""
    packed = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(
        zlib.decompressobj().decompress(part) for part in packed if part[:1] == b"x"
    )


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type /Page\b(?!s)", inside(pdf)))


@pytest.mark.parametrize(("period", "territory"), [("2026", "62-boulonnais"), ("2026-05", None)])
def test_the_printed_report_is_one_tagged_french_page_and_always_the_same(
    of: Of, period: str, territory: str | None
) -> None:
    _, html = report_of(of, period, territory)
    made = page.pdf(html)
    assert made == page.pdf(html)
    assert made.startswith(b"%PDF-")
    assert b"/Lang (fr)" in inside(made)
    assert b"/MarkInfo" in inside(made)
    assert pages_of(made) == 1


def test_the_page_of_a_large_federation_is_one_too(of: Of) -> None:
    report, _ = report_of(of, "2026")
    lines = [Bar(f"Territoire {i:02d} au nom assez long", (float(i),), str(i)) for i in range(60)]
    tall = charts.bars("prevus", "Arrêts", "d", lines[:MOST])
    figures = tuple(
        Figure(
            f.key, f.title, "Une remarque. " * 6, tall.replace("prevus", f.key), f.headings, f.rows
        )
        for f in report.figures
    )
    html = page.html(
        report._replace(figures=figures), [page.Tile("12 345", "passages", "x" * 60)] * 5
    )
    assert pages_of(page.pdf(html)) == 1


def test_the_page_tells_people_apart_and_how_complete_it_is(of: Of) -> None:
    _, html = report_of(of, "2026")
    assert "premières visites déclarées ; non précisé pour" in html
    assert "Chiffres provisoires" in html
    assert "Sans nouvelles depuis la fin de la période" in html
    assert "Instantané 4711" in html
    for word in ("bénéficiaire", "usager", "lapin", "·"):
        assert word not in html


def test_a_place_is_on_the_map_with_all_who_came_there(of: Of) -> None:
    published = of("2026")
    (figure,) = [f for f in Sheet(published).figures() if f.key == "carte"]
    told = dict(figure.rows)
    (portel,) = published.facts.database.execute(
        "SELECT sum(people) FROM aggregate JOIN stop ON aggregate.unit = stop.unit"
        " AND aggregate.a = stop.epoch || '/' || stop.seq"
        " WHERE axis = 'stop' AND period = '2026' AND planned = 'portel'"
    ).fetchone()
    assert told["Place de l’Église"].replace("\u202f", "") == str(portel)
