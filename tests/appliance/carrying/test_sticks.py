"""A USB stick is found, whatever else is plugged in; what is more than a stick is not one."""

from pathlib import Path

import pytest

from appliance.carrying import sticks as model
from appliance.carrying.sticks import NoStick, Stick
from tests.appliance.carrying.conftest import SIZE, Sticks


def found(sticks: Sticks) -> Stick:
    return model.only_one(sticks.sys, mounts=sticks.mounts)


def why_none(sticks: Sticks) -> str:
    with pytest.raises(NoStick) as none:
        found(sticks)
    return none.value.why


def test_the_stick_is_found_beside_the_unit_s_own_card(sticks: Sticks) -> None:
    sticks.card()
    assert why_none(sticks) == "none"
    sticks.plug("sda", parts={"sda1": SIZE // 2})
    assert found(sticks) == Stick(Path("/dev/sda1"), SIZE // 2)


def test_of_several_partitions_the_largest_is_taken_and_without_any_the_whole(
    sticks: Sticks,
) -> None:
    sticks.plug("sda", parts={"sda1": 1024, "sda2": SIZE // 2})
    assert found(sticks).device == Path("/dev/sda2")


def test_a_stick_without_partitions_is_taken_whole(sticks: Sticks) -> None:
    sticks.plug("sdb")
    assert found(sticks).device == Path("/dev/sdb")


@pytest.mark.parametrize("other", ["03", "02", "0e", "ff"])
def test_a_stick_that_is_a_keyboard_as_well_is_refused(sticks: Sticks, other: str) -> None:
    sticks.plug("sda", "08", other)
    assert why_none(sticks) == "unfit"


def test_a_reader_without_a_card_is_no_stick(sticks: Sticks) -> None:
    sticks.plug("sda", size=0)
    assert why_none(sticks) == "unfit"
    sticks.plug("sdb")
    assert found(sticks).device == Path("/dev/sdb")


def test_of_two_sticks_none_is_guessed(sticks: Sticks) -> None:
    sticks.plug("sda")
    sticks.plug("sdb")
    assert why_none(sticks) == "several"


def test_the_disk_that_the_unit_itself_started_from_is_no_stick(sticks: Sticks) -> None:
    sticks.plug("sda", parts={"sda1": 1024, "sda2": SIZE})
    sticks.mount("sda1")
    assert why_none(sticks) == "none"
    sticks.plug("sdb")
    assert found(sticks).device == Path("/dev/sdb")


def test_nor_is_one_that_something_else_is_made_of(sticks: Sticks) -> None:
    """An encrypted root: what is mounted is not the partition."""
    sticks.plug("sda", parts={"sda1": SIZE})
    (sticks.sys / "class/block/sda1/holders/dm-0").mkdir(parents=True)
    assert why_none(sticks) == "none"


def test_what_this_machine_has_mounted_can_be_read(sticks: Sticks) -> None:
    sticks.plug("sdz")
    assert model.only_one(sticks.sys).device == Path("/dev/sdz")
