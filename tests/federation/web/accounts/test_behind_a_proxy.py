"""The real process behind a proxy: whose network waits, and what its log tells of anybody."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from tests import canaries
from tests.federation.web.browser import Served
from tests.federation.web.site import PASSWORD, Site

HERE, THERE = "198.51.100.7", "203.0.113.9"
NAME, GUESS = "zq-camille-zq", "zq-guess-zq"
pytestmark = pytest.mark.slow


@pytest.fixture
def served(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    found = Served(tmp_path_factory.mktemp("served"), site.config.store.data)
    yield found.start()
    found.kill()


class Visitor:
    """Somebody behind the proxy, which says where they come from."""

    def __init__(self, url: str, network: str) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open, self._url = urllib.request.build_opener(cookies).open, url
        self._headers = {"X-Forwarded-For": network}

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self._url + path, data, self._headers)
        try:
            with self._open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def enter(self, login: str, password: str) -> int:
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.ask("/comptes/entrer/")[1])
        assert found
        form = {"csrfmiddlewaretoken": found[1], "username": login, "password": password}
        return self.ask("/comptes/entrer/", form)[0]


def test_who_guesses_from_one_network_keeps_nobody_out_who_comes_from_another(
    served: Served,
) -> None:
    guesser, owner = Visitor(served.url, HERE), Visitor(served.url, THERE)
    assert [guesser.enter("territory", GUESS) for _ in range(6)] == [403] * 5 + [429]
    assert owner.enter("territory", PASSWORD) == 200
    assert guesser.enter(NAME, GUESS) == 403
    assert "Mon mot de passe" in owner.ask("/comptes/mot-de-passe/")[1]
    told = served.log
    assert told.count("a login was refused, network ") == 6
    hidden = [NAME, GUESS, PASSWORD, HERE, THERE, "username", "csrfmiddlewaretoken"]
    assert canaries.found(hidden, told.encode()) == []
    assert "territory" not in told
