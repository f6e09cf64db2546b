"""What a person on board is told of the sending, and the code that is typed there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import runtime
from appliance.clock import Anchor
from appliance.errors import OperatorError
from appliance.identity import store, typed_code
from appliance.twins.clock import SettableClock
from appliance.uplink.report import Waiting, waiting
from appliance.vehicle.store import VehicleStore
from protocol import enrolment
from tests.appliance.uplink.conftest import Unit
from tests.appliance.uplink.small_ledger import SmallLedger
from tests.appliance.uplink.test_papers import UNIT, Authority, bundle, sent
from tests.support import Mosquitto, unit_config
from tests.trusted import Trusted

NOON = 1_795_694_400_000


@pytest.fixture
def authority(broker: Mosquitto, trusted: Trusted) -> Iterator[Authority]:
    running = Authority(broker, trusted)
    yield running
    running.close()


@pytest.fixture
def blank(broker: Mosquitto, trusted: Trusted, tmp_path: Path) -> Iterator[Unit]:
    """A unit with its bundle, whose code nobody has typed."""
    running = Unit(unit_config(tmp_path, broker={"port": broker.port}), None)
    bundle(trusted, running.config.paths.data)
    yield running
    running.close()


def says(unit: Unit) -> dict[str, object]:
    """The uplink's word."""
    for _ in range(3):
        unit.skew += 3
        unit.step()
    told = runtime.read(unit.config.paths.run, "uplink")
    assert told is not None
    return told


def the_gps_tells(unit: Unit, utc: int) -> None:
    vehicle, clock = unit.journal("vehicle"), unit.clock
    with vehicle.atomic():
        anchor = Anchor(clock.boot_id, clock.boottime(), utc, "gps", 10)
        VehicleStore(vehicle).keep_anchor(anchor)


def test_a_code_typed_on_the_screen_enrols_the_unit(
    blank: Unit, ledger: SmallLedger, authority: Authority
) -> None:
    run, data = blank.config.paths.run, blank.config.paths.data
    blank.write(5)
    assert says(blank)["enrolment"] == "refused"  # it has nothing to prove itself by
    code = enrolment.new_code()
    typed_code.give(run, enrolment.printed(code).lower())
    assert (run / typed_code.FILE).stat().st_mode & 0o777 == 0o640
    blank.run_until(lambda: sent(blank, ledger))
    assert enrolment.proves(enrolment.code_key(code, UNIT), authority.enrolments[-1])
    assert says(blank)["enrolment"] == "enrolled"
    assert not (run / typed_code.FILE).exists()
    assert not (data / "identity" / store.CODE).exists()


def test_a_unit_without_a_bundle_says_that_it_has_none(broker: Mosquitto, tmp_path: Path) -> None:
    bare = Unit(unit_config(tmp_path, broker={"port": broker.port}), None)
    assert says(bare)["enrolment"] == "none"
    bare.close()


def test_what_is_no_code_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="printed sheet"):
        typed_code.give(tmp_path, "1234")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OperatorError, match="cannot write"):
        typed_code.give(tmp_path / "nowhere", enrolment.new_code())


def test_what_others_leave_there_is_taken_away_and_believed_in_nothing(tmp_path: Path) -> None:
    (tmp_path / typed_code.FILE).write_bytes(b"\xffhello")
    assert typed_code.take(tmp_path, tmp_path / "data") is False
    assert list(tmp_path.iterdir()) == []


def test_no_link_is_followed_and_no_pipe_waited_for_where_a_code_may_lie(tmp_path: Path) -> None:
    (tmp_path / "code").write_text(enrolment.new_code())
    (tmp_path / typed_code.FILE).symlink_to(tmp_path / "code")
    assert typed_code.take(tmp_path, tmp_path / "data") is False
    os.mkfifo(tmp_path / typed_code.FILE)
    assert typed_code.take(tmp_path, tmp_path / "data") is False
    assert [path.name for path in tmp_path.iterdir()] == ["code"]


def test_a_typed_code_waits_while_the_card_takes_nothing(tmp_path: Path) -> None:
    typed_code.give(tmp_path, enrolment.new_code())
    in_the_way = tmp_path / "data" / "identity" / store.CODE
    in_the_way.mkdir(parents=True)
    with pytest.raises(OperatorError):
        typed_code.take(tmp_path, tmp_path / "data")
    in_the_way.rmdir()
    assert typed_code.take(tmp_path, tmp_path / "data")
    assert not (tmp_path / typed_code.FILE).exists()


def test_a_code_that_an_enrolled_unit_is_given_lies_nowhere(unit: Unit) -> None:
    says(unit)
    typed_code.give(unit.config.paths.run, enrolment.new_code())
    assert says(unit)["enrolment"] == "enrolled"
    assert not (unit.config.paths.run / typed_code.FILE).exists()


def test_a_link_that_is_down_tells_its_kind(unit: Unit, broker: Mosquitto) -> None:
    broker.kill()
    assert (says(unit)["link"], says(unit)["cause"]) == ("down", "broker")


def test_what_waits_is_counted_with_its_oldest_and_the_last_sending(
    unit: Unit, ledger: SmallLedger
) -> None:
    config, clock = unit.config, unit.clock
    assert waiting(config, clock).sent is None
    the_gps_tells(unit, NOON)
    unit.write(3)
    clock.advance(60)
    assert waiting(config, clock)[:2] == (3, NOON + 1000)
    unit.run_until(lambda: sent(unit, ledger))
    rest = waiting(config, clock)
    assert (rest.rows, rest.since) == (0, None)
    assert rest.sent is not None
    assert rest.sent >= NOON + 60_000


def test_a_unit_that_never_ran_has_nothing_waiting(tmp_path: Path) -> None:
    assert waiting(unit_config(tmp_path), SettableClock()) == Waiting(0, None, None)
