"""A picture of few colours as a PNG of the plainest kind, written and read. Knows no other kind.

Eight bits a pixel, a palette, no filter: what `tools/build_notices.py` writes, a start of the unit
reads without any library.
"""

import struct
import zlib
from typing import NamedTuple

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Picture(NamedTuple):
    """Rows from the top, a byte a pixel: its place in the palette of (red, green, blue)."""

    wide: int
    high: int
    palette: bytes
    pixels: bytes

    @staticmethod
    def read(png: bytes) -> "Picture":
        """Raises ValueError for any other PNG."""
        parts = _parts(png)
        wide, high, *kind = struct.unpack(">IIBBBBB", parts[b"IHDR"])
        rows = zlib.decompress(parts[b"IDAT"])
        if kind != [8, 3, 0, 0, 0] or len(rows) != high * (wide + 1) or any(rows[:: wide + 1]):
            raise ValueError("not a picture of ours")
        pixels = b"".join(rows[at + 1 : at + 1 + wide] for at in range(0, len(rows), wide + 1))
        return Picture(wide, high, parts[b"PLTE"], pixels)

    @staticmethod
    def size(png: bytes) -> tuple[int, int]:
        """Width and height, from its first bytes alone."""
        wide, high = struct.unpack_from(">II", png, len(_SIGNATURE) + 8)
        return wide, high

    def write(self) -> bytes:
        """As a PNG."""
        rows = b"".join(b"\0" + self.row(number) for number in range(self.high))
        header = struct.pack(">IIBBBBB", self.wide, self.high, 8, 3, 0, 0, 0)
        parts = ((b"IHDR", header), (b"PLTE", self.palette), (b"IDAT", zlib.compress(rows, 9)))
        return _SIGNATURE + b"".join(_part(*each) for each in (*parts, (b"IEND", b"")))

    def row(self, number: int) -> bytes:
        """One line of it."""
        return self.pixels[number * self.wide : (number + 1) * self.wide]

    def on_ground(self, wide: int, high: int) -> "Picture":
        """In the middle of a panel of that size, on the colour of its own corner."""
        ground = self.pixels[:1]
        before = max(0, (wide - self.wide) // 2)
        after = max(0, wide - self.wide - before)
        rows = [ground * before + self.row(at) + ground * after for at in range(self.high)]
        above = max(0, (high - self.high) // 2)
        below = max(0, high - self.high - above)
        line = ground * wide
        pixels = b"".join([line * above, *(row[:wide] for row in rows[:high]), line * below])
        return Picture(wide, high, self.palette, pixels)

    def turned(self, degrees: int) -> "Picture":
        """Against the clock, as Kivy turns its window."""
        if degrees == 180:
            return self._replace(pixels=self.pixels[::-1])
        if degrees not in (90, 270):
            return self
        columns = [self.pixels[at :: self.wide] for at in range(self.wide)]
        if degrees == 90:
            pixels = b"".join(reversed(columns))
        else:
            pixels = b"".join(column[::-1] for column in columns)
        return Picture(self.high, self.wide, self.palette, pixels)


def _parts(png: bytes) -> dict[bytes, bytes]:
    if not png.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    parts, at = dict[bytes, bytes](), len(_SIGNATURE)
    while at + 8 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        parts[png[at + 4 : at + 8]] = png[at + 8 : at + 8 + length]
        at += length + 12
    return parts


def _part(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
