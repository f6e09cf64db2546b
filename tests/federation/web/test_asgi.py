"""What the server hands to views: a request that keeps its scheme beside an account's reach."""

import asyncio
from typing import Any

from asgiref.testing import ApplicationCommunicator

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
