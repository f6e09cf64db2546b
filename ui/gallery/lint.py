"""What is wrong with the screen that is up: cut words, small targets, what stands too near. No fix.

Reads the widgets as they are laid out; each fault is a tuple that begins with what is wrong.
"""

from collections.abc import Iterator
from typing import Any

from kivy.core.window import Window
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from .. import theme
from ..display import Profile
from ..widgets.surfaces import Press, Surface

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in pixels of the window."""
TARGET = 12.0
"""Millimetres."""


def faults(root: Widget, profile: Profile) -> Iterator[tuple[Any, ...]]:
    """Everything that is wrong below this widget on this panel."""
    yield from cut_words(root)
    yield from small_targets(root, profile)
    yield from overlaps(root, profile)


def cut_words(root: Widget) -> Iterator[tuple[Any, ...]]:
    """Words that leave their button, their card or the window, or are shortened."""
    for label in _all(root, Label):
        if not label.text or not is_shown(label):
            continue
        text = _text_box(label)
        if text[2] - text[0] > label.width + 1.5 or not _within(text, _sheet(label)):
            yield "is cut", label.text, text, _sheet(label)
        elif label.is_shortened:
            yield "is shortened", label.text


def small_targets(root: Widget, profile: Profile) -> Iterator[tuple[Any, ...]]:
    """Buttons that a finger misses, or that leave the window."""
    for button in _buttons(root):
        smallest = min(button.size) / profile.sharpness
        if smallest < TARGET:
            yield "is too small", _name(button), round(smallest, 1)
        if not _within(box(button), (0, 0, Window.width, Window.height)):
            yield "leaves the window", _name(button), box(button)


def overlaps(root: Widget, profile: Profile) -> Iterator[tuple[Any, ...]]:
    """Two targets need a finger's gap between them."""
    gap = theme.GAP * profile.density - 1
    boxes = [(button, box(button)) for button in _buttons(root)]
    for number, (one, a) in enumerate(boxes):
        for other, b in boxes[number + 1 :]:
            if a[0] - gap < b[2] and b[0] - gap < a[2] and a[1] - gap < b[3] and b[1] - gap < a[3]:
                yield "is too near", _name(one), _name(other)


def box(widget: Any) -> Box:
    """Where it is."""
    x, y = widget.to_window(*widget.pos)
    return x, y, x + widget.width, y + widget.height


def is_shown(widget: Any) -> bool:
    """Whether anybody can see it."""
    line = [widget, *_ancestors(widget)]
    return all(part.opacity and min(part.size) for part in line) and not any(
        box(part)[0] >= Window.width for part in line
    )


def _text_box(label: Any) -> Box:
    """Where the letters are."""
    width, height = label.texture_size
    x, y = label.to_window(label.center_x - width / 2, label.center_y - height / 2)
    return x, y, x + width, y + height


def _sheet(label: Any) -> Box:
    """What the letters must stay on: their button or card, else the window."""
    for parent in _ancestors(label):
        if isinstance(parent, Surface):
            return box(parent)
    return 0, 0, Window.width, Window.height


def _buttons(root: Widget) -> list[Any]:
    # *Aide* stands outside where there is none.
    return [each for each in _all(root, Press) if box(each)[0] < Window.width]


def _name(button: Any) -> str:
    return getattr(button, "text", "") or type(button).__name__


def _all(root: Widget, kind: type) -> Iterator[Any]:
    return (widget for widget in root.walk() if isinstance(widget, kind))


def _within(inner: Box, outer: Box) -> bool:
    """To a pixel."""
    return (
        inner[0] > outer[0] - 1
        and inner[1] > outer[1] - 1
        and inner[2] < outer[2] + 1
        and inner[3] < outer[3] + 1
    )


def _ancestors(widget: Any) -> Iterator[Any]:
    """From its parent up to the frame; the window is its own parent."""
    while widget.parent is not None and widget.parent.parent is not widget.parent:
        widget = widget.parent
        yield widget
