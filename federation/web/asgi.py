"""Our kind of request, for the server: its `scope` is what an account reaches. Answers nothing.

Django gives that name to the connection it came by, and asks it once more afterwards, for the
scheme: that is kept here.
"""

from typing import Any

from django.core.handlers.asgi import ASGIHandler, ASGIRequest


class Request(ASGIRequest):
    """One that bears `needs` (scope.py)."""

    def __init__(self, scope: Any, body_file: Any) -> None:
        super().__init__(scope, body_file)
        self._scheme = scope.get("scheme") or "http"

    def _get_scheme(self) -> str:
        return str(self._scheme)


class Handler(ASGIHandler):
    """The application."""

    request_class = Request
