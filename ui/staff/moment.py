"""What staff's pages must not forget when the screen begins anew, and no card may keep.

Lives in the folder of the moment, which a cut of the power empties: languages of those who wait,
trial mode, a tally half counted. Gone when the day ends.
"""

from pathlib import Path

import msgspec

from appliance import runtime
from protocol.event import Key

FILE = "staff"


class Moment(msgspec.Struct, kw_only=True):
    """Change it, then `keep` it."""

    trial: bool = False
    languages: dict[int, str] = {}
    """Number of the day → the language to call it in; French is left out."""
    tally: dict[str, dict[str, int]] = {}
    """Age band → gender → how many, not noted yet."""
    tally_theme: str = ""
    tally_after: Key | None = None
    """The last tally on the card when this one was begun: another one there is this one, kept."""

    def keep(self, run: Path) -> None:
        """For whoever begins anew in this boot. A folder that takes nothing is only told."""
        runtime.publish(run, FILE, self, mode=0o600)

    def speaks(self, number: int, language: str) -> bool:
        """Somebody has this number now, and that language. Whether that is new."""
        known = self.languages.pop(number, "")
        if language:
            self.languages[number] = language
        return language != known


def recalled(run: Path) -> Moment:
    """As it was left in this boot; empty else."""
    told = runtime.read(run, FILE, max_age=float("inf"))
    try:
        return msgspec.convert(told or {}, Moment, strict=False)
    except msgspec.ValidationError:
        return Moment()  # another version of the screen wrote it
