"""Static files for our server: whole, since none is long. Finds nothing itself.

WhiteNoise streams them by a synchronous iterator; under ASGI Django reads all of that first, and
warns of it.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


class Files(WhiteNoiseMiddleware):
    """WhiteNoise, but for the way an answer is given."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file, a part of it, or nothing when it has not changed."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file as opened:
                body = opened.read()
        answer = HttpResponse(body, status=int(found.status))
        del answer["Content-Type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
