"""What staff see: the pad, today's list, the end of the day. Names are behind the PIN alone."""

from kivy.uix.screenmanager import Screen

from . import closing, home, pin, reset, roster

SCREENS: dict[str, type[Screen]] = {
    "pin": pin.Pin,
    "reset": reset.Reset,
    "staff": home.Home,
    "roster": roster.TodaysList,
    "closing": closing.Closing,
}
