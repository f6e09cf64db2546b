"""Charts as SVG, from plain values: pure, the same each time. A hidden value is None and hatched.

The table that stands under a chart is made from the same values (figures.py).
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from . import words
from .svg import COLOURS, FAINT, cut, drawing, tag, text

WIDTH: Final = 460.0
"""Of most, so that their text can be read in half a printed page."""
_WIDE: Final = 760.0
_ROW: Final = 26.0
_LABELS: Final = 168.0


class Bar(NamedTuple):
    """A line: its label, its parts (None: hidden), and what stands at its end."""

    label: str
    parts: tuple[float | None, ...]
    said: str
    of: float | None = None
    """What a full bar would be, drawn faint behind it."""


def bars(key: str, title: str, desc: str, lines: Sequence[Bar], legend: Sequence[str] = ()) -> str:
    """Horizontal bars, one or several parts each."""
    top = 24.0 if legend else 4.0
    room = WIDTH - _LABELS - 84
    most = max((max(line.of or 0, sum(p or 0 for p in line.parts)) for line in lines), default=0)
    scale = room / most if most else 0.0
    body = _legend(legend)
    for i, line in enumerate(lines):
        body += _bar(key, line, top + i * _ROW, scale)
    return drawing(key, title, desc, WIDTH, top + len(lines) * _ROW + 6, body)


def weeks(key: str, title: str, desc: str, values: Sequence[tuple[str, int | None]]) -> str:
    """Upright bars, a label now and then."""
    height, left, base = 172.0, 44.0, 148.0
    most = max((value or 0 for _, value in values), default=0)
    top = _round_up(most)
    step = (_WIDE - left - 6) / max(1, len(values))
    body = [_level(left, base, share, top) for share in (0.0, 0.5, 1.0)]
    every = max(1, -(-len(values) // 9))
    for i, (label, value) in enumerate(values):
        tall = 0.0 if not top else 136.0 * (value or 0) / top
        x, wide = left + i * step, max(1.0, step - 2)
        if value is None:
            body.append(
                tag("rect", x=x, y=base - 8, width=wide, height=8.0, fill=f"url(#{key}-hatch)")
            )
        else:
            body.append(tag("rect", x=x, y=base - tall, width=wide, height=tall, fill=COLOURS[0]))
        if i % every == 0:
            body.append(text(x, base + 18, label, font_size=11))
    return drawing(key, title, desc, _WIDE, height, body)


def pyramid(
    key: str,
    title: str,
    desc: str,
    bands: Sequence[str],
    sides: Mapping[str, Sequence[int | None]],
) -> str:
    """Ages upwards, one side for each of two genders, the others' numbers beside them."""
    left, right = list(sides.items())[:2]
    middle, room = WIDTH / 2, WIDTH / 2 - 100
    most = max((value or 0 for values in sides.values() for value in values), default=0)
    scale = room / most if most else 0.0
    body = [
        text(middle - 70, 14, left[0], text_anchor="end", font_weight="bold"),
        text(middle + 70, 14, right[0], font_weight="bold"),
    ]
    for i, band in enumerate(reversed(bands)):
        at, y = len(bands) - 1 - i, 24 + i * _ROW
        body.append(text(middle, y + 16, band, text_anchor="middle", font_size=12))
        body += _side(key, left[1][at], middle - 64, y, -scale, COLOURS[0])
        body += _side(key, right[1][at], middle + 64, y, scale, COLOURS[1])
    return drawing(key, title, desc, WIDTH, 30 + len(bands) * _ROW, body)


def gauge(key: str, title: str, value: int | None, target: int, unit: str) -> str:
    """How far a vehicle is on the way to its target; `unit` is what the target counts."""
    room = WIDTH - 20
    share = min(1.0, value / target if target and value is not None else 1.0)
    said = f"{words.number(value)} sur {words.number(target)} {unit}"
    fill = f"url(#{key}-hatch)" if value is None else COLOURS[0]
    body = [
        tag("rect", x=10, y=8, width=room, height=16, rx=8, fill="none", stroke=FAINT),
        tag("rect", x=10, y=8, width=room * share, height=16, rx=8, fill=fill),
        text(10, 44, said),
        text(WIDTH - 10, 44, words.percent(value or 0, target) if value is not None else "s",
             text_anchor="end"),
    ]  # fmt: skip
    return drawing(key, title, f"{title} : {said}.", WIDTH, 52.0, body)


def _legend(names: Sequence[str]) -> list[str]:
    body, x = list[str](), 10.0
    for name, colour in zip(names, COLOURS, strict=False):
        body.append(tag("rect", x=x, y=4, width=12, height=12, fill=colour))
        body.append(text(x + 17, 15, name, font_size=12))
        x += 32 + 6.6 * len(name)
    return body


def _bar(key: str, line: Bar, y: float, scale: float) -> list[str]:
    body = [text(_LABELS - 8, y + 17, cut(line.label, 27), text_anchor="end", font_size=12)]
    x = _LABELS
    if line.of is not None:
        body.append(
            tag("rect", x=x, y=y + 4, width=line.of * scale, height=_ROW - 8, fill="none",
                stroke=FAINT)
        )  # fmt: skip
    for i, part in enumerate(line.parts):
        fill = f"url(#{key}-hatch)" if part is None else COLOURS[i % len(COLOURS)]
        wide = 24.0 if part is None else part * scale
        body.append(tag("rect", x=x, y=y + 4, width=wide, height=_ROW - 8, fill=fill))
        x += wide
    end = max(x, _LABELS + (line.of or 0) * scale)
    return [*body, text(end + 6, y + 17, line.said, font_size=12)]


def _side(key: str, value: int | None, x: float, y: float, scale: float, colour: str) -> list[str]:
    wide = 16.0 if value is None else abs(scale) * value
    fill = f"url(#{key}-hatch)" if value is None else colour
    to_left = scale < 0
    start = x - wide if to_left else x
    end = start - 5 if to_left else x + wide + 5
    said = words.number(value)
    return [
        tag("rect", x=start, y=y + 4, width=wide, height=_ROW - 8, fill=fill),
        text(end, y + 17, said, text_anchor="end" if to_left else "start", font_size=11),
    ]


def _level(left: float, base: float, share: float, top: float) -> str:
    y = base - 136 * share
    line = tag("line", x1=left, x2=_WIDE - 6, y1=y, y2=y, stroke=FAINT, stroke_width=0.5)
    return line + text(left - 6, y + 4, words.number(top * share), text_anchor="end", font_size=11)


def _round_up(most: float) -> float:
    """A round number that is no less."""
    step = 10.0
    while step * 10 < most:
        step *= 10
    return -(-most // step) * step
