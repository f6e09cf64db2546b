"""Chores of a unit: disk guard, and daily copies and integrity checks.

Owns no journal, touches no network and no device.
"""

from .process import run

__all__ = ["run"]
