"""What a person sees while the screen mends itself: calm, nothing to do. Needs no desk."""

from kivy.uix.screenmanager import Screen

from ..widgets.rules import load_rules


class Crash(Screen):
    """Shown for the few seconds before the process begins anew."""


load_rules(__file__)
