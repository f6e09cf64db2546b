"""What staff see of workshops: those that are near, who is awaited, who came, whom to call."""

from kivy.uix.screenmanager import Screen

from . import hand_back, near, place, roll, to_call

SCREENS: dict[str, type[Screen]] = {
    "attendance": near.NearOnes,
    "roll": roll.Roll,
    "place": place.Place,
    "hand_back": hand_back.HandBack,
    "to_call": to_call.ToCall,
}
