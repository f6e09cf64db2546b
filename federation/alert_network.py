"""Many silences at once are one trouble: the network of a territory. Pure, as alerting.py is.

The vehicles' own alerts go on, folded under it; those still silent when it ends wait anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from .alerting import FEDERATION, HOUR, MINUTE, Alert, Alerts, Delay, Key, Kind, Look, advance

WINDOW: Final = 15 * MINUTE
"""Silences that began within it are taken for one."""
AT_LEAST: Final = 3
SHARE: Final = 1 / 3
"""Of the vehicles that should be heard in the territory."""
AT_LEAST_EVERYWHERE: Final = 5
SHARE_EVERYWHERE: Final = 1 / 5
LEFT: Final = 1 / 2
"""Of those that were needed; while so many are silent still, and two at the least, it lasts."""
JOINING: Final = 6 * HOUR
"""A silence that begins later than this after the first is one of its own."""


def step(alerts: Alerts, looks: Iterable[Look], delay: Delay, now: int) -> dict[Key, Alert]:
    """The alerts with those of networks among them, and each silence under the one it is of."""
    after = {
        key: alert._replace(under=None) if alert.is_live else alert for key, alert in alerts.items()
    }
    expected = _expected(looks)
    for territory in sorted({alert.territory for alert in _silences(after)} | _of_networks(after)):
        if territory:
            need = max(AT_LEAST, SHARE * expected[territory])
            _fold(after, territory, need, delay, now)
    need = max(AT_LEAST_EVERYWHERE, SHARE_EVERYWHERE * expected.total())
    _fold(after, "", need, delay, now)
    for key, before in alerts.items():
        if before.under is not None and after[key].under is None:
            after[key] = _alone(after[key], now)
    return after


def subject(territory: str) -> str:
    """Of the alert about a territory's network; without one: everybody's."""
    return f"t:{territory}" if territory else FEDERATION


def _alone(alert: Alert, now: int) -> Alert:
    """A silence whose network is back: it may still be on its way."""
    if not alert.is_live:
        return alert
    if alert.fine_since is not None:
        return alert._replace(state="dropped", closed=now)
    return alert._replace(state="pending", since=now, opened=None)


def _expected(looks: Iterable[Look]) -> Counter[str]:
    """Territory → vehicles that should be heard now."""
    return Counter(
        look.territory
        for look in looks
        if look.kind == "silence" and look.verdict in ("wrong", "fine")
    )


def _silences(alerts: Alerts) -> Iterator[Alert]:
    """Those that are of no network yet."""
    for alert in alerts.values():
        if alert.kind == "silence" and alert.is_live and alert.under is None:
            yield alert


def _of_networks(alerts: Alerts) -> set[str]:
    return {each.territory for each in alerts.values() if each.kind == "network" and each.is_live}


def _fold(after: dict[Key, Alert], territory: str, need: float, delay: Delay, now: int) -> None:
    kind: Kind = "network"
    key = (subject(territory), kind)
    all_of = [each for each in _silences(after) if territory in ("", each.territory)]
    held = after.get(key)
    if held is None:
        begun = _begun(all_of, need)
        if begun is None:
            return
        held = Alert(key[0], kind, territory, "pending", begun)
    else:
        need = max(2, need * LEFT)
    members = [each for each in all_of if 0 <= each.since - held.since <= JOINING]
    silent = sum(each.fine_since is None for each in members)
    look = Look(
        key[0], kind, territory, "wrong" if silent >= need else "fine",
        f"{silent} véhicules sans nouvelles depuis le même moment",
    )  # fmt: skip
    found = advance(held, look, delay(territory, "silence"), now)
    if found is not None:
        after[key] = found
        if found.is_live:
            after.update((each.key, each._replace(under=key)) for each in members)


def _begun(silences: Iterable[Alert], need: float) -> int | None:
    """When the first of those did that began together and are enough."""
    moments = sorted(each.since for each in silences if each.fine_since is None)
    for first in moments:
        if sum(first <= moment <= first + WINDOW for moment in moments) >= need:
            return first
    return None
