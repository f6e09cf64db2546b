"""The sentences of one instant together. Decides what belongs together, not what is believable."""

from datetime import date

from .report import Kind, Report

UNTIMED: frozenset[Kind] = frozenset({"GSA", "VTG"})
_PLACED: frozenset[Kind] = frozenset({"RMC", "GGA", "GNS", "GLL"})


class Epoch:
    """What was said of one instant; of two sentences of one kind the first is kept."""

    __slots__ = ("clock", "heard", "reports", "timed")

    def __init__(self, heard: float) -> None:
        self.heard = heard
        self.clock: int | None = None
        self.timed = False
        self.reports: dict[Kind, Report] = {}

    def take(self, report: Report) -> bool:
        """Add the report; False when it is of another instant, as far as one can tell."""
        kind = report.kind
        if kind not in UNTIMED:
            if self.timed and (
                report.clock != self.clock or (self.clock is None and kind in self.reports)
            ):
                return False
            self.timed = True
            self.clock = report.clock
        self.reports.setdefault(kind, report)
        return True

    def speaks_of_place(self) -> bool:
        """Whether any sentence says that there is, or that there is not, a position."""
        return not _PLACED.isdisjoint(self.reports)

    def places(self) -> list[tuple[float, float]]:
        """Every position told, latitude and longitude, in the order they came."""
        return [report.place for report in self.reports.values() if report.place is not None]

    def valid(self) -> bool:
        """Whether RMC stands behind it: status A."""
        rmc = self.reports.get("RMC")
        return rmc is not None and rmc.fixed is True

    def day(self) -> date | None:
        """The full date, when a sentence told it."""
        rmc, zda = self.reports.get("RMC"), self.reports.get("ZDA")
        return (rmc and rmc.day) or (zda and zda.day) or None

    def mode(self) -> int | None:
        """2 or 3 for an epoch with a position; None: it does not say. As gpsd has it, an altitude
        in GGA or GNS is a third dimension even where GSA calls it held."""
        gsa, full = self.reports.get("GSA"), self.fullest()
        if full is not None and full.altitude:
            return 3
        return gsa.mode if gsa is not None and gsa.mode != 1 else None

    def fullest(self) -> Report | None:
        """The report that knows satellites, HDOP and altitude."""
        return self.reports.get("GGA") or self.reports.get("GNS")

    def motion(self) -> Report | None:
        """The report that knows speed and course."""
        return self.reports.get("RMC") or self.reports.get("VTG")
