"""What the driver sees, in night colours, for gloves."""

from kivy.uix.screenmanager import Screen

from . import at_work, correction, dark, delay, driver, duty, last_stops, problem, tour_over, where

SCREENS: dict[str, type[Screen]] = {
    "driver": driver.Driver,
    "duty": duty.Duty,
    "where": where.Where,
    "delay": delay.Delay,
    "problem": problem.Problem,
    "last_stops": last_stops.LastStops,
    "correction": correction.Correction,
    "at_work": at_work.AtWork,
    "tour_over": tour_over.TourOver,
    "dark": dark.Dark,
}
