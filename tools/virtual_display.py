"""A display that nobody sees, a finger on it, and pictures of it. Needs Xvfb and xdotool."""

import os
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

WIDTH, HEIGHT = 800, 480


class VirtualDisplay:
    """An X server of the official panel's size; use it in a `with`."""

    name: str
    """What DISPLAY must be for programs that draw on it."""

    def __enter__(self) -> "VirtualDisplay":
        self._folder = Path(tempfile.mkdtemp(prefix="escale-display-"))
        reading, writing = os.pipe()
        size = f"{WIDTH}x{HEIGHT}x24"
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"]
        self._server = subprocess.Popen(
            [*command, "-fbdir", str(self._folder)],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.name = f":{told.readline().strip()}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait(timeout=10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def touch(self, x: int, y: int) -> None:
        """A finger there, held as long as fingers are: pixels from the top left."""
        words = f"mousemove {x} {y} sleep 0.1 mousedown 1 sleep 0.08 mouseup 1"
        subprocess.run(
            ["xdotool", *words.split()], env={**os.environ, "DISPLAY": self.name}, check=True
        )

    def picture(self, path: Path) -> None:
        """What stands on the display just now, as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_png(*_pixels((self._folder / "Xvfb_screen0").read_bytes())))


def _pixels(dump: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGB of an X window dump of 32 bits a pixel (X11/XWDFile.h)."""
    header = struct.unpack(">25I", dump[:100])
    size, width, height, per_line, colours = header[0], header[4], header[5], header[12], header[19]
    start = size + 12 * colours
    rgb = bytearray()
    for line in range(height):
        row = dump[start + line * per_line :][: width * 4]
        pixels = bytearray(width * 3)
        pixels[0::3], pixels[1::3], pixels[2::3] = row[2::4], row[1::4], row[0::4]
        rgb += pixels
    return width, height, bytes(rgb)


def _png(width: int, height: int, rgb: bytes) -> bytes:
    lines = b"".join(b"\0" + rgb[at : at + width * 3] for at in range(0, len(rgb), width * 3))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
