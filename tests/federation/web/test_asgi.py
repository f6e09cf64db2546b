"""What the server hands to views: a request that keeps its scheme beside an account's reach."""

import asyncio
from typing import Any

from asgiref.testing import ApplicationCommunicator

from federation.web import settings
from federation.web import site as pages
from federation.web.asgi import Handler, Request
from federation.web.scope import needs
from tests.federation.web.site import Site

ASKED = {
    "type": "http", "method": "GET", "path": "/comptes/", "query_string": b"", "scheme": "http",
    "headers": [(b"host", b"testserver")], "client": ("127.0.0.1", 4000),
}  # fmt: skip


def test_a_page_knows_its_own_address_behind_a_right(site: Site) -> None:
    request = Request(ASKED, None)
    request.user = site.account("federation")
    told = needs("manage_accounts")(lambda request: request.build_absolute_uri("/x/"))
    assert told(request) == "http://testserver/x/"
    assert request.scope.role == "federation"
    assert not request.is_secure()


def test_the_application_answers_by_it(site: Site) -> None:
    application = pages.application(site.config)

    async def ask() -> Any:
        line = ApplicationCommunicator(application, {**ASKED, "path": "/comptes/entrer/"})
        await line.send_input({"type": "http.request"})
        began = await line.receive_output(20)
        await line.receive_output(20)
        await line.wait()
        return began["status"]

    assert isinstance(application, Handler)
    assert asyncio.run(ask()) == 200


def test_a_file_comes_whole_in_part_or_not_again_and_nothing_is_warned_of(site: Site) -> None:
    """Warnings are faults in tests: a streamed file would be one."""
    path = "/static/escale/escale.css"
    whole = settings.HERE / path.lstrip("/")
    status, headers, body = asked(site, path)
    assert (status, body) == (200, whole.read_bytes())
    assert headers[b"Content-Type"].startswith(b"text/css")
    assert headers[b"Content-Length"] == str(len(body)).encode()
    assert asked(site, path, (b"range", b"bytes=2-5"))[::2] == (206, body[2:6])
    assert asked(site, path, (b"if-none-match", headers[b"ETag"]))[::2] == (304, b"")


def asked(
    site: Site, path: str, *more: tuple[bytes, bytes]
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of a GET."""
    application = pages.application(site.config)

    async def ask() -> Any:
        scope = {**ASKED, "path": path, "headers": [*ASKED["headers"], *more]}  # type: ignore[misc]
        line = ApplicationCommunicator(application, scope)
        await line.send_input({"type": "http.request"})
        began, body, goes_on = await line.receive_output(20), b"", True
        while goes_on:
            part = await line.receive_output(20)
            body, goes_on = body + part["body"], part.get("more_body", False)
        await line.wait()
        return began["status"], dict(began["headers"]), body

    return asyncio.run(ask())
