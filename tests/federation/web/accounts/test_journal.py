"""The page of the audit: all of it, what is looked for, and that nobody took a line out."""

import csv
import html
import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from federation.people import store
from federation.people.store import Deed
from federation.web.accounts.journal import chosen, harmless
from tests.federation.web.site import Site

MORNING = round(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp() * 1000)
DAY = 86_400_000
LINES = (
    Deed(MORNING, "compte claire", "opened", "van-germaine 7/1", "rappel"),
    Deed(MORNING + DAY, "root", "erased", "van-germaine 7/1", '=HYPERLINK("http://evil")'),
    Deed(MORNING + 2 * DAY, "compte claire", "account_closed", "compte lou", "centre"),
)


@pytest.fixture
def told(site: Site) -> Site:
    with store.writing(site.config.store) as web:
        for line in LINES:
            store.record(web, line)
    return site


def page(site: Site, **form: str) -> str:
    browser = site.as_("auditor")
    answer = browser.post("/comptes/journal/", form) if form else browser.get("/comptes/journal/")
    return html.unescape(answer.content.decode())


def meddle(site: Site, statement: str) -> None:
    with closing(sqlite3.connect(site.config.store.outbox)) as file, file:
        file.execute(statement)


def test_it_tells_every_deed_in_words_and_that_they_hang_together(told: Site) -> None:
    said = page(told)
    assert "Les 3 lignes s'enchaînent" in said
    for words in ("a ouvert un nom", "a demandé l'effacement", "a fermé un compte", "rappel"):
        assert words in said
    assert list(store.lines(told.config.store))[-1].chain.hex() in said


def test_an_empty_one_says_so(site: Site) -> None:
    assert "Le journal est vide." in page(site)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [0, 1, 2]),
        ({"who": "CLAIRE"}, [0, 2]),
        ({"deed": "erased"}, [1]),
        ({"about": "germaine"}, [0, 1]),
        ({"since": "2026-03-03"}, [1, 2]),
        ({"until": "2026-03-03"}, [0, 1]),
        ({"since": "2026-03-03", "until": "2026-03-03"}, [1]),
        ({"who": "nobody"}, []),
    ],
)
def test_it_finds_what_is_looked_for(
    told: Site, wanted: dict[str, str], numbers: list[int]
) -> None:
    from federation.web.accounts.journal import Wanted

    form = Wanted(wanted)
    assert form.is_valid()
    found = [line.deed for line in chosen(store.lines(told.config.store), form.cleaned_data)]
    assert found == [LINES[number] for number in numbers]


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE audit SET reason = 'nothing' WHERE id = 2", 2),
        ("UPDATE audit SET who = 'compte lou' WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 2", 3),
        ("DELETE FROM audit WHERE id = 1", 2),
    ],
)
def test_a_line_that_was_changed_or_taken_out_shows(told: Site, statement: str, line: int) -> None:
    meddle(told, statement)
    said = page(told)
    assert "Le journal n'est plus intact." in said
    assert f"La ligne {line} n'est pas celle" in said


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_a_spreadsheet_has_all_of_it_and_runs_nothing(told: Site) -> None:
    answer = told.as_("auditor").post("/comptes/journal/tableur/", {"about": "germaine"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal.csv"'
    heading, *lines = rows(answer)
    assert heading[0] == "ligne"
    assert [line[0] for line in lines] == ["1", "2"]
    assert lines[1][5].startswith("'=HYPERLINK")


@pytest.mark.parametrize("text", ["=1+1", "+33", "-1", "@SUM(A1)", "\t=1"])
def test_a_text_that_would_be_a_formula_is_made_one_no_more(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_who_may_not_see_it_does_not(told: Site) -> None:
    for login in ("territory", "centre", "funder"):
        assert told.as_(login).get("/comptes/journal/").status_code == 403
