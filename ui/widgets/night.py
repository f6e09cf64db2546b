"""What the driver's pages are made of, in night colours: a head, buttons, choices, a rail, a held
button. Knows no tour and no event."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from .buttons import Action
from .layout import Column, Row
from .rules import load_rules
from .scene import Held
from .surfaces import Press, Surface


class NightHead(Row):
    """Back, and what the page is about; dispatches `on_back`."""

    title = StringProperty("")
    refused = BooleanProperty(False)
    """The card took nothing: said in place of the title."""
    __events__ = ("on_back",)

    def on_back(self) -> None:
        """For those who listen."""


class NightAction(Action):
    """A button; lit, it is the one that is expected next."""

    lit = BooleanProperty(False)


class NightChoice(Press, Row):
    """A pictogram and words that may take two lines."""

    pictogram = StringProperty("")
    text = StringProperty("")
    note = StringProperty("")
    """A smaller line below."""
    lit = BooleanProperty(False)


class HeldAction(Held, Surface, Column):
    """A button that a finger must rest on for three seconds: nobody answers it by chance."""

    pictogram = StringProperty("")
    text = StringProperty("")
    note = StringProperty("")


class RailHalt(Row):
    """A planned stop on the rail: a dot on a line, a name, its hours."""

    name = StringProperty("")
    hours = StringProperty("")
    state = StringProperty("later")
    is_first = BooleanProperty(False)
    is_last = BooleanProperty(False)
    size_of_type = NumericProperty(24)


load_rules(__file__)
