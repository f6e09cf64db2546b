"""The small set of widgets all screens are made of. Knows no screen and no event.

Importing this package makes them known to every `.kv` file.
"""

from . import (
    bar,
    buttons,
    header,
    keypad,
    layout,
    night,
    scene,
    staff_header,
    strip,
    surfaces,
    text,
)

__all__ = [
    "bar",
    "buttons",
    "header",
    "keypad",
    "layout",
    "night",
    "scene",
    "staff_header",
    "strip",
    "surfaces",
    "text",
]
