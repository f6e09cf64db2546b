"""Loads the `.kv` file that stands beside a module. One `.py`, one `.kv`, one name."""

from pathlib import Path

from kivy.lang import Builder


def load_rules(module_file: str) -> None:
    """Call it with `__file__`, once, below the classes the rules are for."""
    Builder.load_file(str(Path(module_file).with_suffix(".kv")))
