"""What staff see: the pad, the day, who waits, what is noted. Names are behind the PIN alone."""

from kivy.uix.screenmanager import Screen

from . import (
    author,
    call,
    choices,
    closing,
    day_over,
    describe,
    door_choice,
    home,
    lasted,
    pin,
    queue,
    reset,
    roster,
    strike,
    summary,
    tally,
    visits,
)

SCREENS: dict[str, type[Screen]] = {
    "pin": pin.Pin,
    "reset": reset.Reset,
    "staff": home.Home,
    "author": author.Author,
    "queue": queue.Queue,
    "call": call.Call,
    "check_in": door_choice.CheckIn,
    "visits": visits.Visits,
    "describe": describe.Describe,
    "choices": choices.Choices,
    "strike": strike.Strike,
    "animation": door_choice.Animation,
    "tally": tally.Tally,
    "lasted": lasted.Lasted,
    "roster": roster.TodaysList,
    "closing": closing.Closing,
    "day_over": day_over.DayOver,
    "summary": summary.Summary,
}
