"""One press or ten of "Inscrire": one sign-up for one form."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

from federation.web.programme.models import DeskSignUp
from tests.federation.web.programme import planned
from tests.federation.web.site import Site

HERE = "/programme/inscriptions/cv-telephone/"


def form_of(browser: Any) -> str:
    """The mark of the form that the page shows."""
    found = re.search(r'name="once" value="([^"]+)"', browser.get(HERE).content.decode())
    assert found is not None
    return found[1]


def test_two_presses_of_one_form_are_one_sign_up(site: Site) -> None:
    planned.workshop(site, total=8)
    browser = site.as_("centre")
    said = {"people": 2, "once": form_of(browser)}
    browser.post(HERE, said)
    page = browser.post(HERE, said, follow=True).content.decode()
    (made,) = DeskSignUp.objects.all()
    assert f"Inscription n° {made.number}, 2 pers. Déjà enregistrée" in page


def test_presses_at_the_same_moment_are_one_sign_up(site: Site) -> None:
    planned.workshop(site, total=8)
    browser = site.as_("centre")
    said = {"people": 1, "once": form_of(browser)}

    def press(_: int) -> None:
        site.as_("centre").post(HERE, said)
        connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(press, range(3)))
    assert DeskSignUp.objects.count() == 1


def test_two_people_who_say_the_same_are_two_sign_ups(site: Site) -> None:
    planned.workshop(site, total=8)
    browser = site.as_("centre")
    for _ in range(2):
        browser.post(HERE, {"people": 1, "once": form_of(browser)})
    assert DeskSignUp.objects.count() == 2


def test_a_form_that_was_gone_back_to_and_changed_is_another_sign_up(site: Site) -> None:
    planned.workshop(site, total=8)
    browser = site.as_("centre")
    form = form_of(browser)
    for people in (1, 2):
        browser.post(HERE, {"people": people, "once": form})
    assert DeskSignUp.objects.count() == 2
