"""The screen against a bare Kivy window, in turns: start, redraw, memory, and what idling costs.

The bare window shows the page of doors too, on Kivy's own buttons, without a theme. Both are
processes of their own, of the same size, drawn by the same software GL without a display.
Redraws are timed to `glFinish`: without it the driver only queues them. Memory is what stands in
RAM once the page of doors has been drawn, ours with the welcome page before it.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REDRAWS = 60
STARTED = "ESCALE_BENCH_STARTED"
"""Environment: CLOCK_MONOTONIC when the process was asked for."""

AS_THE_SERVICE = {"MALLOC_TRIM_THRESHOLD_": "65536", "MALLOC_MMAP_THRESHOLD_": "65536"}
"""Memory that is freed is given back (systemd/escale-screen.service); for both windows here."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle", type=float, default=4.0, help="seconds watched in each round")
    parser.add_argument("--probe", choices=PROBES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.probe:
        PROBES[arguments.probe](arguments.idle)
        return
    told: dict[str, list[dict[str, float]]] = {name: [] for name in PROBES}
    for number in range(arguments.rounds):
        for name in sorted(PROBES, reverse=number % 2 == 1):
            told[name].append(probe(name, arguments.idle))
    report(told)


def probe(name: str, idle: float) -> dict[str, float]:
    """One process, measured from before it was begun."""
    environment = {**os.environ, **AS_THE_SERVICE, "SDL_VIDEODRIVER": "offscreen"}
    environment[STARTED] = repr(time.monotonic())
    command = [sys.executable, "-m", "benchmarks.screen", "--probe", name, "--idle", str(idle)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def report(told: dict[str, list[dict[str, float]]]) -> None:
    """Medians, their spread, and the ratio."""
    units = {
        "start": "s",
        "start_cpu": "s of a core",
        "redraw": "ms",
        "memory": "MB",
        "idle_cpu": "% of a core",
        "idle_frames": "frames",
    }
    for what, unit in units.items():
        ours, bare = ([one[what] for one in told[name]] for name in ("screen", "bare"))
        ratio = statistics.median(ours) / (statistics.median(bare) or 1)
        print(
            f"{what:12} {_spread(ours)} {unit}; bare Kivy {_spread(bare)}"
            + (f"; {ratio:.2f} times" if not what.startswith("idle") else "")
        )
    for what in ("welcome", "reasons", "confirm", "thanks", "driver"):
        print(f"redraw of {what:8} {_spread([one[what] for one in told['screen']])} ms")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def probe_bare(idle: float) -> None:
    """The page of doors on Kivy's own buttons: the same words and pictograms, no theme of ours."""
    _prepare()
    from kivy.app import App
    from kivy.core.window import Window
    from kivy.uix.boxlayout import BoxLayout
    from kivy.uix.button import Button
    from kivy.uix.gridlayout import GridLayout
    from kivy.uix.label import Label

    from ui import doors, theme
    from ui.text import catalogue

    words = catalogue.load("fr")

    class Door(Button):
        """A stock button with a pictogram on it."""

        def __init__(self, text: str, pictogram: str) -> None:
            super().__init__(text=text, font_size=26)
            icon = Label(font_name=theme.PICTOGRAMS, font_size=66, text=theme.glyph(pictogram))
            self.add_widget(icon)
            self.bind(center=lambda _, place: setattr(icon, "center", place))

    class Bare(App):
        def build(self) -> BoxLayout:
            Window.clearcolor = theme.PAPER
            page = BoxLayout(orientation="vertical", padding=20, spacing=12)
            head = BoxLayout(size_hint_y=None, height=64, spacing=12)
            head.add_widget(Button(text="<", size_hint_x=0.1))
            head.add_widget(Label(text=words["reasons.title"], font_size=36, color=theme.INK))
            head.add_widget(Door(words["help.ask"], "person_raised_hand"))
            grid = GridLayout(cols=4, spacing=12)
            row = BoxLayout(size_hint_y=None, height=68, spacing=12)
            for door in doors.DOORS:
                button = Door(words[f"door.{door.code}"], door.pictogram)
                (grid if door.is_theme else row).add_widget(button)
            for part in (head, grid, row):
                page.add_widget(part)
            return page

    app = Bare()
    _measure(app, idle, {"redraw": lambda: None})
    app.run()


def probe_screen(idle: float) -> None:
    """The program as `escale-screen` builds it."""
    _prepare()
    from appliance import config as unit_config
    from appliance.clock import BootClock
    from ui.app import EscaleApp, run
    from ui.desk import Desk
    from ui.models.panel import Panel
    from ui.text import catalogue

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "unit.toml"
        path.write_text(
            f'[unit]\nid = "van-bench"\n[paths]\ndata = "{folder}/data"\nrun = "{folder}/run"\n'
        )
        desk = Desk(unit_config.load(path), clock=BootClock())
        app = EscaleApp(desk, catalogue.load("fr"), stepped=lambda: False)

        def shows(screen: str) -> Callable[[], None]:
            def show() -> None:
                desk.panel = Panel(screen=screen, door="sante", number=12)
                app.show()

            return show

        names = ("reasons", "confirm", "thanks", "driver", "welcome")
        _measure(app, idle, {name: shows(name) for name in names})
        run(app)
        desk.close()


def _prepare() -> None:
    # On the card there is no numpy for sqlite-utils to find; it takes 12 MB.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    from ui import bootstrap
    from ui.display import PROFILES

    bootstrap.prepare(PROFILES["officiel-7"], fullscreen=False)


def _measure(app: Any, idle: float, screens: dict[str, Callable[[], None]]) -> None:
    """Times the first frame, redraws of each screen, then watches the window do nothing."""
    from kivy.clock import Clock
    from kivy.core.window import Window

    told: dict[str, float] = {}
    flips: list[float] = []

    def flipped(*_: object) -> None:
        flips.append(time.monotonic())
        if len(flips) == 1:
            told["start"] = flips[0] - float(os.environ[STARTED])
            told["start_cpu"] = _cpu()
            Clock.schedule_once(lambda _: turn(list(screens.items())), 0.5)

    def turn(left: list[tuple[str, Callable[[], None]]]) -> None:
        if not left:
            told.setdefault("redraw", told.get("reasons", 0))
            # Twice, since the redraws held the clock up: the last change must be over.
            Clock.schedule_once(lambda _: Clock.schedule_once(watch, 1.0), 0.1)
            return
        (name, show), *others = left
        show()
        Clock.schedule_once(lambda _: (time_page(name), turn(others)), 0.3)

    def time_page(name: str) -> None:
        told[name] = _redraws()
        # Of the first page alone: the bare window has no other.
        told.setdefault("memory", _memory())

    def watch(_elapsed: float) -> None:
        drawn, spent, began = len(flips), _cpu(), time.monotonic()

        def end(_elapsed: float) -> None:
            told["idle_frames"] = len(flips) - drawn
            told["idle_cpu"] = 100 * (_cpu() - spent) / (time.monotonic() - began)
            print(json.dumps(told), flush=True)
            app.stop()

        Clock.schedule_once(end, idle)

    Window.bind(on_flip=flipped)


def _redraws() -> float:
    from kivy.core.window import Window
    from kivy.graphics.opengl import glFinish

    times = []
    for _ in range(REDRAWS):
        began = time.perf_counter()
        Window.dispatch("on_draw")
        glFinish()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory() -> float:
    """Megabytes in RAM, those shared with other programs too."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


PROBES = {"bare": probe_bare, "screen": probe_screen}

if __name__ == "__main__":
    main()
