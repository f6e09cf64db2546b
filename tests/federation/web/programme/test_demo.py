"""What the demo's coordinators have planned: whoever calls the desk finds a seat."""

import time
from pathlib import Path

from federation.web.fleet import importing
from federation.web.programme import showing
from federation.web.programme.models import Workshop
from simulation import places
from tests.federation.web.site import Site
from tools import demo_fleet, demo_site


def test_the_desk_of_the_demo_has_seats_to_give(site: Site, tmp_path: Path) -> None:
    demo_fleet.write_units(tmp_path / "units.csv")
    importing.take(importing.read(tmp_path / "units.csv"))
    demo_site._plan(places.FLEET[0], time.time_ns() // 1_000_000)
    found = showing.shown(list(Workshop.objects.filter(starts__gt=showing.days_ago(0))))
    assert found
    assert {(each.workshop.total, each.sharing.desk) for each in found} == {(8, 2)}
