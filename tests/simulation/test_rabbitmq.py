"""Units unchanged at RabbitMQ: the same fleet, the same promises, ingest at its quorum queues."""

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulation.making import Wanted
from simulation.places import FLEET
from simulation.vehicles import many
from tests.rabbitmq import Cluster, Node, needs_rabbitmq
from tests.support import eventually
from tests.trusted import Trusted

from .chaos import UNITS, Chaos
from .fleet_bench import Federation, fleet_of, papers_of, shared_of, until

pytestmark = [needs_rabbitmq, pytest.mark.slow]

SOME = many(6, FLEET, seed=9)


class Door:
    """What chaos takes for its broker: three nodes, any of which dies; units come in by the first.

    It is never robbed of its memory: that is what the others are for.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.port = cluster.nodes[0].mqtt
        self._nodes, self._dice = cluster.nodes, random.Random(4)
        self._killed: Node = cluster.nodes[0]

    def kill(self) -> None:
        """kill -9 of one of them."""
        self._killed = self._dice.choice(self._nodes)
        self._killed.kill()

    def wipe(self) -> None:
        """Nothing."""

    def start(self) -> None:
        """The one that was killed comes back."""
        self._killed.start()


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[tuple[Trusted, Node, Federation]]:
    """One node, and ingest that listens to its queues."""
    trusted = Trusted()
    users = [*(vehicle.unit for vehicle in SOME), "service-ingest"]
    with Cluster(trusted, users) as cluster:
        node = cluster.nodes[0]
        made = Federation(tmp_path, node.amqp, trusted, kind="amqp")
        made.start()
        yield trusted, node, made
        made.kill()


def test_days_of_a_fleet_arrive_whole_through_quorum_queues(
    tmp_path: Path, federation: tuple[Trusted, Node, Federation]
) -> None:
    trusted, node, receiving = federation
    shared = shared_of(papers_of(tmp_path / "papers", trusted, SOME), node.mqtt)
    fleet = fleet_of(shared, SOME, Wanted(past=3, days=1, full=1, folder=tmp_path / "boxes"))
    until(fleet, lambda: shared.counts["rows receipted"] > 50)
    receiving.kill()
    until(fleet, lambda: fleet.backlog > 0)
    receiving.start()
    until(fleet, lambda: fleet.backlog == 0 and fleet.settled and fleet.online == len(SOME))
    fleet.close()
    stored = receiving.stored()
    assert len(stored) == len(set(stored)) >= shared.counts["events"]


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_a_hundred_rounds_of_kills_with_three_nodes_lose_and_double_nothing(
    tmp_path: Path,
) -> None:
    trusted = Trusted()
    with ExitStack() as parts:
        cluster = parts.enter_context(Cluster(trusted, [*UNITS, "service-ingest-0"], nodes=3))
        chaos = Chaos(
            tmp_path, Door(cluster), trusted, None, {"kind": "amqp", "port": cluster.nodes[1].amqp}
        )
        parts.callback(chaos.close)
        chaos.begin()
        eventually(lambda: chaos.in_ledger(), seconds=60, what="the first rows arrive")
        dice = random.Random(13)
        for _ in range(100):
            chaos.round(dice)
        outcome = chaos.settle()
    kills = f"{sum(outcome.kills.values())} kills {dict(outcome.kills)}"
    sys.stdout.write(f"{kills}, {outcome.promised} rows promised\n")
    assert (outcome.lost, outcome.doubled, outcome.changed) == (set(), [], [])
