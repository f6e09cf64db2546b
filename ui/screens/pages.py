"""Which class draws which page. Those behind the van and the lock are read when first shown.

Visitors' pages are there from the start: the first frame need not wait for the others.
"""

from importlib import import_module

from kivy.uix.screenmanager import Screen

from . import visitor

BEHIND = ("driver", "staff", "attendance", "unit")
"""Packages of pages for drivers, staff and technicians."""


def find(name: str) -> type[Screen]:
    """Raises KeyError when there is no such page."""
    if is_visitors(name):
        return visitor.SCREENS[name]
    return next(screens[name] for screens in map(_of, BEHIND) if name in screens)


def is_visitors(name: str) -> bool:
    """Whether it is for whoever comes."""
    return name in visitor.SCREENS


def _of(package: str) -> dict[str, type[Screen]]:
    return import_module(f".{package}", __package__).SCREENS
