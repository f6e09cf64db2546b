"""What the driver sees, in night colours, for gloves."""

from kivy.uix.screenmanager import Screen

from . import dark, driver

SCREENS: dict[str, type[Screen]] = {"driver": driver.Driver, "dark": dark.Dark}
