"""Compresses what a batch holds, with a dictionary both sides have. Refuses to grow without bound.

A payload is one byte, the version of the format, and one zstd frame that names its size and
its dictionary. Every dictionary ever shipped stays in the package, so that old payloads can
always be read.
"""

from functools import cache
from importlib.resources import files
from typing import Final

import zstandard

from .errors import ProtocolError, TooLarge

FORMAT: Final = 1
MAX_PLAIN: Final = 1024 * 1024
"""Bytes that a payload may hold when decompressed."""
DICTIONARY: Final = 1
"""Version of the dictionary that is written with; 0 is none."""
LEVEL: Final = 3


def compress(plain: bytes) -> bytes:
    """Raises TooLarge beyond MAX_PLAIN."""
    if len(plain) > MAX_PLAIN:
        raise TooLarge(f"{len(plain)} bytes in one batch, {MAX_PLAIN} is the most")
    return bytes((FORMAT,)) + _compressor().compress(plain)


def decompress(payload: bytes) -> bytes:
    """Raises ProtocolError: no such format, unknown dictionary, damaged, or too large."""
    if not payload or payload[0] == 0:
        raise ProtocolError("not a batch")
    if payload[0] > FORMAT:
        raise ProtocolError(
            f"batch format {payload[0]} is newer than this software, which knows {FORMAT}"
        )
    frame = payload[1:]
    try:
        parameters = zstandard.get_frame_parameters(frame)
        if parameters.content_size > MAX_PLAIN:  # unknown is 2**64 - 1
            raise ProtocolError(f"a batch may not hold more than {MAX_PLAIN} bytes")
        return _decompressor(parameters.dict_id).decompress(frame, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise ProtocolError(f"a damaged batch: {error}") from error


def dictionary(version: int) -> zstandard.ZstdCompressionDict:
    """A dictionary by its version. Raises ProtocolError for one that is not shipped here."""
    path = files(__package__) / "dictionaries" / f"{version}.zdict"
    if not path.is_file():
        raise ProtocolError(f"batch dictionary {version} is not known to this software")
    return zstandard.ZstdCompressionDict(path.read_bytes())


@cache
def _compressor() -> zstandard.ZstdCompressor:
    shared = dictionary(DICTIONARY) if DICTIONARY else None
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=shared, write_content_size=True)


_decompressors: dict[int, zstandard.ZstdDecompressor] = {}


def _decompressor(version: int) -> zstandard.ZstdDecompressor:
    if version not in _decompressors:
        shared = dictionary(version) if version else None
        _decompressors[version] = zstandard.ZstdDecompressor(dict_data=shared)
    return _decompressors[version]
