"""Every view with every role, found by walking the addresses: a new view is tried without asking.

What a view needs to be tried is in tests/federation/web/matrix.py.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from federation.web.scope import RIGHTS
from tests.federation.web.matrix import Sample, View, samples, views
from tests.federation.web.site import PEOPLE, ROLES, Site

VIEWS = views()
OF_THE_NORTH = ("territory", "centre", "funder-nord")
OF_SESSIONS = frozenset({"django_session", "frozen", "exported", "snapshot"})
"""Who is in, and the reading of a closed period that a funder's first look keeps for all others."""


@pytest.fixture
def given(site: Site) -> dict[str, Sample]:
    return samples(site)


def test_every_view_says_what_it_needs() -> None:
    silent = [view.name for view in VIEWS if view.right is None]
    assert silent == [], "wrap them in needs(…) or public(…) of federation/web/scope.py"
    rights = {right for held in RIGHTS.values() for right in held}
    assert {view.right for view in VIEWS} - {""} <= rights


def test_every_view_has_a_name_of_its_own() -> None:
    names = [view.name for view in VIEWS]
    assert len(names) == len(set(names))
    assert all(not name.endswith("None") for name in names), "give it a name"


def test_every_view_with_arguments_has_a_sample(given: dict[str, Sample]) -> None:
    for view in VIEWS:
        sample = given.get(view.name, Sample())
        assert frozenset(sample.here) == view.arguments, f"{view.name}: give a sample"
        if sample.elsewhere is not None:
            assert frozenset(sample.elsewhere) == view.arguments
    assert set(given) <= {view.name for view in VIEWS}, "samples of views that are gone"


@pytest.mark.parametrize("login", PEOPLE)
def test_a_role_sees_what_it_may_and_nothing_else(
    site: Site, given: dict[str, Sample], login: str
) -> None:
    browser, rights = site.as_(login), RIGHTS[PEOPLE[login].role]
    far = login in ("territory-guyane", "centre-parc")
    for look in (_got, _posted):
        for view in of_sessions():
            if not view.right:
                continue
            status = look(browser, view, given.get(view.name, Sample()))
            if view.right not in rights:
                assert status == 403, f"{view.name} lets {login} in"
            else:
                assert status != 403, f"{view.name} refuses {login}"
                assert far or status != 404, f"{view.name} does not find its sample for {login}"


def test_a_session_opens_no_door_that_takes_tokens(site: Site, given: dict[str, Sample]) -> None:
    for view in VIEWS:
        if view.door == "token" and view.right:
            address = view.address(given.get(view.name, Sample()).here)
            assert site.as_("federation").get(address).status_code == 401, view.name
            assert site.nobody().get(address).status_code == 401, view.name


def test_nobody_is_let_in_anywhere(site: Site, given: dict[str, Sample]) -> None:
    for view in of_sessions():
        address = view.address(given.get(view.name, Sample()).here)
        for answer in (site.nobody().get(address), site.nobody().post(address, {})):
            if view.right:
                assert answer.status_code == 302, view.name
                assert answer.headers["Location"].startswith("/comptes/entrer/?next="), view.name


@pytest.mark.parametrize("login", OF_THE_NORTH)
def test_what_is_another_territorys_is_not_there(
    site: Site, given: dict[str, Sample], login: str
) -> None:
    browser, rights = site.as_(login), RIGHTS[PEOPLE[login].role]
    for view in of_sessions():
        sample = given.get(view.name, Sample())
        if view.right not in rights:
            continue
        if sample.elsewhere is not None:
            told = sample._replace(here=sample.elsewhere)
            for look in (_got, _posted):
                assert look(browser, view, told) in (404, 405), f"{view.name} for {login}"
        if sample.form_elsewhere is not None:
            address = view.address(sample.here)
            answer = browser.post(address, dict(sample.form_elsewhere))
            assert answer.status_code == 404, f"{view.name} takes a form of another territory"


def test_whose_it_is_finds_it_and_nothing_of_the_others(
    site: Site, given: dict[str, Sample]
) -> None:
    browser, rights = site.as_("territory-guyane"), RIGHTS["territory"]
    for view in of_sessions():
        sample = given.get(view.name, Sample())
        if view.right in rights and sample.elsewhere is not None:
            found = _got(browser, view, sample._replace(here=sample.elsewhere))
            assert found in (200, 302, 304, 405), view.name
            assert _got(browser, view, sample) in (404, 405), view.name


def test_looking_changes_nothing(site: Site, given: dict[str, Sample]) -> None:
    browsers = [site.as_(role) for role in ROLES]
    before = contents()
    for browser in browsers:
        for view in of_sessions():
            browser.get(view.address(given.get(view.name, Sample()).here))
    assert contents() == before


def test_a_form_of_another_site_changes_nothing(site: Site, given: dict[str, Sample]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(site.account("federation"))
    before = contents()
    for view in of_sessions():
        sample = given.get(view.name, Sample())
        status = browser.post(view.address(sample.here), dict(sample.form)).status_code
        assert status in (403, 405), f"{view.name} takes a form without our token"
    assert contents() == before


def test_no_answer_may_be_framed_kept_or_run_what_is_not_ours(
    site: Site, given: dict[str, Sample]
) -> None:
    browser = site.as_("federation")
    for view in VIEWS:
        headers = browser.get(view.address(given.get(view.name, Sample()).here)).headers
        assert "'unsafe" not in headers["Content-Security-Policy"], view.name
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], view.name
        assert headers["X-Content-Type-Options"] == "nosniff", view.name


def of_sessions() -> Iterator[View]:
    """Those that know who asks by a session, and those that ask nobody."""
    return (view for view in VIEWS if view.door == "session")


def _got(browser: Client, view: View, sample: Sample) -> int:
    return browser.get(view.address(sample.here)).status_code


def _posted(browser: Client, view: View, sample: Sample) -> int:
    return browser.post(view.address(sample.here), dict(sample.form)).status_code


def contents() -> dict[str, list[object]]:
    """All that the web's store holds, but what looking itself may keep."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found: dict[str, list[object]] = {}
        for name in sorted(set(names) - OF_SESSIONS):
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(map(repr, cursor.fetchall()))
    return found
