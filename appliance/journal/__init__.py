"""A unit's journals: the one writer of each file, and everybody else's read-only view of it.

Start at `owner.py`: open, append, purge, rotate. Refuses to know the network or any screen.
"""

from .owner import Journal
from .reader import Entry, JournalReader, Span, journals

__all__ = ["Entry", "Journal", "JournalReader", "Span", "journals"]
