"""The rounds of alerts: what is wrong now, kept; what was long ago, forgotten. A chore of the site.

Decides nothing: rules, delays and folding are pure (federation/alert_rules.py, alerting.py,
alert_network.py).
"""

from collections.abc import Callable

from django.db import transaction

from ... import alert_network, alert_rules, alerting, keys, revoked
from ...alerting import DAY, MINUTE
from ...errors import OperatorError
from ...updates import rollouts
from .. import store
from . import held
from .looking import Sight
from .models import Alert, Deed, Delay, Mute

KEEP = 400 * DAY
"""How long an alert that is over can be read about, and what was done about it."""


class Rounds:
    """One after the other, in one thread."""

    def __init__(self) -> None:
        self._sight = Sight()

    def look(self, now: int) -> None:
        """One round. Raises OperatorError while the ledger cannot be read."""
        seen = self._sight.seen(now)
        trouble, update, delay = _revocation(now), _update(), _delays()
        with transaction.atomic():
            rows = held.live()
            before = held.pure(rows)
            open_ = {key for key, alert in before.items() if alert.state == "open"}
            looks = [
                *alert_rules.looks(seen, now, open_),
                *alert_rules.of_the_federation(trouble, update),
            ]
            after = alerting.step(before, looks, delay, now)
            after = _without_strangers(after, {each.subject for each in looks}, now)
            held.keep(rows, before, alert_network.step(after, looks, delay, now))


def forget(now: int) -> None:
    """What is over for longer than it is kept."""
    Alert.objects.filter(closed__lt=now - KEEP).delete()
    Deed.objects.filter(at__lt=now - KEEP).delete()
    Mute.objects.filter(until__lt=now - KEEP).delete()


def _without_strangers(
    alerts: dict[alerting.Key, alerting.Alert], known: set[str], now: int
) -> dict[alerting.Key, alerting.Alert]:
    """A vehicle that left the fleet takes its alerts along."""
    return {
        key: alert
        if alert.kind == "network" or alert.subject in known | {alerting.FEDERATION}
        else alert._replace(state="closed", closed=now)
        for key, alert in alerts.items()
    }


def _delays() -> Callable[[str, str], int]:
    own = {
        delay.territory.code: delay for delay in Delay.objects.select_related("territory")
    }  # fmt: skip

    def of(territory: str, kind: str) -> int:
        usual = alerting.usual_delay(territory, kind)
        delay = own.get(territory)
        if delay is None or usual == 0 or kind == "version":
            return usual
        minutes = delay.silence if kind in ("silence", "network") else delay.others
        return usual if minutes is None else minutes * MINUTE

    return of


def _update() -> str:
    """Why an update stands until somebody decides, in French; a person who stopped it knows."""
    known = rollouts.read(store.config().store)
    if known is None or known[0].state != "stopped" or known[0].stop == "person":
        return ""
    return f"version {known[0].version} : un échec, plus aucun véhicule ne la prend"


def _revocation(now: int) -> str | None:
    """What is wrong with the revocation lists, in French; None: this machine has none."""
    paths = store.config().keys
    if paths.devices is None or paths.revoked is None:
        return None
    try:
        authorities = keys.certificates(paths.devices, "[keys] devices")
        lists = revoked.read(paths.revoked, authorities)
    except OperatorError:
        return "la liste de révocation ne peut pas être lue"
    if now > lists.until:
        return "elle est échue et le courtier n'admet plus personne : en faire une nouvelle"
    if not lists.trouble(now):
        return ""
    return f"elle a {(now - lists.made) // DAY} jours : voir pourquoi aucune n'a été refaite"
