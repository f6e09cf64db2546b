"""What a technician gets of the logs: the last lines of our services, without anything personal."""

import json
import sys
from pathlib import Path

from appliance.carrying import errands, report
from tests.support import unit_config


def entry(
    said: object, unit: str = "escale-uplink.service", second: int = 61, **more: str
) -> bytes:
    told = {"_SYSTEMD_UNIT": unit, "MESSAGE": said, "__MONOTONIC_TIMESTAMP": f"{second}000000"}
    return json.dumps(told | more).encode()


def test_a_line_says_who_when_and_what() -> None:
    assert report.tail([entry("no answer from broker:8883")]) == [
        "uplink 61: no answer from broker:8883"
    ]


def test_other_programs_are_not_told_of_but_systemd_s_word_on_ours_is() -> None:
    entries = [
        entry("somebody logged in", unit="ssh.service"),
        entry("Main process exited", unit="init.scope", UNIT="escale-screen.service"),
        entry("Main process exited", unit="init.scope", UNIT="ssh.service"),
    ]
    assert report.tail(entries) == ["screen 61: Main process exited"]


def test_what_looks_like_a_number_or_an_address_of_a_person_is_taken_out() -> None:
    said = "called 06 12 34 56 78 and +33612345678, wrote to aicha@example.org, seq 1024, 8883"
    (line,) = report.tail([entry(said)])
    assert line == "uplink 61: called … and …, wrote to … seq 1024, 8883"


def test_numbers_are_taken_out_however_they_are_written() -> None:
    (line,) = report.tail([entry("06/12/34/56/78, +33 (0)6 12 34 56 78")])
    assert line == "uplink 61: …, …"


def test_of_a_mistake_its_kind_alone_is_told() -> None:
    """What follows may be what somebody typed."""
    entries = [entry("ValueError: invalid literal: 'Aïcha'"), entry("E.SealError: Aïcha\nmore")]
    assert report.tail(entries) == ["uplink 61: ValueError: …", "uplink 61: E.SealError: …"]


def test_only_the_last_lines_are_told_each_once_and_none_too_long() -> None:
    entries = [entry(f"line {number} " + "x" * 500) for number in range(100) for _ in range(3)]
    told = report.tail(entries)
    assert len(told) == report.LINES
    assert told[-1].startswith("uplink 61: line 99")
    assert {len(line) for line in told} == {report.LINE}


def test_what_is_no_entry_is_left_out_and_bytes_are_read() -> None:
    entries = [b"not json", b"[]", b"{}", entry(list(b"caf\xe9\n\x1b[1m")), entry(None)]
    assert report.tail(entries) == ["uplink 61: caf� [1m", "uplink 61: None"]


def test_the_screen_asks_and_is_answered(tmp_path: Path) -> None:
    config = unit_config(tmp_path)
    config.paths.run.mkdir()
    log = tmp_path / "log"
    log.write_bytes(entry("hello") + b"\n")
    assert report.run(config, ["cat", str(log)]) == 0  # nobody asked
    wish = errands.ask(config.paths.run, "report")
    report.run(config, ["cat", str(log)])
    told = errands.answered(config.paths.run, "report", wish)
    assert told is not None
    assert (told["state"], told["lines"]) == ("done", ["uplink 61: hello"])
    assert errands.answered(config.paths.run, "report", "another") is None


def test_a_machine_without_a_log_answers_all_the_same(tmp_path: Path) -> None:
    config = unit_config(tmp_path)
    config.paths.run.mkdir()
    wish = errands.ask(config.paths.run, "report")
    assert report.run(config, [str(Path(sys.prefix) / "no-such-program")]) == 0
    told = errands.answered(config.paths.run, "report", wish)
    assert told is not None
    assert told["lines"] == ["report: the log cannot be read: No such file or directory"]


def test_a_log_that_could_not_be_read_to_its_end_says_so(tmp_path: Path) -> None:
    config = unit_config(tmp_path)
    config.paths.run.mkdir()
    log = tmp_path / "log"
    log.write_bytes(b"\n".join(entry(f"line {number}") for number in range(60)))
    wish = errands.ask(config.paths.run, "report")
    report.run(config, ["cat", str(log), str(tmp_path / "nothing")])
    told = errands.answered(config.paths.run, "report", wish)
    assert told is not None
    assert len(told["lines"]) == report.LINES
    assert told["lines"][-2] == "uplink 61: line 59"
    assert told["lines"][-1].startswith("report: the log cannot be read: cat: ")
