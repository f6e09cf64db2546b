"""Rows read from the bare bytes of a journal file, without SQLite. Believes nothing it finds.

Works whatever has become of the file's schema, its pages' headers or its tree: a row is known by
the shape of its record. It finds what was removed too, and the same row more than once; the
chain (`sound.py`) tells which to believe, and a body which envelope. The layout is that of the
tables `event` and `sealed` (`schema.py`).
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from .schema import PAGE_SIZE

Columns = tuple[Any, ...]
"""As the table has them: of `event` id, type, body, boot, boottime and so on."""

_INTEGER = rb"([\x00-\x06\x08\x09])"
_ROW = re.compile(
    rb"(?=([\x0c-\x0f])\x00"  # length of the header; the id, which is kept elsewhere
    rb"([\x0f-\x7f]|[\x80-\xff][\x00-\x7f])"  # type
    rb"([\x00\x0c-\x7f]|[\x80-\xff][\x00-\x7f]|[\x80-\xff]{2}[\x00-\x7f])"  # body
    + _INTEGER * 5  # boot, boottime, utc, source, error
    + rb"(\x1c)"  # digest: 8 bytes
    + _INTEGER * 2  # origin
    + rb")",
    re.DOTALL,
)
_ENVELOPE = re.compile(
    # Length of the header; the id; an envelope of 58 to 4,000 bytes; the receipt.
    rb"(?=(\x05)\x00([\x81-\xbf][\x00-\x7f])" + _INTEGER + rb")",
    re.DOTALL,
)
_WIDTHS = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}
"""Serial type of an integer → its bytes in the record."""
_LARGEST_LOCAL = PAGE_SIZE - 35
_SMALLEST_LOCAL = (PAGE_SIZE - 12) * 32 // 255 - 23
_LOG_HEADER, _FRAME_HEADER = 32, 24


class Pages:
    """The pages of a journal and of the log beside it; use it in a `with`.

    A page that the card does not give any more is left out.
    """

    def __init__(self, path: Path) -> None:
        self._file = _File(path)
        log = _File(path.with_name(f"{path.name}-wal"))
        frames = list(log.slices(_LOG_HEADER, _FRAME_HEADER + PAGE_SIZE))
        log.close()
        self.logged = [frame[_FRAME_HEADER:] for frame in frames]
        """The log's pages, oldest first, whether they were committed or not."""
        numbers = (int.from_bytes(frame[:4], "big") for frame in frames)
        self._latest = dict(zip(numbers, self.logged, strict=True))

    def __iter__(self) -> Iterator[bytes]:
        yield from self._file.slices(0, PAGE_SIZE)
        yield from self.logged

    def overflow(self, number: int, size: int) -> bytes:
        """The part of a record that lies on other pages; too short when one is missing."""
        data = b""
        while len(data) < size:
            page = self._latest.get(number) or self._file.read((number - 1) * PAGE_SIZE, PAGE_SIZE)
            if len(page) < PAGE_SIZE:
                break
            number = int.from_bytes(page[:4], "big")
            data += page[4:]
        return data[:size]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class _File:
    """Bytes of a file that may be missing, or bad in places."""

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._descriptor = -1

    def read(self, offset: int, size: int) -> bytes:
        try:
            return os.pread(self._descriptor, size, offset) if offset >= 0 else b""
        except OSError:
            return b""

    def slices(self, offset: int, size: int) -> Iterator[bytes]:
        end = os.fstat(self._descriptor).st_size if self._descriptor >= 0 else 0
        for start in range(offset, end, size):
            piece = self.read(start, size)
            if len(piece) == size:
                yield piece

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def rows(pages: Pages) -> Iterator[Columns]:
    """Every row that can still be made out, in no order."""
    for page in pages:
        yield from _records(_ROW, page, pages)


def envelopes(pages: Pages) -> Iterator[bytes]:
    """Everything that may be an envelope, in no order: its digest tells whose."""
    for page in pages:
        for _, envelope, _ in _records(_ENVELOPE, page, pages):
            if isinstance(envelope, bytes):
                yield envelope


def _records(shape: re.Pattern[bytes], page: bytes, pages: Pages) -> Iterator[Columns]:
    """The records of that shape on one page."""
    for found in shape.finditer(page):
        header, length = found.start(), found[1][0]
        if length != sum(map(len, found.groups())) + 1:
            continue
        serials = [_varint(serial) for serial in found.groups()[1:]]
        widths = [_width(serial) for serial in serials]
        size = length + sum(widths)
        numbers = list(_rowids(page, header, size))
        record = _record(page, header, size, pages) if numbers else b""
        if len(record) == size:
            values = list(_values(record, length, serials, widths))
            yield from ((number, *values) for number in numbers)


def _rowids(page: bytes, header: int, size: int) -> Iterator[int]:
    """Ids that may stand before a record: its size stands before them."""
    told = _encoded(size)
    for width in range(1, 9):
        start = header - width - len(told)
        number = page[header - width : header]
        if start >= 0 and page.startswith(told, start) and _encoded(_varint(number)) == number:
            yield _varint(number)


def _record(page: bytes, header: int, size: int, pages: Pages) -> bytes:
    if size <= _LARGEST_LOCAL:
        return page[header : header + size]
    local = _SMALLEST_LOCAL + (size - _SMALLEST_LOCAL) % (PAGE_SIZE - 4)
    if local > _LARGEST_LOCAL:
        local = _SMALLEST_LOCAL
    rest = int.from_bytes(page[header + local : header + local + 4], "big")
    return page[header : header + local] + pages.overflow(rest, size - local)


def _width(serial: int) -> int:
    return _WIDTHS[serial] if serial in _WIDTHS else (serial - 12) // 2


def _values(
    record: bytes, position: int, serials: list[int], widths: list[int]
) -> Iterator[int | str | bytes | None]:
    for serial, width in zip(serials, widths, strict=True):
        data = record[position : position + width]
        position += width
        if serial == 0:
            yield None
        elif serial in _WIDTHS:
            yield serial - 8 if serial >= 8 else int.from_bytes(data, "big", signed=True)
        else:
            yield data.decode("utf-8", "replace") if serial % 2 else data


def _varint(data: bytes) -> int:
    """SQLite's variable-length integer; ids and sizes never need its ninth byte."""
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
    return value


def _encoded(value: int) -> bytes:
    """The same, written."""
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))
