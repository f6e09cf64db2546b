"""What staff and technicians see of the unit itself: what waits, errands, settings, enrolment."""

from kivy.uix.screenmanager import Screen

from . import diagnostics, enrol, errand, first_start, order, settings, unit

SCREENS: dict[str, type[Screen]] = {
    "unit": unit.Unit,
    "copy": errand.Errand,
    "report": errand.Errand,
    "settings": settings.SettingsPage,
    "languages": order.Order,
    "questions": order.Order,
    "diagnostics": diagnostics.Diagnostics,
    "enrol": enrol.Enrol,
    "first_start": first_start.FirstStart,
    "new_unit": first_start.NewUnit,
}
