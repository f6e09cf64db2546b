"""Names that never existed, and whether any of them can be read in some bytes. Makes no card.

A name is looked for in every spelling that software on the way could have given it.
"""

import base64
import json
import random
import urllib.parse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

BLOCK = 4096
WINDOW = 8
"""Bytes: no spelling is shorter."""


class Person(NamedTuple):
    """Two canaries."""

    first_name: str
    phone: str


def people(count: int, seed: int) -> list[Person]:
    """As many persons, the same for the same seed; no name is part of another."""
    chance = random.Random(seed)
    return [
        Person(f"Zq{chance.getrandbits(40):010x}é", f"06{chance.randrange(10**8):08d}")
        for _ in range(count)
    ]


ENCODINGS: dict[str, Callable[[str], list[bytes]]] = {
    "utf-8": lambda text: [text.encode()],
    "utf-16": lambda text: [text.encode("utf-16-le"), text.encode("utf-16-be")],
    "latin-1": lambda text: [text.encode("latin-1")],
    "hex": lambda text: [text.encode().hex().encode(), text.encode().hex().upper().encode()],
    "json": lambda text: [json.dumps(text)[1:-1].encode()],
    "url": lambda text: [urllib.parse.quote(text).encode()],
    "base64": lambda text: [_base64(text, shift) for shift in range(3)],
    "spoken": lambda text: [" ".join(text).encode(), text[::-1].encode()],
}


def spellings(text: str) -> set[bytes]:
    """All of them."""
    return {spelt for encode in ENCODINGS.values() for spelt in encode(text)}


def found(canaries: Iterable[str], haystack: bytes) -> list[str]:
    """The canaries that can be read in these bytes, in whatever spelling.

    Every place is compared with the first eight bytes of all spellings at once, then one by one:
    a thousand canaries in a gigabyte would take a day otherwise.
    """
    named: dict[int, list[tuple[bytes, str]]] = {}
    for text in canaries:
        for spelt in spellings(text):
            named.setdefault(int.from_bytes(spelt[:WINDOW], "little"), []).append((spelt, text))
    known = np.array(sorted(named), dtype=np.uint64)
    seen = set[str]()
    for start in range(WINDOW):
        end = start + (len(haystack) - start) // WINDOW * WINDOW
        windows = np.frombuffer(haystack[start:end], dtype="<u8")
        nearest = np.searchsorted(known, windows).clip(max=len(known) - 1)
        for place in np.flatnonzero(known[nearest] == windows):
            at = start + int(place) * WINDOW
            for spelt, text in named[int(windows[place])]:
                if haystack.startswith(spelt, at):
                    seen.add(text)
    return sorted(seen)


def raw(image: Path) -> bytes:
    """The bytes of an image but for its empty blocks, free blocks and slack included."""
    empty, kept = bytes(BLOCK), []
    with image.open("rb") as file:
        while block := file.read(BLOCK):
            if block != empty[: len(block)]:
                kept.append(block)
    return b"".join(kept)


def everything_below(folder: Path) -> bytes:
    """The bytes of every file in a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _base64(text: str, shift: int) -> bytes:
    """The middle of it, which is the same whatever stands around it at that alignment."""
    spelt = base64.b64encode(b"\0" * shift + text.encode())
    whole = (shift + len(text.encode())) // 3 * 4
    return spelt[4 if shift else 0 : whole]
