"""What the driver's correction of a stop changes in the book. Tells nothing: the word is told
already, and the federation folds it by itself (protocol/stop_fold.py)."""

from typing import Literal

import msgspec

from protocol.stops import Corrected

from ..clock import Stamp
from .book import Book, Stop
from .moments import earlier

Change = Literal["none", "dropped", "left", "amended", "resumed"]
"""What became of the stop that the vehicle stands at: nothing, it was none, it is over, it began
at another time, or it goes on after all."""


def apply(book: Book, word: Corrected, said: Stamp) -> Change:
    """The book after the word, said at `said`; a stop that it does not know changes nothing."""
    number = book.find(word.stop)
    if number is None:
        return "none"
    stop, is_open = book.stops[number], number == book.open
    if word.cancelled:
        book.drop(number)
        return "dropped" if is_open else "none"
    if word.merged_into is not None:
        return _merge(book, number, word)
    return _mend(book, number, stop, word, said)


def _mend(book: Book, number: int, stop: Stop, word: Corrected, said: Stamp) -> Change:
    is_open = number == book.open
    if stop.place is not None:
        stop.place = msgspec.structs.replace(stop.place, uncertain=False)
    if word.arrived_ago is not None:
        stop.arrived = earlier(said, word.arrived_ago)
    if word.departed_ago is not None:
        stop.departed, stop.paused = earlier(said, word.departed_ago), False
        book.open = None if is_open else book.open
        return "left" if is_open else "none"
    if word.still_there and book.open is None and stop is book.latest:
        stop.departed, stop.paused = None, False
        book.open = number
        return "resumed"
    return "amended" if is_open and word.arrived_ago is not None else "none"


def _merge(book: Book, number: int, word: Corrected) -> Change:
    """Two stops were one: the former one, which lasts as long as the later."""
    stop, is_open = book.stops[number], number == book.open
    into = None if word.merged_into is None else book.find(word.merged_into)
    if into is None or into == number:
        return "none"
    former = book.stops[into]
    former.departed, former.paused = stop.departed, stop.paused
    former.told = former.told or stop.told
    former.place = former.place or stop.place
    book.drop(number)
    if is_open:
        book.enter(number, former)
    return "amended" if is_open else "none"
