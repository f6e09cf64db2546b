"""Writes a new card's tries, twice: three for slot A, none for the empty slot B. Knows no boot."""

import sys
from pathlib import Path

# It runs in the tools root, where nothing of ours is installed.
sys.path.insert(0, str(Path(__file__).parents[1]))

from appliance.update import slots

slots.write(slots.Slots(("A",), {"A": slots.TRIES, "B": 0}), Path(sys.argv[1]))
