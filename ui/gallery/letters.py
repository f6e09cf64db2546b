"""Where the letters of a screen stand, line by line, and which are missing. Judges nothing."""

from collections.abc import Iterator
from typing import Any

from kivy.core.window import Window
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from ..widgets.text import Pictogram

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in pixels of the window."""


def shown(root: Widget, kind: type) -> Iterator[Any]:
    """The widgets of that kind that somebody can see."""
    for child in root.children:
        if child.opacity and min(child.size) > 0 and box(child)[0] < Window.width:
            if isinstance(child, kind):
                yield child
            yield from shown(child, kind)


def written(root: Widget) -> Iterator[Any]:
    """The labels with words on them; a pictogram has none."""
    for label in shown(root, Label):
        if label.text and not isinstance(label, Pictogram):
            yield label


def opacity(widget: Any) -> float:
    """As it is seen: that of everything around it counts too."""
    share = 1.0
    while widget.parent is not None and widget.parent is not widget:
        share, widget = share * widget.opacity, widget.parent
    return share


def box(widget: Any) -> Box:
    """Where it is."""
    x, y = widget.to_window(*widget.pos)
    return x, y, x + widget.width, y + widget.height


def text_box(label: Any) -> Box:
    """Around all its lines."""
    lines = list(line_boxes(label))
    if not lines:
        return box(label)
    return (
        min(line[0] for line in lines),
        min(line[1] for line in lines),
        max(line[2] for line in lines),
        max(line[3] for line in lines),
    )


def line_boxes(label: Any) -> Iterator[Box]:
    """One for each line, from the top."""
    drawn = label._label
    width, height = label.texture_size
    left, bottom = label.to_window(label.center_x - width / 2, label.center_y - height / 2)
    room = height - sum(line.h for line in drawn._cached_lines)
    top = bottom + height - room * {"top": 0, "bottom": 1}.get(label.valign, 0.5)
    for line in drawn._cached_lines:
        x = left + (width - line.w) * {"right": 1, "center": 0.5}.get(drawn.options["halign"], 0)
        yield x, top - line.h, x + line.w, top
        top -= line.h


def lost_words(label: Any) -> list[str]:
    """Those that stand on no line whole: broken in two, or without room."""
    lines = ["".join(part.text for part in line.words) for line in label._label._cached_lines]
    return [word for word in label._label.text.split() if not any(word in line for line in lines)]
