"""Whether SQLite's log (`-wal`) was cut off by damage rather than by a power cut. Reads bytes.

SQLite follows the log up to the first frame whose checksum is wrong and takes the rest for
what a power cut left behind. It is, if it is one transaction that nobody was told of; if it is
more, those were acknowledged and a frame before them is damaged.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from .schema import PAGE_SIZE

LARGEST_CHECKED = 4 * 1024 * 1024
"""Bytes: a larger log is what a large transaction left, not days of check-ins."""

_HEADER, _FRAME_HEADER = 32, 24
_FRAME = _FRAME_HEADER + PAGE_SIZE

Sums = tuple[int, int]


def is_cut_off(log: Path) -> bool:
    """Whether transactions that were acknowledged lie beyond where SQLite stops."""
    try:
        data = log.read_bytes() if log.stat().st_size <= LARGEST_CHECKED else b""
    except OSError:
        return False
    header, frames = data[:_HEADER], list(_frames(data))
    if not frames:
        return False
    order = ">" if header[3:4] == b"\x83" else "<"
    sums = _sums(header[:24], (0, 0), order)
    if sums != _told(header[24:]):
        # A log that was only made long, or never begun, has zeros for a header.
        return header != bytes(_HEADER) and len(list(_commits(frames))) > 1
    salts = header[16:24]
    followed = _followed(frames, salts, sums, order)
    return sum(frame[8:16] == salts for frame in _commits(frames[followed:])) > 1


def _frames(data: bytes) -> Iterator[bytes]:
    for start in range(_HEADER, len(data) - _FRAME + 1, _FRAME):
        yield data[start : start + _FRAME]


def _commits(frames: list[bytes]) -> Iterator[bytes]:
    """The frames that end a transaction: they tell how long the file is after it."""
    return (frame for frame in frames if frame[4:8] != bytes(4))


def _followed(frames: list[bytes], salts: bytes, sums: Sums, order: str) -> int:
    """How many frames have the right checksum, each resting on the one before it."""
    for number, frame in enumerate(frames):
        sums = _sums(frame[:8] + frame[_FRAME_HEADER:], sums, order)
        if frame[8:16] != salts or sums != _told(frame[16:24]):
            return number
    return len(frames)


def _sums(data: bytes, sums: Sums, order: str) -> Sums:
    one, two = sums
    for first, second in struct.iter_unpack(f"{order}II", data):
        one = one + first + two & 0xFFFFFFFF
        two = two + second + one & 0xFFFFFFFF
    return one, two


def _told(data: bytes) -> Sums:
    one, two = struct.unpack(">II", data)
    return one, two
