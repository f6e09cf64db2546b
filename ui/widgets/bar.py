"""Time that runs out, as a bar: from 1 to 0."""

from kivy.properties import AliasProperty, ColorProperty, NumericProperty
from kivy.uix.widget import Widget

from .. import theme
from .rules import load_rules


class Bar(Widget):
    """Moves in steps of a pixel: what would look the same is not drawn again."""

    value = NumericProperty(1)
    filled = AliasProperty(
        lambda self: max(self.height, round(self.width * self.value)),
        bind=["value", "size"],
        cache=True,
    )
    """Its width, in pixels; it begins where the language begins."""
    fill = ColorProperty(theme.PRIMARY)
    back = ColorProperty(theme.LINE)


load_rules(__file__)
