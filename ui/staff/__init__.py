"""The staff's side of the desk, a file per subject; names are behind the PIN alone. No Kivy."""

from .door import Staff

__all__ = ["Staff"]
