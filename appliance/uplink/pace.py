"""How fast link and federation answer, and what to dare with it. Knows no row and no socket."""

MOST_ROWS = (25, 50, 100, 200, 400, 800)
"""Rows in a batch, from a bad link to a very good one; 400 are about 5 KB."""
USUAL = 4
"""Where it starts: 20 such batches are several times what a 4G link holds, so that one lost
packet does not empty it."""
QUICK, SLOW = 0.25, 2.0
"""Seconds for a batch to cross, its wait in the window included: larger ones are for less than
the one, and beyond the other smaller ones let a check-in of now arrive sooner."""
STEADY = 8
"""Batches receipted one after the other without a doubt before larger ones are tried."""
LEAST_PATIENCE, MOST_PATIENCE = 2.0, 240.0
"""Seconds without a receipt, after the broker had the batch, before it is sent again."""


class Pace:
    """Measured on the batches of every epoch; one per unit, kept over reconnections."""

    def __init__(self) -> None:
        self.crossing: float | None = None
        """Smoothed seconds from publishing a batch to the broker's word that it has it."""
        self.round_trip: float | None = None
        """Smoothed seconds from publishing a batch to its receipt."""
        self.doubts = 0
        """Times in a row that patience ran out."""
        self._step = USUAL
        self._good = 0

    @property
    def rows(self) -> int:
        """The most rows to put in the next batch."""
        return MOST_ROWS[self._step]

    @property
    def patience(self) -> float:
        """Seconds to wait for a receipt: longer the slower they have been, and with each doubt."""
        usual = max(LEAST_PATIENCE, 4 * (self.round_trip or 0.0))
        return min(usual * 2.0 ** min(self.doubts, 8), MOST_PATIENCE)

    @property
    def good(self) -> bool:
        """Whether the link is as it should be."""
        return self._step >= USUAL - 1 and not self.doubts

    def crossed(self, seconds: float) -> None:
        """The broker has a batch that was published so long ago."""
        self.crossing = _smoothed(self.crossing, seconds)

    def receipted(self, seconds: float) -> None:
        """A batch sent only once was receipted: the one honest measure of a round trip."""
        self.round_trip = _smoothed(self.round_trip, seconds)
        self.doubts = 0
        self._good += 1
        if self._good >= STEADY and self._step != self._fitting():
            self._step += 1 if self._step < self._fitting() else -1
            self._good = 0

    def doubted(self) -> None:
        """Patience ran out: be twice as patient, and risk less."""
        self.doubts += 1
        self.interrupted()

    def interrupted(self) -> None:
        """The connection broke with batches under way: risk less."""
        self._step = max(min(self._step, USUAL) - 1, 0)
        self._good = 0

    def _fitting(self) -> int:
        crossing = self.crossing if self.crossing is not None else 1.0
        return USUAL + 1 if crossing < QUICK else USUAL if crossing < SLOW else USUAL - 1


def _smoothed(before: float | None, sample: float) -> float:
    return sample if before is None else before + (sample - before) / 8
