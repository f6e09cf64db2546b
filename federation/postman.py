"""Which documents a unit should be sent now. Pure: knows no broker and no table."""

from collections.abc import Iterable, Mapping

from .outbox import Outgoing


class Postman:
    """Remembers what was sent since each unit's birth, so that it argues with no refusal."""

    def __init__(self) -> None:
        self._latest: dict[str, dict[str, Outgoing]] = {}
        self._sent: dict[tuple[str, str], int] = {}

    def written(self, items: Iterable[Outgoing]) -> list[Outgoing]:
        """New documents: all of them go out at once."""
        fresh = list(items)
        for item in fresh:
            self._latest.setdefault(item.unit, {})[item.kind] = item
        return [self._sending(item) for item in fresh]

    def born(self, unit: str, held: Mapping[str, int]) -> list[Outgoing]:
        """The unit is back and names what it holds: what is older goes again."""
        for kind in self._latest.get(unit, ()):
            self._sent.pop((unit, kind), None)
        return self.told(unit, held)

    def told(self, unit: str, held: Mapping[str, int]) -> list[Outgoing]:
        """The unit names what it applied: what is older goes, once per birth."""
        return [
            self._sending(item)
            for kind, item in self._latest.get(unit, {}).items()
            if held.get(kind, 0) < item.revision > self._sent.get((unit, kind), 0)
        ]

    def _sending(self, item: Outgoing) -> Outgoing:
        self._sent[item.unit, item.kind] = item.revision
        return item
