"""Topic names: one function each way, and nothing else passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import topics
from protocol.errors import ProtocolError
from protocol.topics import Address

UNITS = st.from_regex(topics.UNIT_ID, fullmatch=True)
UP = st.sampled_from(["batch", "link", "status", "request"])
DOWN = st.sampled_from(["receipt", "certificate"]) | st.from_regex(
    r"document/[a-z_]{1,32}", fullmatch=True
)


@given(UNITS, UP)
def test_what_goes_up_reads_back_and_is_seen_by_its_partition_alone(unit: str, what: str) -> None:
    topic = topics.up(unit, what)
    assert topics.parse_up(topic) == Address(unit, what)
    seen = [number for number in range(topics.PARTITIONS) if matches(topics.all_up(number), topic)]
    assert seen == [topics.partition(unit)]
    with pytest.raises(ProtocolError):
        topics.parse_down(topic)


@given(UNITS, DOWN)
def test_what_comes_down_reads_back_and_is_seen_by_its_unit(unit: str, what: str) -> None:
    topic = topics.down(unit, what)
    assert topics.parse_down(topic) == Address(unit, what)
    assert matches(topics.all_down(unit), topic)
    assert not matches(topics.all_down("another-unit"), topic)
    with pytest.raises(ProtocolError):
        topics.parse_up(topic)


def test_partitions_are_what_they_were_in_every_release() -> None:
    assert topics.up("van-germaine", "batch") == "escale/v1/05/van-germaine/up/batch"
    used = {topics.partition(f"van-{number}") for number in range(400)}
    assert used == set(range(topics.PARTITIONS))


@pytest.mark.parametrize(
    ("unit", "what"),
    [
        ("van", "mail"), ("VAN", "batch"), ("v", "batch"), ("van+", "batch"), ("van/x", "batch"),
        ("x" * 27, "batch"), ("", "batch"), ("van\n", "batch"), ("van", "batch\n"), ("van", ""),
    ],
)  # fmt: skip
def test_a_name_that_is_none_is_never_made(unit: str, what: str) -> None:
    with pytest.raises(ProtocolError):
        topics.up(unit, what)


@pytest.mark.parametrize(
    "topic",
    [
        "", "escale/v1/07/van-germaine/up", "escale/v2/05/van-germaine/up/batch",
        "escale/v1/06/van-germaine/up/batch", "escale/v1/99/van-germaine/up/batch",
        "/escale/v1/05/van-germaine/up/batch", "escale/v1/TT/van-germaine/up/batch/x",
        "escale/v1/05/van-germaine/up/batch\n", "escale/v1/+/van-germaine/up/batch",
    ],
)  # fmt: skip
def test_a_topic_that_is_none_or_of_another_partition_is_refused(topic: str) -> None:
    with pytest.raises(ProtocolError):
        topics.parse_up(topic)


def test_digits_of_another_script_are_no_partition() -> None:
    unit = next(f"van-{n}" for n in range(99) if topics.partition(f"van-{n}") == 7)
    assert topics.parse_up(f"escale/v1/07/{unit}/up/batch").unit == unit
    with pytest.raises(ProtocolError):
        topics.parse_up(f"escale/v1/٠٧/{unit}/up/batch")


def matches(pattern: str, topic: str) -> bool:
    """MQTT's filter rules, by level."""
    wanted, given_levels = pattern.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        given_levels = given_levels[: len(wanted)]
    return len(wanted) == len(given_levels) and all(
        one in ("+", two) for one, two in zip(wanted, given_levels, strict=True)
    )
