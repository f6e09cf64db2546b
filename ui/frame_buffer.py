"""The kernel's frame buffer: what a panel shows while nobody else draws. Knows no notice."""

from pathlib import Path
from typing import NamedTuple

from .picture import Picture

BITS = {16: (5, 6, 5), 32: (8, 8, 8)}
"""Bits a pixel that we can write → of them red, green and blue."""


class Place(NamedTuple):
    """Where the kernel tells of it; a test has files of its own."""

    told: Path = Path("/sys/class/graphics/fb0")
    device: Path = Path("/dev/fb0")


class Panel(NamedTuple):
    """One that can be drawn on."""

    device: Path
    size: tuple[int, int]
    bits: int
    stride: int
    """Bytes from one line to the next."""

    def draw(self, picture: Picture) -> bool:
        """From the upper left corner; False: the panel went away."""
        tables = _tables(picture.palette, self.bits)
        lines = b"".join(self._line(picture.row(at), tables) for at in range(picture.high))
        try:
            with self.device.open("r+b", buffering=0) as device:
                at = 0
                while at < len(lines) and (written := device.write(lines[at:])):
                    at += written
        except OSError:
            return False
        return True

    def _line(self, pixels: bytes, tables: list[bytes]) -> bytes:
        line = bytearray(len(pixels) * len(tables))
        for place, table in enumerate(tables):
            line[place :: len(tables)] = pixels.translate(table)
        return bytes(line[: self.stride]).ljust(self.stride, b"\0")


def opened(place: Place) -> Panel | None:
    """The panel as it is just now; None: there is none that we can draw on."""
    try:
        wide, _, high = (place.told / "virtual_size").read_text(encoding="ascii").partition(",")
        bits = int((place.told / "bits_per_pixel").read_text(encoding="ascii"))
        stride = int((place.told / "stride").read_text(encoding="ascii"))
        size = int(wide), int(high)
    except (OSError, ValueError):
        return None
    return Panel(place.device, size, bits, stride) if bits in BITS else None


def _tables(palette: bytes, bits: int) -> list[bytes]:
    """One table of 256 for each byte of a pixel, the lowest first."""
    colours = [palette[at : at + 3] for at in range(0, len(palette), 3)]
    words = [_word(*colour, bits=bits).to_bytes(bits // 8, "little") for colour in colours]
    words += [bytes(bits // 8)] * (256 - len(words))
    return [bytes(word[place] for word in words) for place in range(bits // 8)]


def _word(red: int, green: int, blue: int, *, bits: int) -> int:
    r, g, b = BITS[bits]
    return (red >> (8 - r)) << (g + b) | (green >> (8 - g)) << b | blue >> (8 - b)
