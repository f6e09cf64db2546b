"""A rollout on real stores: what units report, what they are told, what a person decides."""

from collections.abc import Iterator

import msgspec
import pytest

from federation import outbox
from federation.config import Store
from federation.errors import OperatorError
from federation.updates import rollouts, stepping
from federation.updates.waves import SILENCE
from protocol.documents import Update
from tests.federation.updates.road import NEW, WANTED, Road

UNITS = ("van-a", "van-b", "van-c")


@pytest.fixture
def road(store: Store) -> Iterator[Road]:
    made = Road(store, *UNITS)
    yield made
    made.close()


def told(road: Road) -> dict[str, str]:
    """Unit → the version that its newest document wants; empty: none."""
    return {
        each.unit: msgspec.json.decode(each.body, type=Update).version
        for each in outbox.latest(road.store)
        if each.kind == "update"
    }


def test_nothing_is_told_while_nothing_is_rolled_out(road: Road) -> None:
    assert stepping.step(road.store, None, road.now) is None
    assert told(road) == {}


def test_the_first_unit_is_told_what_was_published_and_no_other_is(road: Road) -> None:
    road.begins()
    (item,) = outbox.latest(road.store)
    assert (item.unit, item.kind, item.revision) == ("van-a", "update", 1)
    assert msgspec.json.decode(item.body, type=Update) == WANTED
    assert road.rows()["van-a"].revision == 1


def test_a_step_that_is_taken_twice_says_nothing_twice(road: Road) -> None:
    road.begins()
    before = (road.rows(), list(outbox.latest(road.store)))
    road.steps()
    assert (road.rows(), list(outbox.latest(road.store))) == before


def test_a_person_chooses_the_first(road: Road) -> None:
    road.begins(first="van-c")
    assert told(road) == {"van-c": NEW}


def test_the_others_follow_when_it_lives_well_and_then_it_is_done(road: Road) -> None:
    road.begins()
    road.takes("van-a")
    road.steps()
    assert told(road) == dict.fromkeys(UNITS, NEW)
    for unit in UNITS[1:]:
        road.takes(unit)
    assert road.steps().state == "done"
    assert road.steps().state == "done"


def test_a_status_that_nobody_signed_opens_no_wave(road: Road) -> None:
    road.begins()
    for _ in range(5):
        road.speaks("van-a", NEW)
        road.steps()
        road.later()
    assert told(road) == {"van-a": NEW}
    road.reports("van-a", "applied")
    road.speaks("van-a", NEW)
    road.steps()
    assert told(road) == {"van-a": NEW}
    road.later()
    road.speaks("van-a", NEW)
    road.steps()
    assert told(road) == dict.fromkeys(UNITS, NEW)


def test_a_status_that_nobody_signed_keeps_no_document_from_being_taken_back(road: Road) -> None:
    road.begins()
    road.speaks("van-a", NEW)
    road.steps()
    stepping.stop(road.store, road.now)
    road.steps()
    assert told(road) == {"van-a": ""}


def test_a_failure_stops_it_and_what_nobody_took_is_withdrawn(road: Road) -> None:
    road.begins()
    road.takes("van-a")
    road.steps()
    road.reports("van-b", "rolled_back", "the screen drew nothing")
    rollout = road.steps()
    assert (rollout.state, rollout.stop, rollout.stop_unit) == ("stopped", "rolled_back", "van-b")
    assert rollout.stop_reason == "the screen drew nothing"
    assert told(road) == {"van-a": NEW, "van-b": "", "van-c": ""}
    road.later()
    road.steps()
    assert told(road) == {"van-a": NEW, "van-b": "", "van-c": ""}


def test_a_reason_that_no_text_can_hold_stops_nothing_but_the_rollout(road: Road) -> None:
    road.begins()
    road.reports("van-a", "refused", "no\0room")
    assert road.steps().stop == "refused"
    assert road.rows()["van-a"].reason == "no\N{REPLACEMENT CHARACTER}room"


def test_what_it_said_last_counts(road: Road) -> None:
    road.begins()
    road.reports("van-a", "applied")
    road.reports("van-a", "rolled_back")
    assert road.steps().stop == "rolled_back"


def test_an_event_of_another_version_or_of_before_is_none_of_its(road: Road) -> None:
    road.reports("van-a", "refused", "yesterday")
    road.later()
    road.begins()
    road.reports("van-a", "rolled_back", version="0.4.9")
    assert road.steps().state == "running"


def test_a_new_trouble_stops_it_and_one_that_was_there_before_does_not(road: Road) -> None:
    road.speaks("van-a", trouble=True)
    road.begins()
    road.takes("van-a", trouble=True)
    assert road.steps().state == "running"
    road.takes("van-b", trouble=True)
    assert road.steps().stop == "trouble"
    assert (road.rows()["van-b"].reason, told(road)["van-c"]) == ("disk", "")


def test_a_person_lets_it_go_on_without_the_one_that_failed(road: Road) -> None:
    road.begins()
    road.reports("van-a", "refused", "no room")
    road.steps()
    stepping.resume(road.store, road.now, retry=False)
    road.steps()
    assert told(road) == {"van-a": "", "van-b": NEW}
    assert road.rows()["van-a"].aside


def test_or_tries_it_again(road: Road) -> None:
    road.begins()
    road.reports("van-a", "refused", "no room")
    road.steps()
    road.later()
    stepping.resume(road.store, road.now, retry=True)
    road.steps()
    assert told(road) == {"van-a": NEW}
    assert road.rows()["van-a"].revision == 3


def test_a_person_stops_it_and_lets_it_go_on(road: Road) -> None:
    road.begins()
    stepping.stop(road.store, road.now)
    assert road.steps().stop == "person"
    assert told(road) == {"van-a": ""}
    stepping.resume(road.store, road.now, retry=False)
    assert road.steps().stop == ""
    assert told(road) == {"van-a": NEW}


def test_whoever_took_it_all_the_same_counts(road: Road) -> None:
    road.begins()
    stepping.stop(road.store, road.now)
    road.steps()
    road.takes("van-a")
    stepping.resume(road.store, road.now, retry=False)
    road.steps()
    assert told(road)["van-b"] == NEW


def test_mobile_data_is_allowed_to_those_that_have_not_taken_it(road: Road) -> None:
    road.begins()
    stepping.allow_mobile(road.store, road.now)
    road.steps()
    (item,) = outbox.latest(road.store)
    assert msgspec.json.decode(item.body, type=Update) == msgspec.structs.replace(
        WANTED, mobile=True
    )
    assert road.rows()["van-a"].revision == 2


def test_without_the_key_a_failure_still_stops_it_and_nobody_is_told(road: Road) -> None:
    stepping.begin(road.store, WANTED, "", "claire", road.now)
    stepping.step(road.store, None, road.now)
    assert told(road) == {}
    road.steps()
    road.reports("van-a", "refused")
    rollout = stepping.step(road.store, None, road.now)
    assert rollout is not None
    assert rollout.state == "stopped"
    assert told(road) == {"van-a": NEW}
    road.steps()
    assert told(road) == {"van-a": ""}


def test_another_one_begins_only_after_a_stop_and_takes_back_what_the_former_told(
    road: Road,
) -> None:
    road.begins()
    with pytest.raises(OperatorError, match=r"0.5.1 is on its way to the units: stop that first"):
        stepping.begin(road.store, WANTED, "", "claire", road.now)
    stepping.stop(road.store, road.now)
    newer = msgspec.structs.replace(WANTED, version="0.5.2")
    stepping.begin(road.store, newer, "van-b", "claire", road.now)
    road.steps()
    assert told(road) == {"van-a": "", "van-b": "0.5.2"}
    with pytest.raises(OperatorError, match="no update is stopped"):
        stepping.resume(road.store, road.now, retry=False)


def test_a_unit_that_is_not_heard_is_told_last_and_blocks_nobody(road: Road) -> None:
    road.later(SILENCE + 1)
    road.speaks("van-b")
    road.begins()
    assert told(road) == {"van-b": NEW}
    road.later(SILENCE + 1)
    road.speaks("van-c")
    road.steps()
    assert told(road) == {"van-b": NEW, "van-c": NEW}


def test_who_only_looks_sees_the_same(road: Road) -> None:
    assert rollouts.read(road.store) is None
    begun = road.begins()
    known = rollouts.read(road.store)
    assert known is not None
    assert known[0] == begun
