"""How long whoever failed to come in must wait, and what remembers it. Checks no password.

Three things are counted: an account from one network, an account from anywhere, a network. Who
guesses at an account from elsewhere makes its owner wait only once many networks do. A try counts
before it is looked at, so that many at once are no way round.
"""

import hmac
import time
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Final, NamedTuple

from django.conf import settings
from django.db import transaction

from .models import Try

FREE: Final = {"both": 5, "account": 20, "network": 20}
"""Tries before the first wait: a network may be a whole centre behind one address."""
FIRST: Final = 5_000
LONGEST: Final = 15 * 60_000
FORGET: Final = 24 * 3_600_000
"""Milliseconds: the first wait, which doubles, up to the longest; quiet after which all is new."""


class Counted(NamedTuple):
    """Failures of one mark, and the last of them."""

    failures: int
    last: int


def wait(kind: str, counted: Counted | None, now: int) -> int:
    """Milliseconds until the next try is looked at; 0: at once."""
    if counted is None or now - counted.last >= FORGET:
        return 0
    beyond = counted.failures - FREE[kind]
    if beyond < 0:
        return 0
    pause = min(LONGEST, FIRST * 2 ** min(beyond, 20))
    return max(0, min(pause, counted.last + pause - now))  # a clock put back makes it no longer


def network(address: str) -> str:
    """What one household, centre or carrier's customer has in common."""
    try:
        known = ip_address(address)
    except ValueError:
        return "?"
    return str(ip_network((known, 24 if known.version == 4 else 56), strict=False))


def marks(login: str, address: str, secret: str) -> dict[str, str]:
    """Kind → keyed digest: whoever reads the table learns neither names nor addresses."""
    name, net = login.strip().casefold(), network(address)
    told = {"both": f"both\0{name}\0{net}", "account": f"account\0{name}", "network": f"net\0{net}"}
    return {
        kind: hmac.digest(secret.encode(), b"escale.try\0" + text.encode(), "sha256").hex()
        for kind, text in told.items()
    }


class Attempt:
    """One try to come in."""

    def __init__(self, login: str, address: str, *, now: int | None = None) -> None:
        self._marks = marks(login, address, settings.SECRET_KEY)
        self._now = time.time_ns() // 1_000_000 if now is None else now

    @property
    def network(self) -> str:
        """A short name for the network in a log: it leads nowhere but to itself."""
        return sha256(self._marks["network"].encode()).hexdigest()[:8]

    def begin(self) -> int:
        """Counts it, unless it must wait: milliseconds, 0 when it may be looked at."""
        with transaction.atomic():
            known = {each.mark: Counted(each.failures, each.last) for each in self._rows()}
            waits = [wait(kind, known.get(mark), self._now) for kind, mark in self._marks.items()]
            if max(waits) > 0:
                return max(waits)
            Try.objects.filter(last__lt=self._now - FORGET).delete()
            for mark in self._marks.values():
                before = known.get(mark)
                fresh = before is None or self._now - before.last >= FORGET
                failures = 1 if before is None or fresh else before.failures + 1
                Try.objects.update_or_create(
                    mark=mark, defaults={"failures": failures, "last": self._now}
                )
        return 0

    def succeeded(self) -> None:
        """The account's tries are forgotten, and this one of the network's."""
        with transaction.atomic():
            Try.objects.filter(mark__in=[self._marks["both"], self._marks["account"]]).delete()
            for each in Try.objects.filter(mark=self._marks["network"], failures__gt=0):
                each.failures -= 1
                each.save()

    def _rows(self) -> list[Try]:
        return list(Try.objects.select_for_update().filter(mark__in=self._marks.values()))
