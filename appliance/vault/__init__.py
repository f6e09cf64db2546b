"""What staff alone may see on board: a PIN, today's key, today's roster. Knows no screen.

Start at `vault.py`. Nothing in here leaves the unit but the public half of the day's key.
"""

from .roster import RosterView
from .sealer import Sealer
from .vault import Outcome, Vault

__all__ = ["Outcome", "RosterView", "Sealer", "Vault"]
