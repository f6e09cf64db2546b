"""What changes in the fleet, as it changes: server-sent events, and the same asked for by hand.

A stream ends after some minutes and the browser comes again: it is looked at anew who asks.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from .. import store
from ..scope import Scope, needs
from . import board as boards
from . import showing
from .board import Board

LIFE: Final = 300.0
"""Seconds."""
MOST: Final = 300
"""Streams at once in this process; whoever comes then asks by hand every 15 seconds."""
OF_ONE: Final = 20
"""Of them one account's: windows of a desk that many share, never all there are."""
BEAT: Final = 15.0
"""Seconds after which something is sent for the proxies on the way."""
_PAUSE: Final = 0.25
_open = Counter[int]()
"""Account → its streams."""


@needs("see_fleet")
@require_GET
def flow(request: Any) -> HttpResponse:
    """Changes after `depuis`, or after the event that the browser had last, until it leaves."""
    since = request.headers.get("Last-Event-ID") or request.GET.get("depuis", "")
    who = request.user.pk
    if _open.total() >= MOST or _open[who] >= OF_ONE:
        return HttpResponse("Trop de pages suivent déjà la flotte.", status=503)
    answer = StreamingHttpResponse(
        events(boards.of(store.config().store), request.scope, since[:60], who),
        content_type="text/event-stream",
    )
    # As it is: compressed, the first events would wait for more to come.
    answer.headers["Content-Encoding"] = "identity"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


@needs("see_fleet")
@require_GET
def changes(request: Any) -> HttpResponse:
    """The same, once."""
    since = request.GET.get("depuis", "")
    return JsonResponse(showing.news(boards.of(store.config().store), request.scope, since[:60]))


async def events(board: Board, scope: Scope, since: str, who: int) -> AsyncIterator[bytes]:
    """The stream of that account; whoever reads it ends it."""
    _open[who] += 1
    try:
        yield b"retry: 2000\n\n"
        async for told in _changes(board, scope, since):
            yield told
    finally:
        _open[who] -= 1


async def _changes(board: Board, scope: Scope, since: str) -> AsyncIterator[bytes]:
    began = sent = time.monotonic()
    marks, looked = "", -1
    while time.monotonic() - began < LIFE:
        board.watched()
        if board.generation != looked:
            looked = board.generation
            told = await sync_to_async(showing.news, thread_sensitive=False)(board, scope, since)
            if told["marks"] == marks:
                told["marks"] = None  # they are there already, and large
            if told["rows"] or told["all"] is not None:
                yield showing.message(told)
                marks, sent = told["marks"] or marks, time.monotonic()
            since = told["mark"]
        elif time.monotonic() - sent > BEAT:
            yield b": still here\n\n"
            sent = time.monotonic()
        await asyncio.sleep(_PAUSE)
