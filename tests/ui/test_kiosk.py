"""What the kiosk leaves to nobody: devices, keys, second fingers; and what an operator is told."""

from pathlib import Path

import pytest

from protocol.visits import CheckedIn
from tests.support import write_toml
from tests.ui.kit import WORDS, Bench, kept
from ui import cli
from ui.backlight import Backlight
from ui.models.light import AWAKE, DIM, light
from ui.models.panel import Panel

BEGIN, HOUSING, YES = WORDS["welcome.begin"], WORDS["door.logement"], WORDS["confirm.yes"]


def test_there_is_one_input_device_no_module_and_no_way_out() -> None:
    from kivy.config import Config

    assert Config.items("input") == [("mouse", "mouse,disable_multitouch")]
    assert Config.items("modules") == []
    assert Config.getint("kivy", "exit_on_escape") == 0


def test_every_key_is_swallowed(bench: Bench) -> None:
    f1, escape = 282, 27
    for key in (f1, escape, ord("e")):
        assert bench.window.dispatch("on_keyboard", key, 0, "", ["ctrl"])
    assert bench.window.dispatch("on_request_close")
    assert bench.at == "welcome"
    assert bench.app._app_settings is None


def test_no_key_of_a_keyboard_types_on_a_page_with_a_pad(bench: Bench) -> None:
    bench.desk.touch("staff")
    bench.pump()
    for digit in range(10):
        bench.window.dispatch("on_key_down", ord(str(digit)), 0, str(digit), [])
        bench.window.dispatch("on_textinput", str(digit))
    bench.pump()
    assert (bench.at, bench.desk.staff.pad.typed) == ("pin", "")


def test_the_wheel_and_the_other_buttons_of_a_mouse_open_nothing(bench: Bench) -> None:
    x, y = bench.centre(bench.find(BEGIN))
    bench.hand.seconds += 1
    bench.pump()
    for button in ("scrollup", "scrolldown", "scrollleft"):
        bench.touches(x, y, button=button)
    assert bench.at == "welcome"
    assert not bench.window.canvas.after.children


def test_a_second_finger_beside_the_first_presses_nothing(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.taps(HOUSING)
    bench.hand.seconds += 1
    first = bench.finger(*bench.centre(bench.find(YES)))
    bench.touches(*bench.centre(bench.find(WORDS["confirm.change"])))
    assert bench.at == "confirm"
    first.touch_up()
    bench.pump()
    assert kept(bench.folder) == [CheckedIn(number=1, door="logement", theme="logement")]


def test_a_finger_that_was_down_when_the_page_changed_keeps_nothing(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.taps(HOUSING)
    bench.hand.seconds += 1
    finger = bench.finger(*bench.centre(bench.find(YES)))
    bench.passes(40)
    assert bench.at == "still_there"
    finger.touch_up()
    bench.pump()
    assert (bench.at, kept(bench.folder)) == ("still_there", [])


def test_a_lock_that_is_held_is_not_opened_on_another_page(bench: Bench) -> None:
    from ui.widgets.scene import HeldLock

    (lock,) = bench.widgets(HeldLock)
    bench.hand.seconds += 1
    finger = bench.finger(*bench.centre(lock))
    bench.touches(*bench.centre(bench.find(BEGIN)))
    assert bench.at == "welcome"
    bench.desk.touch("begin")
    bench.hand.seconds += 4
    lock._tick(0)
    finger.touch_up()
    assert bench.at == "reasons"


def test_a_panel_that_nobody_touches_dims_and_the_first_touch_only_wakes_it(bench: Bench) -> None:
    place = bench.centre(bench.find(BEGIN))
    bench.passes(AWAKE - 1)
    assert bench.app.root.veil == 0
    bench.passes(1)
    assert bench.app.root.veil == 1 - DIM
    bench.touches(*place)
    bench.touches(*place)
    assert (bench.app.root.veil, bench.at) == (0, "welcome")
    bench.taps(BEGIN)
    assert bench.at == "reasons"


def test_a_panel_with_a_light_of_its_own_is_dimmed_by_it(bench: Bench, tmp_path: Path) -> None:
    panel = tmp_path / "backlight" / "panel"
    panel.mkdir(parents=True)
    (panel / "max_brightness").write_text("200")
    bench.desk.house.backlight = Backlight(panel.parent)
    bench.desk.house.set(brightness=8)
    bench.passes(AWAKE)
    assert (panel / "brightness").read_text() == "40"
    bench.touches(*bench.centre(bench.find(BEGIN)))
    assert ((panel / "brightness").read_text(), bench.at) == ("160", "welcome")
    assert bench.app.root.veil == 0


@pytest.mark.parametrize("screen", ["reasons", "driver", "staff", "thanks", "pin"])
def test_a_page_in_use_never_dims(screen: str) -> None:
    assert light(Panel(screen=screen), 10 * AWAKE) == 1
    assert light(Panel(language="ar"), 10 * AWAKE) == 1


def test_a_bad_configuration_is_told_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_toml(tmp_path / "unit.toml", {"unit": {"id": "van-test", "vehicule_name": "X"}})
    assert cli.main(["--config", str(config)]) == cli.NO_SETTINGS
    assert "did you mean vehicle_name?" in capsys.readouterr().err
