"""The catalogues: made of the French, compiled, marked as unread, and a new one is a new folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.kit import Bench
from tools import catalogues
from ui.text import catalogue

TRANSLATED = """
msgid ""
msgstr ""
"Language: zz\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

# say: Bonjou tout moun
msgctxt "welcome.hello"
msgid "Bonjour !"
msgstr "Bonjou !"

msgctxt "language.name"
msgid "Français"
msgstr "Zizi"

msgctxt "help.ask"
msgid "{help}"
msgstr "Èd"
"""


@pytest.fixture
def locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of what is there, to write into."""
    folder = tmp_path / "locales"
    shutil.copytree(catalogue.LOCALES, folder)
    monkeypatch.setattr(catalogue, "LOCALES", folder)
    forgets()
    yield folder
    forgets()


def forgets() -> None:
    """What was read from the files."""
    catalogue.load.cache_clear()
    catalogue.languages.cache_clear()


def a_new_language(locales: Path, *, helps: str = "Aide") -> None:
    """As docs/languages.md tells it; `helps`: the French of *Aide* when it was translated."""
    words = TRANSLATED.replace("{help}", helps)
    (locales / "zz").mkdir()
    (locales / "zz" / "visitor.po").write_text(words, encoding="utf-8")
    catalogues.update(locales)
    forgets()


def test_all_files_are_made_of_the_french_as_it_is(locales: Path) -> None:
    files = sorted(path for path in catalogue.LOCALES.rglob("*.*") if path.is_file())
    before = {path: path.read_bytes() for path in files}
    catalogues.update(locales)
    assert [path.name for path in files if path.read_bytes() != before[path]] == []


def test_a_new_language_is_a_new_folder(locales: Path) -> None:
    a_new_language(locales)
    assert "zz" in catalogue.languages()
    words = catalogue.load("zz")
    assert words["welcome.hello"] == "Bonjou\u00a0!"
    assert words["reasons.title"] == catalogue.load("fr")["reasons.title"]  # not yet translated
    assert words["pin.enter"] == catalogue.load("fr")["pin.enter"]  # never


def test_it_stands_on_the_first_page_and_leads_to_a_number(locales: Path, bench: Bench) -> None:
    a_new_language(locales)
    bench.desk.languages.offered = ("fr", "zz")
    bench.app.show()
    bench.pump()
    bench.taps("Zizi")
    assert bench.desk.panel.language == "zz"
    bench.taps("Èd")
    assert bench.at == "help"


def test_what_the_french_says_differently_now_is_told_in_french_until_read_again(
    locales: Path,
) -> None:
    a_new_language(locales, helps="À l’aide")
    assert catalogue.load("zz")["help.ask"] == "Aide"
    written = (locales / "zz" / "visitor.po").read_text(encoding="utf-8")
    assert (
        '# before: À l’aide\n#, fuzzy\nmsgctxt "help.ask"\nmsgid "Aide"\nmsgstr "Èd"\n' in written
    )
    catalogues.update(locales)
    assert (locales / "zz" / "visitor.po").read_text(encoding="utf-8") == written


def test_once_read_again_it_is_told_and_the_old_french_is_gone(locales: Path) -> None:
    a_new_language(locales, helps="À l’aide")
    path = locales / "zz" / "visitor.po"
    path.write_text(path.read_text(encoding="utf-8").replace("#, fuzzy\n", ""), encoding="utf-8")
    catalogues.update(locales)
    forgets()
    assert catalogue.load("zz")["help.ask"] == "Èd"
    assert "before:" not in path.read_text(encoding="utf-8")


def test_a_catalogue_counts_as_read_when_its_header_names_who_read_it(locales: Path) -> None:
    a_new_language(locales)
    assert not catalogue.load("zz").proof_read
    path = locales / "zz" / "visitor.po"
    by_whom = path.read_text(encoding="utf-8").replace("Proof-Read: no", "Proof-Read: A. B.")
    path.write_text(by_whom, encoding="utf-8")
    catalogues.update(locales)
    forgets()
    assert catalogue.load("zz").proof_read
    assert catalogue.load("fr").proof_read


def test_what_is_said_may_differ_from_what_is_read(locales: Path) -> None:
    a_new_language(locales)
    catalogues.update(locales)  # the comment is still there
    said = catalogues.spoken("zz")
    assert said["welcome.hello"] == "Bonjou tout moun"
    assert "reasons.title" not in said  # French, which its own voice says
    assert "reasons.title" in catalogues.spoken("fr")
