"""What is kept, told to those it is about: from the first page, and before a name is typed."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.documents import Notices
from protocol.retention import RULES
from tests.trusted import Trusted
from tests.ui.kit import WORDS, Bench
from tests.ui.test_staff import shown, the_federation_says
from tests.ui.test_workshops import CV, UNIT, goes_to, offers, types
from ui.models import notice
from ui.models.panel import Panel


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    Trusted().identity_of(UNIT, tmp_path / "data")
    with Bench(tmp_path) as ready:
        yield ready


def says(bench: Bench, **texts: str) -> None:
    the_federation_says(bench, "notices", 1, msgspec.json.encode(Notices(texts=texts)))


def test_anybody_may_read_it_before_saying_anything(bench: Bench) -> None:
    bench.screen.touch("notice")
    bench.pump()
    assert all(WORDS[line.key] in shown(bench) for line in notice.LINES)
    bench.screen.touch("back")
    assert bench.desk.panel == Panel()


def test_whoever_reads_it_before_a_name_finds_what_was_typed(bench: Bench) -> None:
    offers(bench, CV)
    goes_to(bench, CV.title)
    types(bench, "ANA")
    bench.screen.touch("notice")
    bench.pump()
    assert bench.at == "notice"
    bench.desk.touch("help")
    bench.desk.touch("back")
    bench.desk.touch("back")
    bench.pump()
    assert (bench.at, bench.screen.typed) == ("first_name", "Ana")


def test_whoever_leaves_it_lying_is_forgotten(bench: Bench) -> None:
    offers(bench, CV)
    goes_to(bench, CV.title)
    types(bench, "ANA")
    bench.screen.touch("notice")
    bench.passes(61)
    assert bench.at == "still_there"
    bench.passes(8)
    assert bench.at == "still_there"
    bench.passes(1)
    assert (bench.desk.panel, bench.desk.workshops.typed.first_name) == (Panel(), "")


def test_the_federations_own_text_stands_instead_in_the_visitors_language(bench: Bench) -> None:
    says(bench, fr="Ce que nous gardons.", ar="ما نحتفظ به.")
    bench.screen.touch("notice")
    bench.pump()
    assert bench.screen.pages == ["Ce que nous gardons."]
    bench.desk._show(Panel(screen="notice", language="ar"))
    bench.pump()
    assert bench.screen.pages == ["ما نحتفظ به."]
    bench.desk._show(Panel(screen="notice", language="tr"))
    bench.pump()
    assert bench.screen.pages == ["Ce que nous gardons."]


def test_a_long_text_is_read_page_by_page(bench: Bench) -> None:
    says(bench, fr="Une phrase qui dit ce que nous gardons de vous. " * 20)
    bench.screen.touch("notice")
    bench.pump()
    assert len(bench.screen.pages) > 2
    bench.taps(WORDS["workshops.more"])
    assert bench.screen.page == 1


def test_the_two_years_it_names_are_those_of_the_code() -> None:
    assert RULES["federation.sealed"].days == 2 * 365
    assert "deux ans" in WORDS["notice.time"]


@given(st.lists(st.text(st.characters(categories=["L", "P", "Zs"]), max_size=400)))
def test_no_word_is_lost_between_pages_and_no_page_is_too_long(paragraphs: list[str]) -> None:
    whole = "\n".join(paragraphs)
    cut = notice.pages(whole)
    assert all(notice.lines_of(page) <= notice.LINES_OF_A_PAGE for page in cut)
    assert "".join("".join(cut).split()) == "".join(whole.split())
    if all(len(word) < notice.LONGEST for word in whole.split()):
        assert " ".join(cut).split() == whole.split()


def test_short_lines_fill_a_page_too() -> None:
    assert {page.count("\n") for page in notice.pages("a\n" * 1000)} == {6, 5}


def test_it_is_read_once_and_not_each_second(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    says(bench, fr="Ce que nous gardons.")
    bench.screen.touch("notice")
    bench.pump()
    says(bench, fr="Autre chose.")
    bench.passes(5)
    assert bench.screen.pages == ["Ce que nous gardons."]
    bench.screen.touch("back")
    bench.pump()
    bench.screen.touch("notice")
    bench.pump()
    assert bench.screen.pages == ["Autre chose."]
