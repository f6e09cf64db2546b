"""What is wrong with the screen that is up: cut words, small targets, what lies on what. No fix.

Reads the widgets as they are laid out; each fault is a tuple that begins with what is wrong.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from kivy.core.window import Window
from kivy.uix.widget import Widget

from .. import theme
from ..display import Profile
from ..widgets.surfaces import Press, Surface
from .letters import Box, box, lost_words, shown, text_box, written

TARGET = 12.0
"""Millimetres."""


def faults(root: Widget, profile: Profile) -> Iterator[tuple[Any, ...]]:
    """Everything that is wrong below this widget on this panel."""
    yield from cut_words(root)
    yield from covered_words(root)
    yield from small_targets(root, profile)
    yield from overlaps(root, profile)


def cut_words(root: Widget) -> Iterator[tuple[Any, ...]]:
    """Words that leave their button, their card or the window, or are not there whole."""
    for label in written(root):
        letters = text_box(label)
        if letters[2] - letters[0] > label.width + 1.5 or not _within(letters, _sheet(label)):
            yield "is cut", label.text, letters, _sheet(label)
        elif label.is_shortened:
            yield "is shortened", label.text
        elif lost := lost_words(label):
            yield "is broken", label.text, lost


def covered_words(root: Widget) -> Iterator[tuple[Any, ...]]:
    """Words that lie on other words, or on a button that is not theirs."""
    boxes = [(label, text_box(label)) for label in written(root)]
    for (one, a), (other, b) in combinations(boxes, 2):
        if _meet(a, b, -2):
            yield "lie on each other", one.text, other.text
    for button in buttons(root):
        place = box(button)
        for label, letters in boxes:
            if _meet(letters, place, -2) and button not in list(_ancestors(label)):
                yield "lies on a button", label.text, _name(button)


def small_targets(root: Widget, profile: Profile) -> Iterator[tuple[Any, ...]]:
    """Buttons that a finger misses, or that leave the window."""
    for button in buttons(root):
        smallest = min(button.size) / profile.sharpness
        if smallest < TARGET:
            yield "is too small", _name(button), round(smallest, 1)
        if not _within(box(button), (0, 0, Window.width, Window.height)):
            yield "leaves the window", _name(button), box(button)


def overlaps(root: Widget, profile: Profile) -> Iterator[tuple[Any, ...]]:
    """Two targets need a finger's gap between them."""
    gap = theme.GAP * profile.density - 1
    boxes = [(button, box(button)) for button in buttons(root)]
    for (one, a), (other, b) in combinations(boxes, 2):
        if _meet(a, b, gap):
            yield "is too near", _name(one), _name(other)


def buttons(root: Widget) -> list[Any]:
    """What a finger can press; *Aide* stands outside where there is none."""
    return [each for each in shown(root, Press) if box(each)[0] < Window.width]


def _sheet(label: Any) -> Box:
    """What the letters must stay on: their button or card, else the window."""
    for parent in _ancestors(label):
        if isinstance(parent, Surface):
            return box(parent)
    return 0, 0, Window.width, Window.height


def _name(button: Any) -> str:
    return getattr(button, "text", "") or type(button).__name__


def _within(inner: Box, outer: Box) -> bool:
    """To a pixel."""
    return (
        inner[0] > outer[0] - 1
        and inner[1] > outer[1] - 1
        and inner[2] < outer[2] + 1
        and inner[3] < outer[3] + 1
    )


def _meet(one: Box, other: Box, gap: float) -> bool:
    """Whether there is less than that between them; negative: they share more than that."""
    return (
        one[0] - gap < other[2]
        and other[0] - gap < one[2]
        and one[1] - gap < other[3]
        and other[1] - gap < one[3]
    )


def _ancestors(widget: Any) -> Iterator[Any]:
    """From its parent up to the frame; the window is its own parent."""
    while widget.parent is not None and widget.parent.parent is not widget.parent:
        widget = widget.parent
        yield widget
