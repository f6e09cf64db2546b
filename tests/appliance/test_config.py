"""One file, all its faults at once, in sentences a technician can act on."""

import re
from pathlib import Path

import msgspec
import pytest

from appliance import config
from appliance.errors import OperatorError
from protocol import toml_config
from tests.support import unit_config_file, write_toml


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    read = config.load(unit_config_file(tmp_path))
    assert (read.unit.id, read.unit.zone, read.broker.port) == (
        "van-germaine",
        "Europe/Paris",
        8883,
    )


def test_every_fault_is_told_in_one_go(tmp_path: Path) -> None:
    path = write_toml(
        tmp_path / "unit.toml",
        {
            "unit": {"id": "Van Germaine", "vehicle_nam": "x", "zone": "Mars/Phobos"},
            "brokr": {"port": 1883},
            "paths": {"data": 3},
            "broker": {"port": 99999, "keepalive": "soon"},
        },
    )
    with pytest.raises(OperatorError) as told:
        config.load(path)
    for fault in (
        "unknown section brokr, did you mean broker?",
        "unknown key vehicle_nam, did you mean vehicle_name?",
        "[unit] id = 'Van Germaine'",
        "[paths] data = 3: must be given in quotes",
        "[unit] zone = 'Mars/Phobos': no such time zone",
        "[broker] port = 99999",
        "[broker] keepalive = 'soon'",
    ):
        assert fault in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"[unit\n", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b'unit = "van"\n[paths]\ndata = "/x"\n', "[unit] must be a section"),
    ],
)
def test_a_file_that_is_none_gets_one_sentence(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "unit.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OperatorError, match=re.escape(sentence)):
        config.load(path)


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    path = write_toml(tmp_path / "unit.toml", {"unit": {"id": "van-germaine"}})
    with pytest.raises(OperatorError, match=r"\[paths\] data is missing"):
        config.load(path)


def test_every_value_of_a_wrong_type_is_one_fault(tmp_path: Path) -> None:
    sections = {
        section.name: {field.name: [[1]] for field in msgspec.structs.fields(section.type)}
        for section in msgspec.structs.fields(config.UnitConfig)
    }
    with pytest.raises(toml_config.ConfigError) as told:
        toml_config.load(write_toml(tmp_path / "unit.toml", sections), config.UnitConfig)
    assert len(told.value.faults) == sum(len(section) for section in sections.values())


def test_a_time_zone_must_exist(tmp_path: Path) -> None:
    path = unit_config_file(tmp_path, unit={"zone": "Europe/Lille"})
    with pytest.raises(OperatorError, match="no such time zone"):
        config.load(path)


def test_the_values_in_force_can_be_read_again(tmp_path: Path) -> None:
    first = config.load(unit_config_file(tmp_path, panel={"lamp": 27}))
    again = tmp_path / "again.toml"
    again.write_text(toml_config.effective(first), encoding="utf-8")
    assert config.load(again) == first
