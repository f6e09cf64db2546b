"""What stands on the panel while there is no screen: which picture, and every byte of it."""

import time
from pathlib import Path

import pytest

from appliance import runtime
from appliance.panel_rules import Power
from tests.support import write_toml
from ui import frame_buffer, notice
from ui.display import PROFILES
from ui.picture import Picture

NOTICES = ("moment", "starting", "leaving", "trouble", "settings", "card")


def a_panel(folder: Path, wide: int, high: int, bits: int = 32, beside: int = 0) -> Path:
    """A frame buffer as the kernel tells of it; `beside`: bytes a line has beside its pixels."""
    told = folder / "fb0"
    told.mkdir()
    stride = wide * bits // 8 + beside
    for name, value in (
        ("virtual_size", f"{wide},{high}"),
        ("bits_per_pixel", str(bits)),
        ("stride", str(stride)),
    ):
        (told / name).write_text(f"{value}\n", encoding="ascii")
    device = folder / "device"
    device.write_bytes(b"\xaa" * stride * high)
    return device


def place(folder: Path, **settings: object) -> notice.Place:
    file = folder / "unit.toml"
    if settings:
        write_toml(file, {"screen": settings})
    panel = frame_buffer.Place(folder / "fb0", folder / "device")
    return notice.Place(file, folder, folder / "falls", panel=panel)


def drawn_for(name: str, panel: str) -> Picture:
    return Picture.read((notice.FOLDER / f"{name}-{panel}.png").read_bytes())


def as_written(picture: Picture) -> bytes:
    """Blue, green, red and nothing for each pixel."""
    colours = [
        picture.palette[at : at + 3][::-1] + b"\0" for at in range(0, len(picture.palette), 3)
    ]
    return b"".join(colours[pixel] for pixel in picture.pixels)


@pytest.mark.parametrize("panel", PROFILES)
@pytest.mark.parametrize("name", NOTICES)
def test_each_notice_is_drawn_for_each_panel(name: str, panel: str) -> None:
    picture = drawn_for(name, panel)
    assert (picture.wide, picture.high) == PROFILES[panel][:2]
    assert len(set(picture.pixels)) > 20, "there are letters on it"
    for edge in (0, picture.high - 1):
        assert len(set(picture.row(edge))) == 1, "nothing is cut off"


@pytest.mark.parametrize("panel", ["officiel-7", "touch-2", "dix-pouces"])
def test_a_panel_shows_its_own_picture_whole(tmp_path: Path, panel: str) -> None:
    device = a_panel(tmp_path, *PROFILES[panel][:2])
    assert notice.show("trouble", place(tmp_path))
    assert device.read_bytes() == as_written(drawn_for("trouble", panel))


def test_a_panel_that_stands_and_is_read_lying_shows_it_turned(tmp_path: Path) -> None:
    device = a_panel(tmp_path, 720, 1280)
    assert notice.show("card", place(tmp_path, panel="touch-2-paysage"))
    lying = drawn_for("card", "touch-2-paysage")
    assert device.read_bytes() == as_written(lying.turned(90))


def test_a_picture_turns_against_the_clock_as_kivy_turns_its_window() -> None:
    picture = Picture(3, 2, b"", b"abcdef")
    turned = {by: picture.turned(by) for by in (0, 90, 180, 270)}
    assert {by: each.pixels for by, each in turned.items()} == {
        0: b"abcdef", 90: b"cfbead", 180: b"fedcba", 270: b"daebfc",
    }  # fmt: skip
    assert (turned[90].wide, turned[90].high) == (2, 3)


def test_a_panel_hung_upside_down_shows_it_so(tmp_path: Path) -> None:
    device = a_panel(tmp_path, 800, 480)
    assert notice.show("moment", place(tmp_path, rotation=180))
    turned = drawn_for("moment", "officiel-7").turned(180)
    assert device.read_bytes() == as_written(turned)
    assert turned.turned(180) == drawn_for("moment", "officiel-7")


def test_a_panel_we_do_not_know_shows_the_largest_that_fits_in_its_middle(tmp_path: Path) -> None:
    device = a_panel(tmp_path, 1024, 600, beside=64)
    assert notice.show("moment", place(tmp_path))
    picture = drawn_for("moment", "officiel-7")
    lines = device.read_bytes()
    stride = 1024 * 4 + 64
    assert len(lines) == stride * 600
    middle = b"".join(lines[at * stride + 112 * 4 : at * stride + 912 * 4] for at in range(60, 540))
    assert middle == as_written(picture)
    assert lines[:4] == as_written(picture)[:4]  # its own ground around it


def test_a_panel_smaller_than_any_picture_shows_a_part(tmp_path: Path) -> None:
    device = a_panel(tmp_path, 480, 320)
    assert notice.show("moment", place(tmp_path))
    assert len(device.read_bytes()) == 480 * 320 * 4


def test_a_panel_of_sixteen_bits_has_the_nearest_colours(tmp_path: Path) -> None:
    device = a_panel(tmp_path, 800, 480, bits=16)
    assert notice.show("moment", place(tmp_path))
    word = int.from_bytes(device.read_bytes()[:2], "little")
    sky = drawn_for("moment", "officiel-7")
    red, green, blue = sky.palette[sky.pixels[0] * 3 :][:3]
    assert (word >> 11, word >> 5 & 63, word & 31) == (red >> 3, green >> 2, blue >> 3)


def test_a_machine_without_a_panel_is_told_by_the_exit_code(tmp_path: Path) -> None:
    assert notice.main(["notice", "starting"], place(tmp_path)) == 1
    a_panel(tmp_path, 800, 480)
    assert notice.main(["notice", "starting"], place(tmp_path)) == 0


def test_why_the_screen_is_not_there_decides_what_is_shown() -> None:
    once, often = [1.0], [1.0, 30.0, 60.0]
    assert notice.which("success", "0", [], has_data=True) == "moment"
    assert notice.which("exit-code", "1", once, has_data=True) == "moment"
    assert notice.which("exit-code", "1", often, has_data=True) == "trouble"
    assert notice.which("watchdog", "ABRT", often, has_data=True) == "trouble"
    assert notice.which("exit-code", "78", once, has_data=True) == "settings"
    assert notice.which("exit-code", "78", once, has_data=False) == "card"
    assert notice.which("success", "0", [], has_data=False) == "moment"


def test_a_unit_that_stops_says_goodbye_and_not_that_the_screen_comes_back(tmp_path: Path) -> None:
    here = place(tmp_path)._replace(vehicle=tmp_path / "vehicle.json")
    assert not notice.is_leaving(here, 100.0)
    runtime.publish(tmp_path, "vehicle", {"power": Power()})
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert not notice.is_leaving(here, now)
    runtime.publish(tmp_path, "vehicle", {"power": Power(shutdown="ignition")})
    assert notice.is_leaving(here, now)
    assert not notice.is_leaving(here, now + 100)
    assert notice.which("success", "0", [], has_data=True, leaving=True) == "leaving"
    assert notice.which("exit-code", "1", [1.0], has_data=True, leaving=True) == "moment"


def test_falls_of_long_ago_are_forgotten_and_a_folder_that_takes_nothing_too(
    tmp_path: Path,
) -> None:
    here = place(tmp_path)
    assert notice.fell(here, 100) == [100]
    assert notice.fell(here, 130) == [100, 130]
    assert notice.fell(here, 160) == [100, 130, 160]
    assert notice.fell(here, 5000) == [5000]
    here.falls.write_text("nonsense", encoding="ascii")
    assert notice.fell(here, 5100) == [5100]
    nowhere = here._replace(falls=tmp_path / "nowhere" / "falls")
    assert notice.fell(nowhere, 1) == notice.fell(nowhere, 1) == [1]


@pytest.mark.parametrize(
    "settings",
    ["", "[screen]", "screen = 1", "[screen]\npanel = 7", "[screen]\nrotation = 45", "\0"],
)
def test_settings_that_cannot_be_read_turn_nothing(tmp_path: Path, settings: str) -> None:
    (tmp_path / "unit.toml").write_text(settings, encoding="utf-8")
    assert notice.rotation(tmp_path / "unit.toml") == 0
