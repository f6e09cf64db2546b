"""What the screen asks of the one-shots, and their answer: two files of the moment. Does nothing.

The screen may neither mount a stick nor read a log: it leaves a wish in /run, which starts the
service that may (a `.path` unit), and reads what came of it.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from protocol.event import whole

from .. import runtime
from ..journal.trouble import refused_by

Name = Literal["copy", "report"]
MAX_TEXT: Final = 4000
"""Characters of the words that go beside a copy."""
MAX_WISH: Final = 32 * 1024
"""Bytes."""
REMEMBERED: Final = 3600.0
"""Seconds that an answer is of use."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted."""

    id: Annotated[str, whole("[0-9a-f]{16}")]
    """So that no older answer is taken for this one's."""
    when: Annotated[str, whole("[0-9-]{0,20}")] = ""
    """Date and time on the vehicle's clock, for a name; empty: not known."""
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""
    """To stand beside a copy, in words for people; nothing of any person."""


def ask(run: Path, name: Name, when: str = "", text: str = "") -> str:
    """Leaves the wish; its id. Raises OperatorError when the folder takes nothing."""
    wish = Wish(id=secrets.token_hex(8), when=when, text=text)
    path = wanted(run, name)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    try:
        fresh.write_bytes(msgspec.json.encode(wish))
        fresh.replace(path)
    except OSError as error:
        raise refused_by(error, path) from error
    return wish.id


def take(run: Path, name: Name) -> Wish | None:
    """The wish, which is gone then; None when there is none that can be read."""
    path = wanted(run, name)
    left = runtime.left(path, MAX_WISH)
    with suppress(OSError):
        path.unlink()
    try:
        return msgspec.json.decode(left, type=Wish)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def answer(run: Path, name: Name, wish: Wish, **word: Any) -> None:
    """What came of it so far."""
    runtime.publish(run, name, {"wish": wish.id, **word})


def answered(run: Path, name: Name, wish: str) -> dict[str, Any] | None:
    """The answer to that wish; None while there is none."""
    word = runtime.read(run, name, max_age=REMEMBERED)
    return word if word is not None and word.get("wish") == wish else None


def told(run: Path, name: Name) -> Path:
    """The file that answers are in: another one for each."""
    return runtime.file_of(run, name)


def wanted(run: Path, name: Name) -> Path:
    """The file that the `.path` unit waits for."""
    return run / f"{name}.wanted"
