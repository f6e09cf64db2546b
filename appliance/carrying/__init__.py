"""What leaves the unit by hand: a sealed copy on a stick, and what a technician should see.

A screen asks (`errands.py`); one-shots of systemd do it. None of them runs all the time.
"""

from typing import Final

PARTLY: Final = 3
"""Exit code of a copy that is good, and lacks a journal that could not be read."""
