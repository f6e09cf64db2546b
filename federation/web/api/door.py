"""Who may ask the interface, how often, and how an answer travels. Reads nothing of the fleet."""

import hashlib
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import msgspec
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ...errors import OperatorError
from .. import clock, store
from ..scope import Right, scope_of
from . import problems, tokens
from .models import Token
from .problems import Refused
from .shapes import Shape

RATE: Final = 5.0
"""Questions a second that a token may ask in the long run."""
BURST: Final = 60.0
"""Those that it may ask at once."""

Answering = Callable[..., Any]


class Buckets:
    """How much every token may ask still. Of any thread; forgotten at a restart."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._left: dict[int, tuple[float, float]] = {}

    def take(self, token: int) -> float:
        """0 when it may ask; else the seconds to wait."""
        with self._lock:
            now = self._clock()
            left, before = self._left.get(token, (BURST, now))
            left = min(BURST, left + (now - before) * RATE)
            if left < 1:
                self._left[token] = (left, now)
                return (1 - left) / RATE
            self._left[token] = (left - 1, now)
            return 0.0


BUCKETS: Final = Buckets()


def by_token(right: Right) -> Callable[[Answering], Answering]:
    """Lets only tokens with the right through; the view gets `request.scope`.

    What the view raises as Refused, or the store says for a person, is told as a problem.
    """

    def decorate(view: Answering) -> Answering:
        @csrf_exempt  # no cookie is looked at, so that nobody else's page can use one
        @wraps(view)
        def guarded(request: Any, *arguments: Any, **named: Any) -> HttpResponse:
            try:
                if request.method not in ("GET", "HEAD"):
                    raise Refused(405, "This interface is read with GET.", Allow="GET, HEAD")
                enter(request, right)
                return _travelling(request, view(request, *arguments, **named))
            except Refused as refused:
                return problems.answer(refused)
            except OperatorError:
                return problems.answer(Refused(503, "There is no ledger that can be read yet."))

        guarded.right, guarded.door = right, "token"
        return guarded

    return decorate


def enter(request: Any, right: Right) -> None:
    """Sets `request.scope` from the token. Raises Refused."""
    token = _token(request)
    wait = BUCKETS.take(token.pk)
    if wait:
        seconds = str(int(wait) + 1)
        raise Refused(429, "Too many questions: wait a little.", Retry_After=seconds)
    request.scope = scope_of(token, store.vehicles())
    if not request.scope.may(right):
        raise Refused(403, f"This needs the right {right}, which the role {token.role} lacks.")


def asked(request: Any, kind: type[Shape]) -> Any:
    """The parameters as the type says. Raises Refused."""
    known = set(kind.__struct_fields__)
    for name in request.GET:
        if name not in known:
            raise Refused(400, f"There is no parameter of that name; known: {sorted(known)}.")
        if len(request.GET.getlist(name)) > 1:
            raise Refused(400, f"{name} is given twice.")
    try:
        return msgspec.convert(request.GET.dict(), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(400, str(error)) from error


def _token(request: Any) -> Token:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise Refused(401, "Give a token: Authorization: Bearer …", WWW_Authenticate="Bearer")
    token = tokens.known(text.strip(), clock.now())
    if token is None:
        challenge = 'Bearer error="invalid_token"'
        raise Refused(401, "This token opens nothing (any more).", WWW_Authenticate=challenge)
    return token


def _travelling(request: Any, answer: HttpResponse) -> HttpResponse:
    """With its ETag; or that it is as it was."""
    tag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    named = request.headers.get("If-None-Match", "")
    if tag in (each.strip().removeprefix("W/") for each in named.split(",")):
        answer = HttpResponse(status=304)
    answer.headers["ETag"] = tag
    answer.headers["Vary"] = "Authorization"
    return answer
