"""How strongly the receiver hears each satellite, from its GSV sentences: for a technician alone.

Where in the sky they stand is not kept: with the time that would tell roughly where one is.
"""

from typing import Final

MOST: Final = 24
"""Satellites that are told of."""


class Sky:
    """What the last whole group of sentences of each system said. Never raises."""

    def __init__(self) -> None:
        self._whole: dict[str, list[int]] = {}
        self._begun: dict[str, list[int]] = {}

    @property
    def strengths(self) -> tuple[int, ...]:
        """dBHz of each satellite, the strongest first; 0: it should be there and is not heard."""
        heard = sorted((one for group in self._whole.values() for one in group), reverse=True)
        return tuple(heard[:MOST])

    def hear(self, sentence: str) -> None:
        """Takes a sentence (the text between `$` and `*`), if it is one of these."""
        fields = sentence.split(",")
        if len(fields) < 4 or len(fields[0]) != 5 or fields[0][2:] != "GSV":
            return
        system, of, number = fields[0][:2], fields[1], fields[2]
        if number == "1":
            self._begun[system] = []
        group = self._begun.get(system)
        if group is None:
            return
        # A signal's number may stand behind the last satellite.
        group += [_strength(fields[at + 3]) for at in range(4, len(fields) - 3, 4)]
        if number == of:
            self._whole[system] = self._begun.pop(system)


def _strength(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
