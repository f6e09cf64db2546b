"""A unit's journals: the one writer of each file, and everybody else's read-only view of it.

Start at `owner.py`: open, append, purge, rotate. Refuses to know the network or any screen.
"""

from .owner import Journal
from .reader import JournalReader, journals
from .spans import Span
from .stored import Entry

__all__ = ["Entry", "Journal", "JournalReader", "Span", "journals"]
