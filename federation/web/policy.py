"""What a browser may do with our pages: nothing from elsewhere, nothing inline. One header."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..config import Web

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles};"
    " connect-src 'self'{tiles}; font-src 'self'; worker-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


def map_hosts(web: Web) -> tuple[str, ...]:
    """Origins that a map may be fetched from: those of its tiles, and that of its style."""
    if not web.map_style:
        return web.map_hosts
    style = urlsplit(web.map_style)
    return tuple(dict.fromkeys((*web.map_hosts, f"{style.scheme}://{style.netloc}")))


class ContentPolicy:
    """Middleware that puts the header on every answer, and lets no page of ours be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response
        self._value = _POLICY.format(
            tiles="".join(f" {host}" for host in map_hosts(settings.ESCALE.web)),
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with its policy."""
        answer = self._next(request)
        answer.headers.setdefault("Content-Security-Policy", self._value)
        answer.headers.setdefault("Cache-Control", "no-store, private")
        return answer
