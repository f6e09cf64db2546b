"""Staff at a bench: in by the PIN, people who came before, a touch on what has no words."""

from collections.abc import Iterable

from protocol.event import Event
from tests.ui.kit import Bench, kept
from ui.models.panel import Panel

PIN = "482193"


def goes_in(bench: Bench, *, is_asked: bool = True) -> Bench:
    """Three seconds on the lock and a PIN, chosen when there is none: staff are at their home.

    `is_asked`: they were asked for their initials, and gave none.
    """
    # Here, since Kivy must not be imported before a bench is made.
    from tests.ui.test_staff import holds_the_lock, types

    has_pin = bench.desk.staff.vault.has_pin
    holds_the_lock(bench)
    types(bench, PIN if has_pin else PIN + PIN)
    assert bench.at == "staff"
    bench.desk.staff.signing.is_asked = is_asked
    return bench


def goes_to(bench: Bench, *touches: str) -> None:
    """From the home of staff, these touches on."""
    for touch in touches:
        bench.desk.touch(touch)
    bench.pump()


def comes(bench: Bench, *doors: str, language: str = "") -> None:
    """Visitors check in one after the other, by their own touches."""
    for door in doors:
        bench.desk.panel = Panel(screen="reasons", language=language)
        bench.desk.touch("chose", door)
        bench.desk.touch("yes")
        bench.desk._show(Panel())
    bench.pump()


def touches_line(bench: Bench, number: int) -> None:
    """A finger on that visit in a list."""
    from ui.widgets.chips import VisitKey

    (key,) = [key for key in bench.widgets(VisitKey) if key.number == str(number)]
    bench.hand.seconds += 1
    bench.touches(*bench.centre(key))


def told(bench: Bench, *types: type[Event]) -> list[Event]:
    """What was kept of these types."""
    return [event for event in kept(bench.folder) if isinstance(event, types)]


def texts(widgets: Iterable[object]) -> str:
    """Every word on these."""
    return "\n".join(str(getattr(widget, "text", "")) for widget in widgets)
