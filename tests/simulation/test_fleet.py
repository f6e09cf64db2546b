"""A simulated fleet against a real broker and a real ingest: nothing lost, nothing doubled."""

from collections import Counter
from pathlib import Path

import pytest

from simulation.making import Wanted
from simulation.places import FLEET
from simulation.vehicles import many
from simulation.weather import Outages

from .fleet_bench import fleet_of, papers_of, receiving, shared_of, until

SOME = many(12, FLEET, seed=5)


@pytest.mark.parametrize("full", [0, 3], ids=["light units", "units of real code among them"])
def test_days_of_a_fleet_arrive_whole(tmp_path: Path, full: int) -> None:
    with receiving(tmp_path) as (trusted, broker, federation):
        shared = shared_of(papers_of(tmp_path / "papers", trusted, SOME), broker.port)
        wanted = Wanted(past=45, days=1, full=full, folder=tmp_path / "boxes")
        fleet = fleet_of(shared, SOME, wanted)
        until(fleet, lambda: fleet.online == 12 and fleet.backlog == 0 and fleet.settled)
        fleet.close()
        assert len(federation.stored()) == len(set(federation.stored()))
        assert Counter(unit for unit, _, _ in federation.stored()).keys() == {
            vehicle.unit for vehicle in SOME
        }
        assert len(federation.stored()) >= shared.counts["events"]
        assert not {"forks", "messages not believed"} & shared.counts.keys()


def test_after_a_storm_all_come_back_apart_from_each_other_and_lose_nothing(
    tmp_path: Path,
) -> None:
    with receiving(tmp_path) as (trusted, broker, federation):
        shared = shared_of(papers_of(tmp_path / "papers", trusted, SOME), broker.port)
        fleet = fleet_of(shared, SOME, Wanted(past=2, days=1))
        until(fleet, lambda: shared.counts["rows receipted"] > 200)
        fleet.storm()
        until(fleet, lambda: shared.counts["connections lost"] >= 10)
        until(fleet, lambda: fleet.online == 12 and fleet.backlog == 0 and fleet.settled)
        fleet.close()
        assert len(federation.stored()) == len(set(federation.stored())) == shared.counts["events"]


def test_an_ingest_that_is_killed_and_comes_back_has_everything_once(tmp_path: Path) -> None:
    with receiving(tmp_path) as (trusted, broker, federation):
        shared = shared_of(papers_of(tmp_path / "papers", trusted, SOME), broker.port)
        fleet = fleet_of(shared, SOME, Wanted(past=5, days=1))
        until(fleet, lambda: shared.counts["rows receipted"] > 100)
        federation.kill()
        until(fleet, lambda: fleet.backlog > 0)
        federation.start()
        until(fleet, lambda: fleet.backlog == 0 and fleet.settled)
        fleet.close()
        assert len(federation.stored()) == len(set(federation.stored())) == shared.counts["events"]


def test_outages_leave_rows_on_board_that_arrive_later(tmp_path: Path) -> None:
    with receiving(tmp_path) as (trusted, broker, federation):
        papers = papers_of(tmp_path / "papers", trusted, SOME)
        # A day in six seconds; half of it without network.
        outages = Outages(share=0.5, minutes=60)
        shared = shared_of(papers, broker.port, speed=4000, outages=outages)
        fleet = fleet_of(shared, SOME, Wanted(days=1))
        until(fleet, lambda: fleet.over, seconds=60)
        fleet.close()
        assert shared.counts["turns off the network"] > 12
        assert len(federation.stored()) == len(set(federation.stored())) == shared.counts["events"]
