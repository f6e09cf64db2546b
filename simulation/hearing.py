"""What the federation says to a light unit: receipts obeyed, documents known by their revision."""

from collections.abc import Mapping

from appliance.uplink.documents import Refused, judge
from appliance.uplink.pace import Pace
from protocol import messages, signing, topics
from protocol.documents import TRUST
from protocol.errors import ProtocolError
from protocol.messages import Document, Receipt
from protocol.unit import SettingsApplied

from .pages import Pages
from .sending import obey
from .shared import Shared
from .standing import Standing


class Ear:
    """One unit's; believes nothing that the federation did not sign."""

    __slots__ = ("_pace", "_pages", "_shared", "_standing", "_unit", "documents", "heard", "now")

    def __init__(
        self,
        shared: Shared,
        unit: str,
        pages: Mapping[str, Pages],
        pace: Pace,
        standing: Standing,
    ) -> None:
        self._shared, self._unit = shared, unit
        self._pages, self._pace, self._standing = pages, pace, standing
        self.documents = {TRUST: shared.papers.serial}
        """Kind → revision held."""
        self.heard = False
        """Whether a receipt came since somebody last asked."""
        self.now = 0.0
        """Monotonic seconds; whoever steps the unit sets it."""

    def receive(self, topic: str, message: bytes) -> None:
        """A message came down."""
        try:
            what = topics.parse_down(topic).what
            if what == "receipt":
                self._heed(message)
            elif what.startswith("document/") and what != "document/" + TRUST:
                self._take(what.removeprefix("document/"), message)
        except ProtocolError:
            self._shared.counts["messages not believed"] += 1

    def _heed(self, message: bytes) -> None:
        shared = self._shared
        payload = signing.verify(message, "receipt", self._unit, shared.papers.receipts)
        receipt = messages.decode(payload, Receipt)
        self.heard = True
        for pages in self._pages.values():
            before = pages.forgotten_to
            word = obey(pages, receipt.epochs.get(str(pages.epoch)), self._pace, self.now)
            shared.counts["rows receipted"] += pages.forgotten_to - before
            shared.counts["rows in memory"] -= pages.forgotten_to - before
            if word:
                shared.counts[word] += 1

    def _take(self, kind: str, message: bytes) -> None:
        told = judge(
            message,
            kind=kind,
            unit=self._unit,
            held=self.documents.get(kind, 0),
            keys=self._shared.papers.documents,
        )
        if isinstance(told, Document):
            self.documents[kind] = told.revision
            boot = self._standing.boot
            event = SettingsApplied(kind=kind, revision=told.revision, outcome="applied")
            at = max(self._shared.clock.utc(self.now), boot.started)
            self._pages["uplink"].append(event, boot, at)
            self._shared.counts["rows in memory"] += 1
        elif isinstance(told, Refused):
            self._shared.counts["documents refused"] += 1
