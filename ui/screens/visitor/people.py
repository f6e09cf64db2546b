"""How many come: six large keys."""

from kivy.properties import NumericProperty
from kivy.uix.anchorlayout import AnchorLayout

from ...models.sign_up import MOST_PEOPLE
from ...widgets.rules import load_rules
from ...widgets.surfaces import Press
from .offered import OfferedScreen


class Count(Press, AnchorLayout):
    """A number of people."""

    people = NumericProperty(1)
    text = ""


class People(OfferedScreen):
    """One touch; a group that does not fit is asked on the next page."""

    def on_kv_post(self, _base_widget) -> None:
        """Put the keys in their place."""
        for people in range(1, MOST_PEOPLE + 1):
            key = Count(people=people)
            key.text = str(people)
            key.bind(on_release=lambda key: self.touch("people", str(key.people)))
            self.ids.numbers.add_widget(key)


load_rules(__file__)
