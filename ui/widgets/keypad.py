"""Large keys to type a few letters or digits with. Keeps nothing of what is typed."""

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from .rules import load_rules
from .surfaces import Press


class Key(Press, AnchorLayout):
    """One letter, or one pictogram."""

    text = StringProperty("")
    pictogram = StringProperty("")


class Dot(Widget):
    """A place for a digit that is not shown."""

    full = BooleanProperty(False)


class Keypad(GridLayout):
    """Dispatches `on_key` with the letter, or "backspace"; one key per letter of `letters`.

    A space leaves a place free, "<" is the key that takes the last letter back. It is never turned
    round: digits stand the same way in every language.
    """

    letters = StringProperty("")
    alive = BooleanProperty(True)
    __events__ = ("on_key",)

    def on_letters(self, _pad: "Keypad", letters: str) -> None:
        """Other letters: other keys."""
        self.clear_widgets()
        for letter in letters:
            self.add_widget(self._key(letter))

    def on_alive(self, _pad: "Keypad", alive: bool) -> None:
        """Dead keys stay in their place, pale."""
        for key in self.children:
            if isinstance(key, Key):
                key.alive = alive

    def on_key(self, key: str) -> None:
        """For those who listen."""

    def _key(self, letter: str) -> Widget:
        if letter == " ":
            return Widget()
        key = Key(pictogram="backspace") if letter == "<" else Key(text=letter)
        key.bind(on_press=lambda key: self.dispatch("on_key", key.text or "backspace"))
        return key


load_rules(__file__)
