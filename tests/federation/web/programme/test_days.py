"""Days that people mistype, and days that are given away: nothing is lost without a word."""

import html
from datetime import timedelta

import pytest

from federation.web.programme.models import TourDay, Workshop
from tests.federation.web.programme import planned
from tests.federation.web.site import Site

TOMORROW = planned.TODAY + timedelta(days=1)
FORM = {
    "title": "Photos", "at": "14:00", "minutes": 90, "place": "Ici", "theme": "email",
    "level": "debutant", "audience": "Adultes", "total": 8,
}  # fmt: skip


def planning(site: Site, day: str) -> str:
    """A new workshop of the north; what the page says then."""
    territory = site.vehicle("Germaine").centre.territory_id
    form = {**FORM, "day": day, "territory": territory}
    page = site.as_("territory").post("/programme/ateliers/nouveau/", form, follow=True)
    return html.unescape(page.content.decode())


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2062-11-26", "2020-01-01"])
def test_a_workshop_years_away_is_refused(site: Site, day: str) -> None:
    assert "vérifiez l'année" in planning(site, day)
    assert not Workshop.objects.exists()


def test_one_of_the_past_is_kept_with_a_warning(site: Site) -> None:
    assert "Ce jour est passé" in planning(site, (planned.TODAY - timedelta(days=9)).isoformat())
    assert "Ce jour est passé" not in planning(site, (planned.TODAY + timedelta(9)).isoformat())
    assert Workshop.objects.count() == 2


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "x", ""])
def test_no_day_breaks_a_page(site: Site, day: str) -> None:
    number = site.vehicle("Germaine").pk
    planned.tour(site, planned.place(site))
    someone = site.as_("federation")
    for address in (
        f"/programme/tournees/?jour={day}", f"/vehicules/{number}/?jour={day}",
        f"/rapports/?periode={day}..{day}",
    ):  # fmt: skip
        assert someone.get(address).status_code == 200, address
    for address, form in (
        ("/programme/tournees/deplacer/", {"day": day, "from": number, "to": "personne"}),
        (f"/vehicules/{number}/confier/", {"day": day, "target": "personne"}),
        ("/comptes/journal/", {"since": day, "until": day}),
        ("/programme/tournees/nouvelle/", {"vehicle": number, "first": day, "last": day}),
    ):
        assert someone.post(address, form, follow=True).status_code == 200, address
    assert not TourDay.objects.exists()


def test_a_tour_is_cancelled_only_by_who_chose_that(site: Site) -> None:
    number = site.vehicle("Germaine").pk
    planned.tour(site, planned.place(site))
    someone, day = site.as_("territory"), TOMORROW.isoformat()
    for address, name, told in (
        (f"/vehicules/{number}/", "target", (f"/vehicules/{number}/confier/", {"day": day})),
        ("/programme/tournees/", "to",
         ("/programme/tournees/deplacer/", {"day": day, "from": number})),
    ):  # fmt: skip
        page = someone.get(address).content.decode()
        (select,) = [part for part in page.split("<select")[1:] if f'name="{name}"' in part]
        choices = select.partition("</select>")[0]
        assert "required" in choices
        assert choices.index('value=""') < choices.index('value="personne"')
        assert choices.rstrip().endswith("personne : elle n'a pas lieu</option>")
        where, form = told
        for target in ({}, {name: ""}):
            page = someone.post(where, {**form, **target}, follow=True).content.decode()
            assert "rien n'a changé" in html.unescape(page)
        assert not TourDay.objects.exists()
        someone.post(where, {**form, name: "personne"})
        assert TourDay.objects.get().vehicle_id is None
        TourDay.objects.all().delete()
