"""Bytes of any quality in, checksummed sentences out. Knows how one is framed, not what it says."""

import re

LONGEST = 250
"""Characters between `$` and `*`: the standard says 79, receivers say more."""

_SENTENCE = re.compile(rb"\$([ -#%-)+-~]{5,250})\*([0-9A-Fa-f]{2})")


class Counts:
    """What came down the line since the start."""

    def __init__(self) -> None:
        self.sentences = 0
        """With a good checksum."""
        self.damaged = 0
        """Begun with `$`, and cut, altered or without a checksum."""
        self.doubted = 0
        """Positions withheld because nothing else bears them out."""


class Framer:
    """Cuts a byte stream into sentences; how the stream comes in pieces changes nothing."""

    def __init__(self, counts: Counts | None = None) -> None:
        self.counts = counts or Counts()
        self._tail = b""

    def push(self, data: bytes) -> list[str]:
        """The texts between `$` and `*` of each sentence completed by these bytes."""
        data = self._tail + data
        sentences = [
            text.decode("ascii")
            for text, digits in _SENTENCE.findall(data)
            if checksum(text) == int(digits, 16)
        ]
        begun = data.count(b"$")
        self._tail = _unfinished(data)
        self.counts.sentences += len(sentences)
        self.counts.damaged += begun - len(sentences) - bool(self._tail)
        return sentences


def _unfinished(data: bytes) -> bytes:
    """What may still become a sentence: the last `$` and all that follows it."""
    start = data.rfind(b"$")
    tail = data[start:] if start >= 0 else b""
    hopeless = len(tail) > LONGEST + len("$*hh") or _SENTENCE.match(tail)
    return b"" if hopeless else tail


def checksum(text: bytes) -> int:
    """All bytes of the text XORed together; at most 256 of them.

    The text is folded in half eight times as one large number: half the time of a loop.
    """
    folded = int.from_bytes(text, "little")
    folded ^= folded >> 1024
    folded ^= folded >> 512
    folded ^= folded >> 256
    folded ^= folded >> 128
    folded ^= folded >> 64
    folded ^= folded >> 32
    folded ^= folded >> 16
    folded ^= folded >> 8
    return folded & 0xFF
