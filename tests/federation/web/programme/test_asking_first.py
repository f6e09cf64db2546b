"""What cannot be taken back is asked first; days that moved or were called off come back."""

import re

from federation.web.programme import tours
from federation.web.programme.models import DeskSignUp, Tour, TourDay
from tests.federation.web.programme import planned
from tests.federation.web.programme.test_tours import TOMORROW
from tests.federation.web.site import Site

MOVE = "/programme/tournees/deplacer/"


def asked_first(page: str, button: str) -> bool:
    """Whether the button is within something closed that has to be opened."""
    folded = "".join(re.findall(r"<details(?![^>]* open).*?</details>", page, re.S))
    return button in folded and page.count(button) == folded.count(button)


def test_giving_a_sign_up_back_and_ending_a_tour_are_asked_first(site: Site) -> None:
    planned.workshop(site, total=6)
    made = planned.tour(site, planned.place(site))
    browser = site.as_("centre")
    browser.post("/programme/inscriptions/cv-telephone/", {"people": 1})
    assert DeskSignUp.objects.get().seats == 1
    desk = browser.get("/programme/inscriptions/cv-telephone/").content.decode()
    assert asked_first(desk, 'name="people" value="0"')
    page = browser.get(f"/programme/tournees/{made.pk}/").content.decode()
    assert asked_first(page, f"/programme/tournees/{made.pk}/supprimer/")
    assert asked_first(page, 'class="danger"')


def test_a_day_moves_only_to_a_vehicle_that_is_free(site: Site) -> None:
    market = planned.place(site)
    for name in ("Germaine", "Simone"):
        planned.tour(site, market, vehicle=name)
    germaine, simone = (site.vehicle(name).pk for name in ("Germaine", "Simone"))
    browser, day = site.as_("territory"), TOMORROW.isoformat()
    hand_over = (f"/vehicules/{germaine}/confier/", {"day": day, "target": simone})
    for where, form in ((MOVE, {"day": day, "from": germaine, "to": simone}), hand_over):
        page = browser.post(where, form, follow=True).content.decode()
        assert "Simone a déjà une tournée le" in page
    assert not TourDay.objects.exists()
    assert tours.move_tour(TOMORROW, simone, None) == 1
    assert tours.move_tour(TOMORROW, germaine, simone) == 1, "it is free now"


def test_a_day_that_was_called_off_is_restored(site: Site) -> None:
    made = planned.tour(site, planned.place(site))
    germaine = site.vehicle("Germaine").pk
    tours.move_tour(TOMORROW, germaine, None)
    browser = site.as_("centre")
    assert "Rétablir" in browser.get(f"/programme/tournees/{made.pk}/").content.decode()
    form = {"day": TOMORROW.isoformat()}
    page = browser.post(f"/programme/tournees/{made.pk}/retablir/", form, follow=True)
    assert "est rétablie" in page.content.decode()
    assert not TourDay.objects.exists()


def test_a_day_is_not_restored_onto_a_vehicle_that_drives_another_tour(site: Site) -> None:
    market = planned.place(site)
    mine, other = (planned.tour(site, market, vehicle=name) for name in ("Germaine", "Simone"))
    germaine, simone = (site.vehicle(name).pk for name in ("Germaine", "Simone"))
    tours.move_tour(TOMORROW, germaine, None)
    tours.move_tour(TOMORROW, simone, germaine)
    form = {"day": TOMORROW.isoformat()}
    page = site.as_("territory").post(f"/programme/tournees/{mine.pk}/retablir/", form, follow=True)
    assert "Germaine a déjà une tournée le" in page.content.decode()
    assert TourDay.objects.count() == 2
    assert Tour.objects.filter(pk=other.pk).exists()
