"""The driver's words, each heard once, in the order they were said."""

from pathlib import Path

from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.vehicle import words
from protocol.duty import Ended, Started
from protocol.event import Event, Key
from protocol.stops import Arrived, Departed


def a_speaker(data: Path, name: str, clock: SettableClock) -> Journal:
    return Journal.open(data / f"{name}.db", name=name, clock=clock)


def heard(data: Path, after: dict[str, Key], clock: SettableClock) -> list[tuple[str, str]]:
    found = words.fresh(data, after, clock.boot_id)
    for speaker, entry in found:
        after[speaker] = entry.key
    return [(speaker, entry.type) for speaker, entry in found]


def say(journal: Journal, clock: SettableClock, event: Event) -> None:
    clock.advance(1)
    journal.append(event)


def test_words_of_two_journals_come_in_the_order_they_were_said_and_once(tmp_path: Path) -> None:
    clock, after = SettableClock(), dict[str, Key]()
    screen, cli = (a_speaker(tmp_path, name, clock) for name in ("screen", "cli"))
    say(cli, clock, Started())
    say(screen, clock, Arrived(source="driver"))
    say(cli, clock, Departed(source="driver"))
    say(screen, clock, Ended())
    assert heard(tmp_path, after, clock) == [
        ("cli", "duty.started"),
        ("screen", "stop.arrived"),
        ("cli", "stop.departed"),
        ("screen", "duty.ended"),
    ]
    assert heard(tmp_path, after, clock) == []
    say(screen, clock, Started())
    assert heard(tmp_path, after, clock) == [("screen", "duty.started")]
    screen.close()
    cli.close()


def test_a_word_of_an_earlier_boot_comes_before_those_of_this_one(tmp_path: Path) -> None:
    clock = SettableClock(900_000)
    screen, cli = (a_speaker(tmp_path, name, clock) for name in ("screen", "cli"))
    say(screen, clock, Started())
    clock.reboot(10_000)
    say(cli, clock, Ended())
    assert heard(tmp_path, {}, clock) == [("screen", "duty.started"), ("cli", "duty.ended")]
    screen.close()
    cli.close()


def test_trials_and_stops_that_are_not_the_drivers_are_no_words(tmp_path: Path) -> None:
    clock = SettableClock()
    cli = a_speaker(tmp_path, "cli", clock)
    say(cli, clock, Started(trial=True))
    say(cli, clock, Arrived(source="gps"))
    say(cli, clock, Departed(source="both", stop=Key(1, 1)))
    assert heard(tmp_path, {}, clock) == []
    cli.close()


def test_journals_that_are_missing_or_damaged_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "screen.db").write_bytes(b"damaged" * 1000)
    assert heard(tmp_path, {}, SettableClock()) == []


def test_one_damaged_bit_in_a_body_costs_at_most_that_word(tmp_path: Path) -> None:
    clock = SettableClock()
    screen = a_speaker(tmp_path, "screen", clock)
    for event in (Started(trial=True), Arrived(source="driver"), Departed(source="driver")):
        say(screen, clock, event)
    screen.database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    screen.close()
    path = tmp_path / "screen.db"
    whole = path.read_bytes()
    bodies = [b'{"trial":true}', b'{"source":"driver"}']
    places = [whole.index(body) * 8 + bit for body in bodies for bit in range(len(body) * 8)]
    said = []
    for place in places:
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        said.append([entry.type for _, entry in words.fresh(tmp_path, {}, clock.boot_id)])
        with JournalReader.open(path) as reader:
            last = reader.latest(["stop.arrived", "stop.departed"])
        assert last is not None
    assert ["stop.arrived", "stop.departed"] in said
    assert all({"stop.arrived", "stop.departed"} & set(types) for types in said)
