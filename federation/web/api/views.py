"""Answers the endpoints of catalogue.py. Reads only."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from ..scope import public
from . import catalogue, problems
from .catalogue import ENDPOINTS, ROOT, Endpoint
from .door import asked, by_token
from .problems import Refused


@public
def openapi(_request: Any) -> HttpResponse:
    """What the interface is, for programs: no secret."""
    return HttpResponse(_text(), content_type="application/json")


@csrf_exempt
@public
def nothing(request: Any, rest: str) -> HttpResponse:
    """For programs, in their words."""
    if request.method not in ("GET", "HEAD"):
        return problems.answer(Refused(405, "This interface is read with GET.", Allow="GET, HEAD"))
    return problems.answer(
        Refused(404, f"There is nothing at this address: see {ROOT}openapi.json.")
    )


@cache
def _text() -> bytes:
    return msgspec.json.format(msgspec.json.encode(catalogue.openapi()))


def addresses() -> Iterator[URLPattern]:
    """One for every endpoint."""
    for endpoint in ENDPOINTS:
        where = endpoint.name.replace("{vehicle}", "<int:vehicle>")
        yield path(where, _answering(endpoint), name=endpoint.operation)


def _answering(endpoint: Endpoint) -> Any:
    @by_token(endpoint.right)
    def view(request: Any, **named: int) -> HttpResponse:
        query = asked(request, endpoint.asks)
        found = endpoint.read(request.scope, query, *named.values())
        return HttpResponse(msgspec.json.encode(found), content_type=endpoint.content_type)

    return view
