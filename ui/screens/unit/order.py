"""Which languages stand on the first page, which questions are asked, and in which order."""

from typing import NamedTuple

from kivy.app import App
from kivy.properties import StringProperty

from ...languages import is_readable
from ...models.languages import MOST
from ...models.questions import ALL
from ...text import catalogue
from ...widgets.facts import Pick
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Item(NamedTuple):
    """One of those that may be chosen."""

    id: str
    text: str
    alive: bool = True


class Order(DeskScreen):
    """Shows what is in force. Touched, a thing is the last of them; touched again, it is none."""

    title = StringProperty("")
    note = StringProperty("")

    _shown: object = None

    def refresh(self) -> None:
        """Take the order as it is."""
        super().refresh()
        words = App.get_running_app().words
        refused = words["driver.refused"] if self.state.refused else ""
        self.title = words[f"order.{self.name}"]
        order, items = self.desk.staff.board.order(self.name), self._items(words)
        is_full = self.name == "languages" and len(order) >= MOST
        self.note = refused or words[f"order.{self.name}_{'full' if is_full else 'note'}"]
        if (order, items) != self._shown:
            self._shown = order, items
            self._show(order, items, is_full)

    def _show(self, order: tuple[str, ...], items: tuple[Item, ...], is_full: bool) -> None:
        self.ids.choices.clear_widgets()
        for item in items:
            place = order.index(item.id) + 1 if item.id in order else 0
            choice = Pick(text=item.text, place=place, lit=place > 0)
            choice.alive = choice.lit or (item.alive and not is_full)
            choice.bind(on_release=lambda _, chosen=item.id: self.touch("choose", chosen))
            self.ids.choices.add_widget(choice)

    def _items(self, words: catalogue.Words) -> tuple[Item, ...]:
        if self.name == "questions":
            return tuple(Item(code, words[f"question.{code}"]) for code in ALL)
        # One that no speaker has read stays off, and pale.
        return tuple(
            Item(code, catalogue.load(code)["language.name"], is_readable(self.desk.house, code))
            for code in catalogue.languages()
        )


load_rules(__file__)
