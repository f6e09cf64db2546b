"""What an operator can mend is a sentence in the log and a calm page, never a traceback."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..errors import OperatorError

log = logging.getLogger("web")


class Faults:
    """Middleware around every view. Bugs go through it: they crash, and are told with a trace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """503 for an OperatorError."""
        if not isinstance(error, OperatorError):
            return None
        log.error("%s", error)
        return render(request, "503.html", status=503)
