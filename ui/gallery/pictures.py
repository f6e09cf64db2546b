"""Pictures of each scene, drawn without a display. Touches no journal but its own, thrown away.

`bootstrap.prepare` must have run, with `SDL_VIDEODRIVER=offscreen`, before this is imported.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
from kivy.graphics.texture import Texture

from appliance.config import UnitConfig

from . import aloud, attendance, driver, staff, unit, visitor, workshops
from .contrast import Drawn
from .scene import Scene
from .stage import Stage

GALLERY: dict[str, tuple[Scene, ...]] = {
    "visitor": visitor.SCENES,
    "workshops": workshops.SCENES,
    "aloud": aloud.SCENES,
    "driver": driver.SCENES,
    "staff": staff.SCENES,
    "attendance": attendance.SCENES,
    "unit": unit.SCENES,
}
"""By kind of page."""
SCENES = tuple(scene for scenes in GALLERY.values() for scene in scenes)


def shoot(config: UnitConfig, folder: Path) -> Iterator[Path]:
    """Writes one PNG per scene, yields their paths."""
    with tempfile.TemporaryDirectory() as scratch:
        stage = Stage(config, Path(scratch))
        for scene in SCENES:
            stage.arrange(scene.arrange)
            yield picture(folder / f"{scene.name}.png")
        stage.close()


def picture(path: Path) -> Path:
    """Keeps what the window shows."""
    texture = Texture.create(size=Window.size)
    texture.blit_buffer(drawn().pixels, colorfmt="rgba", bufferfmt="ubyte")
    texture.save(str(path), flipped=True)
    return path


def drawn() -> Drawn:
    """The next frame, read just before it is turned over."""
    taken: list[Drawn] = []

    def take(*_: object) -> None:
        pixels = glReadPixels(0, 0, *Window.size, GL_RGBA, GL_UNSIGNED_BYTE)
        taken.append(Drawn(pixels, *Window.size))

    Window.bind(on_flip=take)
    Window.canvas.ask_update()
    EventLoop.idle()
    Window.unbind(on_flip=take)
    return taken[0]
