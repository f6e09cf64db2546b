"""How many come: six large keys."""

from ...models.sign_up import MOST_PEOPLE
from ...widgets.answer import Answer
from ...widgets.rules import load_rules
from .offered import OfferedScreen


class People(OfferedScreen):
    """One touch; a group that does not fit is asked on the next page."""

    def on_kv_post(self, _base_widget) -> None:
        """Put the keys in their place."""
        for people in range(1, MOST_PEOPLE + 1):
            key = Answer(code=str(people), given=str(people), pictogram=f"persons_{people}")
            key.bind(on_release=lambda key: self.touch("people", key.code))
            self.ids.numbers.add_widget(key)


load_rules(__file__)
