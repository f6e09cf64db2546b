"""The three letters beside a number: they show that it is one's own."""

from ...models.ticket import LENGTH, LETTERS
from ...widgets.rules import load_rules
from .my_number import TypedScreen

KEYS, LONGEST = LETTERS, LENGTH


class MyCode(TypedScreen):
    """Wrong ones are said kindly, and cost a wait after a few."""


load_rules(__file__)
