"""Which box rides in a vehicle: a mistyped name takes none out, and leaves no trace in reports."""

from typing import Any

import pytest

from federation.people import store as people
from federation.reporting import period, snapshot
from protocol.duty import Started
from tests.federation.bench import link, status
from tests.federation.van import UNIT
from tests.federation.web.site import SIMONE, Site


def rides(site: Site, unit: str, **more: str) -> str:
    """The box is put into Germaine; what the page says then."""
    where = f"/vehicules/{site.vehicle('Germaine').pk}/boitier/"  # type: ignore[attr-defined]
    answer = site.as_("federation").post(where, {"unit": unit, **more}, follow=True)
    return answer.content.decode()


def on_board(site: Site) -> str:
    return str(site.vehicle("Germaine").boxes.get(until=None).unit)  # type: ignore[attr-defined]


def test_a_box_that_spoke_moves_and_a_vehicle_outlives_it(site: Site) -> None:
    germaine: Any = site.vehicle("Germaine")
    site.bench.arrive(link("van-next"), status("van-next"))
    rides(site, "van-next")
    held = [(box.unit, box.until is None) for box in germaine.boxes.order_by("since")]
    assert held == [(UNIT, False), ("van-next", True)]
    site.as_("federation").post(f"/vehicules/{germaine.pk}/sans-boitier/")
    assert not germaine.boxes.filter(until=None).exists()
    site.tell(Started())
    rides(site, UNIT)
    assert on_board(site) == UNIT


def test_a_box_that_never_spoke_is_put_on_board_when_somebody_says_so_twice(site: Site) -> None:
    page = rides(site, "van-nord")
    assert "Aucun boîtier de ce nom n'a encore parlé : <b>van-nord</b>" in page.replace(
        "&#x27;", "'"
    )
    assert on_board(site) == UNIT
    assert not list(people.audit(site.config.store))
    rides(site, "van-nord", sure="van-other")
    assert on_board(site) == UNIT, "another name is to be said twice again"
    rides(site, "van-nord", sure="van-nord")
    assert on_board(site) == "van-nord"


def test_a_box_that_never_spoke_can_be_forgotten_and_one_that_did_cannot(site: Site) -> None:
    germaine: Any = site.vehicle("Germaine")
    site.tell(Started())
    rides(site, "van-nord", sure="van-nord")
    browser = site.as_("federation")
    for unit in ("van-nord", UNIT):
        browser.post(f"/vehicules/{germaine.pk}/oublier/", {"unit": unit})
    assert [box.unit for box in germaine.boxes.all()] == [UNIT]
    page = browser.get(f"/vehicules/{germaine.pk}/modifier/").content.decode()
    assert "Oublier" not in page


def test_a_box_that_is_out_and_never_spoke_is_in_no_report(site: Site) -> None:
    site.tell(Started())
    rides(site, "van-nord", sure="van-nord")
    rides(site, UNIT)
    with snapshot.opened(site.config, None, 0) as opened:
        units = opened.published(period.parse("2026")).facts.units()
    assert "van-nord" not in units
    assert {UNIT, SIMONE} <= set(units), "what rides is waited for, and what spoke counts"


def test_a_box_with_facts_does_not_take_them_to_another_vehicle(site: Site) -> None:
    site.tell(Started())
    simone: Any = site.vehicle("Simone")
    answer = site.as_("federation").post(
        f"/vehicules/{simone.pk}/boitier/", {"unit": UNIT}, follow=True
    )
    assert "changeraient de véhicule" in answer.content.decode()
    assert simone.boxes.get(until=None).unit == SIMONE


@pytest.mark.parametrize("unit", ["", "X", "a b", "é" * 5, "a" * 27])
def test_what_is_no_name_of_a_box_is_refused(site: Site, unit: str) -> None:
    germaine: Any = site.vehicle("Germaine")
    site.as_("federation").post(f"/vehicules/{germaine.pk}/boitier/", {"unit": unit})
    assert germaine.boxes.get(until=None).unit == UNIT
