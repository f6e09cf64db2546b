"""What a person sees while the screen mends itself: calm, nothing to do. Needs no desk."""

from kivy.properties import ColorProperty
from kivy.uix.screenmanager import Screen

from .. import theme
from ..widgets.rules import load_rules


class Crash(Screen):
    """Shown for the few seconds before the process begins anew."""

    ground = ColorProperty(theme.SKY)


load_rules(__file__)
