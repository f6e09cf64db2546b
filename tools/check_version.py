"""Fails when CHANGELOG.md does not begin with the version of the code."""

import re
import sys
from pathlib import Path

from protocol import __version__

newest = re.search(r"^## (\S+)", Path("CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
if newest is None or newest[1] != __version__:
    sys.exit(f"CHANGELOG.md begins with {newest and newest[1]}, the code says {__version__}")
