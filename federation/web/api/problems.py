"""What went wrong, as RFC 9457 says it: application/problem+json. Knows no endpoint."""

from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpResponse


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is none."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    """What is wrong and what to do."""


class Refused(Exception):
    """Raised where a request cannot be answered."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        self.problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(detail)


def answer(refused: Refused) -> HttpResponse:
    """The answer to send."""
    return HttpResponse(
        msgspec.json.encode(refused.problem),
        status=refused.problem.status,
        content_type="application/problem+json",
        headers=dict[str, Any](refused.headers),
    )
