"""Fetching the wanted system over a real TLS connection, whatever cuts it short."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import runtime
from appliance.config import UnitConfig
from appliance.disk import Limits
from appliance.update import fetch
from appliance.update.facts import Judgement, Release, Told, Wanted
from appliance.update.fetch import Edges
from appliance.update.folder import Folder
from appliance.update.ways import Way
from tests.appliance.update.file_server import FileServer
from tests.support import unit_config
from tests.trusted import Trusted

SIZE = 3_000_000
WIFI, MODEM = Way("", mobile=False), Way("", mobile=True)


@pytest.fixture
def content() -> bytes:
    return os.urandom(SIZE)


@pytest.fixture
def unit(tmp_path: Path, trusted: Trusted) -> UnitConfig:
    config = unit_config(tmp_path, paths={"update": str(tmp_path / "update")})
    trusted.identity_of("van-germaine", config.paths.data)
    config.paths.update.mkdir()
    return config


@pytest.fixture
def server(tmp_path: Path, trusted: Trusted, content: bytes) -> Iterator[FileServer]:
    with FileServer(tmp_path, trusted, content) as running:
        yield running


def the_federation_wants(unit: UnitConfig, server: FileServer, **changes: Any) -> Wanted:
    wanted = Wanted(
        **{
            "version": "0.5.1", "address": server.address, "size": len(server.content),
            "digest": hashlib.sha256(server.content).hexdigest(), "revision": 4, **changes,
        }
    )  # fmt: skip
    Folder(unit.paths.update).want(wanted)
    return wanted


def go(unit: UnitConfig, by: Way | None = WIFI, day: int = 20_000, **edges: Any) -> int:
    """One run, as the timer starts it."""
    told: dict[str, Any] = {
        "way": lambda: by, "rest": lambda _: None, "today": lambda: day,
        "release": lambda: Release("0.5.0", "abc"), "limits": Limits(0, 0), "stay": 0.0, **edges,
    }  # fmt: skip
    return fetch.run(unit, Edges(**told))


def bundle(unit: UnitConfig) -> bytes | None:
    path = unit.paths.update / "bundle.raucb"
    return path.read_bytes() if path.exists() else None


def part(unit: UnitConfig) -> int:
    path = unit.paths.update / "bundle.part"
    return path.stat().st_size if path.exists() else 0


def why(unit: UnitConfig) -> str:
    told = runtime.read(unit.paths.run, "fetch")
    assert told is not None
    return str(told["why"])


def news(unit: UnitConfig) -> list[Told]:
    return list(Folder(unit.paths.update).told())


def test_the_wanted_system_is_fetched_whole(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    wanted = the_federation_wants(unit, server)
    assert go(unit) == 0
    assert bundle(unit) == content
    came = Folder(unit.paths.update).came("bundle.raucb")
    assert came is not None
    assert (came.digest, came.version, came.revision) == (wanted.digest, "0.5.1", 4)
    assert go(unit) == 0
    assert server.asked == [0]


def test_connections_that_are_cut_go_on_where_they_were(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    the_federation_wants(unit, server)
    server.cut_after = 1_000_000
    assert go(unit) == 0
    assert bundle(unit) == content
    assert server.asked == [0, 1_000_000, 2_000_000]
    assert server.sent == SIZE


def test_a_restart_goes_on_where_it_was(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    the_federation_wants(unit, server)
    server.cut_after = 400_000
    rests = iter([None])

    def power_cut(_: float) -> None:
        if next(rests, "gone") == "gone":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(unit, rest=power_cut)
    assert part(unit) == 400_000
    server.cut_after = None
    assert go(unit) == 0
    assert bundle(unit) == content
    assert server.asked == [0, 400_000]


def test_a_server_without_ranges_is_asked_for_all_of_it_again(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    the_federation_wants(unit, server)
    server.ranges, server.cut_after = False, 1_000_000
    assert go(unit) == 1
    assert part(unit) == 1_000_000
    server.cut_after = None
    assert go(unit) == 0
    assert bundle(unit) == content
    assert set(server.asked) == {0}


def test_another_wanted_system_begins_anew(unit: UnitConfig, server: FileServer) -> None:
    the_federation_wants(unit, server)
    server.cut_after = 500_000
    server.before_each = lambda: setattr(server, "status", 503 if server.asked else None)
    assert go(unit) == 1
    assert part(unit) == 500_000
    server.content, server.cut_after, server.status = os.urandom(SIZE), None, None
    server.before_each = lambda: None
    the_federation_wants(unit, server, version="0.5.2")
    assert go(unit) == 0
    assert bundle(unit) == server.content
    assert server.asked == [0, 0]


def test_a_file_changed_meanwhile_is_fetched_once_more_and_then_good(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    the_federation_wants(unit, server)
    server.content = content[:1_000_000] + bytes(SIZE - 1_000_000)
    assert go(unit) == 1
    assert (bundle(unit), part(unit), news(unit)) == (None, 0, [])
    server.content = content
    assert go(unit) == 0
    assert bundle(unit) == content


def test_a_file_that_is_another_each_time_is_refused_and_told_once(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    the_federation_wants(unit, server)
    server.content = bytes(SIZE)
    assert [go(unit) for _ in range(4)] == [1, 1, 1, 1]
    assert bundle(unit) is None
    assert server.sent == 2 * SIZE
    (told,) = news(unit)
    assert (told.version, told.outcome) == ("0.5.1", "refused")
    assert told.reason == why(unit)
    # Published again, it is tried again.
    server.content = content
    the_federation_wants(unit, server, revision=5)
    assert go(unit) == 0
    assert bundle(unit) == content


@pytest.mark.parametrize(
    ("misbehaves", "sentence"),
    [
        ({"told_size": SIZE - 1}, f"has a file of {SIZE - 1} bytes there, {SIZE} were announced"),
        ({"status": 403}, "answers 403"),
        ({"status": 302}, "answers 302"),
        ({"headers": {"Content-Encoding": "gzip"}}, "another encoding"),
        ({"cut_after": 0}, "ended the connection"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_a_server_does_wrong_is_one_sentence(
    unit: UnitConfig, server: FileServer, misbehaves: dict[str, Any], sentence: str
) -> None:
    the_federation_wants(unit, server)
    for name, value in misbehaves.items():
        setattr(server, name, value)
    assert go(unit) == 1
    assert sentence in why(unit)
    assert why(unit).endswith(".")
    assert bundle(unit) is None


def test_a_server_that_is_not_of_our_root_gets_no_request(
    unit: UnitConfig, tmp_path: Path, content: bytes
) -> None:
    with FileServer(tmp_path / "other", Trusted(), content) as server:
        the_federation_wants(unit, server)
        assert go(unit) == 1
        assert server.asked == []
    assert "certificate" in why(unit)


def test_nobody_without_a_certificate_gets_it(
    unit: UnitConfig, tmp_path: Path, server: FileServer
) -> None:
    the_federation_wants(unit, server)
    Trusted().identity_of("van-germaine", tmp_path / "stranger")
    for name in ("key.pem", "certificate.pem"):
        other = tmp_path / "stranger" / "identity" / name
        (unit.paths.data / "identity" / name).write_bytes(other.read_bytes())
    assert go(unit) == 1
    assert server.asked == []


def test_over_4g_nothing_comes_unless_it_is_allowed(unit: UnitConfig, server: FileServer) -> None:
    the_federation_wants(unit, server)
    assert go(unit, MODEM) == 1
    assert server.asked == []
    assert "Wi-Fi" in why(unit)


def test_it_begins_as_soon_as_the_depots_wifi_is_there(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    the_federation_wants(unit, server)
    ways, waited = [None, MODEM, WIFI], list[str]()

    def rest(seconds: float) -> None:
        if seconds:
            waited.append(why(unit))

    assert go(unit, rest=rest, stay=60.0, way=lambda: ways.pop(0)) == 0
    assert bundle(unit) == content
    assert [sentence.split(":")[0] for sentence in waited] == [
        "there is no network", "the update waits for the depot's Wi-Fi",
    ]  # fmt: skip


def test_what_is_wanted_anew_meanwhile_is_what_is_fetched(
    unit: UnitConfig, server: FileServer
) -> None:
    the_federation_wants(unit, server, version="0.5.1", digest="ab" * 32)
    ways = [None, WIFI]

    def rest(seconds: float) -> None:
        if seconds:
            the_federation_wants(unit, server, version="0.5.2", revision=5)

    assert go(unit, rest=rest, stay=60.0, way=lambda: ways.pop(0)) == 0
    assert bundle(unit) == server.content
    Folder(unit.paths.update).want(Wanted(revision=6))
    assert go(unit) == 0
    assert bundle(unit) is None


def test_over_4g_a_days_allowance_is_kept_and_the_rest_comes_later(
    unit: UnitConfig, server: FileServer, content: bytes
) -> None:
    the_federation_wants(unit, server, mobile=True, mobile_megabytes=1)
    assert go(unit, MODEM) == 1
    assert part(unit) == 1_000_000
    assert "today's 1 MB over 4G are used" in why(unit)
    assert go(unit, MODEM) == 1
    assert part(unit) == 1_000_000
    assert go(unit, MODEM, day=20_001) == 1
    assert part(unit) == 2_000_000
    # A clock that went back gives nothing again; Wi-Fi is not counted.
    assert go(unit, MODEM, day=20_000) == 1
    assert part(unit) == 2_000_000
    assert go(unit, WIFI, day=20_001) == 0
    assert bundle(unit) == content


def test_what_a_power_cut_hides_is_counted_too(unit: UnitConfig, server: FileServer) -> None:
    the_federation_wants(unit, server, mobile=True, mobile_megabytes=2)
    server.cut_after = 300_000

    def power_cut(seconds: float) -> None:
        if server.asked:
            raise KeyboardInterrupt

    for _ in range(5):
        server.asked.clear()
        try:
            go(unit, MODEM, rest=power_cut)
        except KeyboardInterrupt:
            continue
    assert server.sent >= part(unit)
    assert part(unit) <= 2_000_000


def test_an_update_never_takes_the_last_room_on_the_card(
    unit: UnitConfig, server: FileServer
) -> None:
    the_federation_wants(unit, server)
    (unit.paths.update / "bundle.part").write_bytes(b"x" * 1000)
    assert go(unit, limits=Limits(low=2**60, full=0)) == 1
    assert server.asked == []
    assert "too full" in why(unit)
    assert part(unit) == 0


def test_what_is_running_already_is_not_fetched(unit: UnitConfig, server: FileServer) -> None:
    the_federation_wants(unit, server, version="0.5.0")
    (unit.paths.update / "bundle.part").write_bytes(b"x" * 1000)
    assert go(unit) == 0
    assert (server.asked, part(unit)) == ([], 0)


def test_nothing_wanted_leaves_nothing_behind(unit: UnitConfig, server: FileServer) -> None:
    the_federation_wants(unit, server)
    assert go(unit) == 0
    Folder(unit.paths.update).want(Wanted(revision=5))
    assert go(unit) == 0
    assert sorted(path.name for path in unit.paths.update.iterdir()) == ["wanted.json"]


def test_what_was_rolled_back_here_is_not_fetched_again(
    unit: UnitConfig, server: FileServer
) -> None:
    wanted = the_federation_wants(unit, server)
    judged = Judgement(version="0.5.1", outcome="rolled_back", revision=4)
    Folder(unit.paths.update).judge(wanted.digest, judged)
    assert go(unit) == 0
    assert server.asked == []
    assert "publish it again" in why(unit)
    the_federation_wants(unit, server, revision=5)
    assert go(unit) == 0
    assert bundle(unit) is not None


def test_without_a_network_without_identity_without_address_it_says_so(
    unit: UnitConfig, server: FileServer
) -> None:
    the_federation_wants(unit, server)
    assert go(unit, None) == 1
    assert "no network" in why(unit)
    the_federation_wants(unit, server, address="")
    assert go(unit) == 1
    assert "no https address" in why(unit)
    the_federation_wants(unit, server, digest="")
    assert go(unit) == 1
    assert "no size or digest" in why(unit)
    the_federation_wants(unit, server)
    (unit.paths.data / "identity" / "certificate.pem").unlink()
    assert go(unit) == 1
    assert "not enrolled" in why(unit)


def test_a_machine_without_slots_does_nothing(tmp_path: Path) -> None:
    config = unit_config(tmp_path, paths={"update": str(tmp_path / "none")})
    assert go(config) == 0


def test_the_wish_of_a_newer_federation_is_read_and_a_broken_one_is_none(unit: UnitConfig) -> None:
    path = unit.paths.update / "wanted.json"
    path.write_bytes(msgspec.json.encode({"version": "1", "later": True}))
    assert Folder(unit.paths.update).wanted == Wanted(version="1")
    for broken in (b"", b"{", b'{"version": 1}', b'{"version": "1", "digest": "zz"}'):
        path.write_bytes(broken)
        assert Folder(unit.paths.update).wanted is None


def test_a_link_in_the_place_of_a_file_is_not_followed(unit: UnitConfig, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (unit.paths.update / "pending.json.new").symlink_to(victim)
    Folder(unit.paths.update).want(Wanted(version="1"))
    (unit.paths.update / "wanted.json.new").symlink_to(victim)
    Folder(unit.paths.update).want(Wanted(version="2"))
    assert victim.read_text() == "kept"
