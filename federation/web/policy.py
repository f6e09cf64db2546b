"""What a browser may do with our pages: nothing from elsewhere, nothing inline. One header."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles};"
    " connect-src 'self'{tiles}; font-src 'self'; worker-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


class ContentPolicy:
    """Middleware that puts the header on every answer, and lets no page of ours be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response
        web = settings.ESCALE.web
        self._value = _POLICY.format(
            tiles="".join(f" {host}" for host in web.map_hosts),
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with its policy."""
        answer = self._next(request)
        answer.headers.setdefault("Content-Security-Policy", self._value)
        answer.headers.setdefault("Cache-Control", "no-store, private")
        return answer
