"""A power cut after so many changes of the card: what was done stays, nothing more is."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Cut(Exception):
    """The power goes here."""


def cut_after(steps: int, patch: pytest.MonkeyPatch) -> None:
    """Lets so many changes of the card happen, then no more."""
    left = [steps]

    def until_cut(change: Callable[..., Any]) -> Callable[..., Any]:
        def limited(*arguments: Any, **named: Any) -> Any:
            if not left[0]:
                raise Cut
            left[0] -= 1
            return change(*arguments, **named)

        return limited

    patch.setattr(Path, "replace", until_cut(Path.replace))
    patch.setattr(Path, "unlink", until_cut(Path.unlink))
    patch.setattr(Path, "mkdir", until_cut(Path.mkdir))
    patch.setattr(os, "fsync", until_cut(os.fsync))
