"""Whether a picture is that of a page, told by its content: blocks of colour, no bytes, no hash."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ui.notice import FOLDER

BLOCK = 20
"""Pixels: letters blur into the colour of their line, a clock or a sign stays small."""
SAME = 24.0
"""Of 255: what another renderer's edges leave between blocks that show the same."""
ALIKE = 0.9
"""Part of the blocks that must show the same: a clock, a number and a line's state may differ."""


def blocks(path: Path) -> "np.ndarray[Any, Any]":
    """The mean colour of each block."""
    with Image.open(path) as opened:
        pixels = np.asarray(opened.convert("RGB"), dtype=float)
    rows, columns = pixels.shape[0] // BLOCK, pixels.shape[1] // BLOCK
    cut = pixels[: rows * BLOCK, : columns * BLOCK]
    means: np.ndarray[Any, Any] = cut.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))
    return means


def likeness(one: "np.ndarray[Any, Any]", other: "np.ndarray[Any, Any]") -> float:
    """Part of the blocks that show the same."""
    if one.shape != other.shape:
        return 0.0
    return float((np.abs(one - other).max(axis=2) <= SAME).mean())


def is_uniform(path: Path) -> bool:
    """Nothing can be seen on it."""
    return float(blocks(path).std(axis=(0, 1)).max()) < 2.0


class Pages:
    """The pages that a test looks for, drawn once; and what stands there when there is no screen,
    as `notice-…`."""

    def __init__(self, folder: Path, unit_file: Path, *scenes: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.image.guide", folder, unit_file, *scenes]
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        told = json.loads((folder / "guide.json").read_text(encoding="utf-8"))
        self.buttons: dict[str, dict[str, tuple[float, float]]] = told
        """Page → words → where to touch."""
        self._blocks = {name: blocks(folder / f"{name}.png") for name in scenes}
        for path in FOLDER.glob("*-officiel-7.png"):
            self._blocks[f"notice-{path.stem.removesuffix('-officiel-7')}"] = blocks(path)

    def nearest(self, picture: Path) -> tuple[str, float]:
        """Which page it is, and how alike; "" when it is like none."""
        seen = blocks(picture)
        found = {name: likeness(seen, known) for name, known in self._blocks.items()}
        name = max(found, key=found.__getitem__)
        return (name if found[name] >= ALIKE else ""), found[name]
