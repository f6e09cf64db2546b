"""What somebody takes home: number, letters, and the date for the telephone; it goes by itself."""

from kivy.app import App
from kivy.properties import StringProperty

from ...models import ticket
from ...widgets.rules import load_rules
from .offered import OfferedScreen


class SignedUp(OfferedScreen):
    """Only ever shown when the sign-up is on the card."""

    told = StringProperty("")
    """For how many, and how many of them wait."""
    waiting = StringProperty("")
    aside = StringProperty("")
    """That no name was kept, when so."""
    code = StringProperty("")
    calendar = StringProperty("")
    """What the square says."""

    def refresh(self) -> None:
        """Say what was kept."""
        super().refresh()
        words, panel = App.get_running_app().words, self.state
        self.waiting = ""
        if panel.waiting:
            every = panel.waiting == panel.people
            key = "sign_up.waiting" if every else "sign_up.some_wait"
            self.waiting = words[key].format(count=panel.waiting)
        people = words.plural("my_place.people", panel.people)
        self.told = " · ".join(filter(None, (people, self.waiting)))
        self.aside = words["sign_up.unsealed"] if panel.unsealed else ""
        self.code = self.desk.my_place.code(panel.sign_up) if panel.sign_up else ""
        self.calendar = self._calendar(words)

    def forget(self) -> None:
        """Whoever comes next reads none of it."""
        super().forget()
        self.code = self.calendar = self.told = self.waiting = self.aside = ""

    def _calendar(self, words: dict[str, str]) -> str:
        offer = self.desk.workshops.find(self.state)
        if offer is None:
            return ""
        note = words["sign_up.note"].format(number=self.state.number, code=self.code)
        told = " ".join(filter(None, (note, self.waiting)))
        uid = f"{self.state.number}{self.code}@escale"
        return ticket.calendar(offer.title, offer.place, offer.starts, offer.minutes, told, uid)


load_rules(__file__)
