"""A panel without a desktop, in memory: one finger put down where a square is drawn, on the glass.

`python -m tests.ui.bare_panel DRIVER KIND [ROTATION]` prints how the page lies and how often the
square was pressed. SDL draws in memory; touches are events of Kivy's reader of panels.
"""

import os
import sys

from ui import bootstrap
from ui.display import PROFILES


def main(driver: str, kind: str, rotation: int | None) -> None:
    os.environ["SDL_VIDEODRIVER"] = driver
    bootstrap.prepare(PROFILES[kind], fullscreen=False, rotation=rotation)
    os.environ["SDL_VIDEODRIVER"] = "offscreen"  # this machine has no panel
    from kivy.config import Config

    if kind == "touch-2-paysage":
        # The glass itself stands, which on a real one SDL finds out.
        Config.set("graphics", "width", "720")
        Config.set("graphics", "height", "1280")
    from kivy.app import App
    from kivy.base import EventLoop
    from kivy.core.window import Window
    from kivy.graphics import Color, Rectangle
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
    from kivy.input.factory import MotionEventFactory
    from kivy.input.providers.mtdev import MTDMotionEvent
    from kivy.uix.widget import Widget

    class Square(Widget):
        pressed = 0

        def on_touch_down(self, touch):
            self.pressed += self.collide_point(*touch.pos)
            return True

    class Page(App):
        def build(self):
            square = Square(size_hint=(None, None), size=(60, 60))
            square.pos = (Window.width - 160, 80)
            with square.canvas:
                Color(1, 0, 0)
                Rectangle(pos=square.pos, size=square.size)
            return square

    page = Page()
    page._run_prepare()
    wide, high = Window.system_size
    found: list[int] = []

    def take(*_: object) -> None:
        pixels = glReadPixels(0, 0, wide, high, GL_RGBA, GL_UNSIGNED_BYTE)
        found[:] = [at for at in range(0, len(pixels), 4) if pixels[at : at + 3] == b"\xff\0\0"]

    Window.bind(on_flip=take)
    for _ in range(4):
        Window.canvas.ask_update()
        EventLoop.idle()
    (left, low), (right, high_up) = (divmod(found[end] // 4, wide)[::-1] for end in (0, -1))
    x, y = (left + right) / 2, (low + high_up) / 2
    at = {"x": x / wide, "y": y / high}
    finger = MTDMotionEvent("touch", 1, {**at, "pressure": 1})
    for what in ("begin", "end"):
        EventLoop.post_dispatch_input(what, finger)
    known = [MotionEventFactory.get(value.split(",")[0]) for _, value in Config.items("input")]
    told = [each.__name__ for each in known], [Window.width, Window.height], page.root.pressed
    sys.stdout.write(" ".join(str(each) for each in told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)
