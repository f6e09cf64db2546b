"""Gives visitors' French words to translators and compiles what they wrote. Writes no word itself.

`french/visitor.toml` → `locales/visitor.pot` → each `locales/<language>/visitor.po` → its `.mo`.
A key whose French has changed keeps its translation, marked fuzzy: French is shown until somebody
has read it again. A new language: make its folder with an empty visitor.po (docs/languages.md).
"""

import argparse
import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from ui.text import catalogue

UNREAD = "no"
BEFORE = "before:"
"""Begins the comment with the French that a translation was made of, while it is marked fuzzy."""


class Translation(Catalog):
    """A catalogue with no date in it, and a header that says whether a speaker has read it."""

    proof_read = UNREAD

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What Babel writes first."""
        return [
            ("Language", str(self.locale_identifier or "")),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("X-Proof-Read", f"{self.proof_read}\n"),
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    update(catalogue.LOCALES)


def update(locales: Path) -> None:
    """Bring every file below that folder up to date with the French."""
    (locales / "visitor.pot").write_bytes(written(template()))
    for path in sorted(locales.glob("*/visitor.po")):
        told = updated(path)
        path.write_bytes(written(told))
        compiled = BytesIO()
        write_mo(compiled, told)
        path.with_suffix(".mo").write_bytes(compiled.getvalue())


def template() -> Translation:
    """Every key, in the order of the French file."""
    empty = Translation(header_comment="# Escale: what visitors read.", fuzzy=False)
    for key, text in catalogue.french("visitor").items():
        empty.add(text if isinstance(text, str) else (text["one"], text["other"]), context=key)
    return empty


def updated(path: Path) -> Translation:
    """What was translated, by today's keys and today's French."""
    language, old = path.parent.name, _read(path)
    new = Translation(locale=language, header_comment=f"# Escale in {language!r}.", fuzzy=False)
    new._num_plurals, new._plural_expr = old.num_plurals, old.plural_expr
    said = re.search(r"X-Proof-Read: (.*?)\\n", path.read_text(encoding="utf-8"))
    new.proof_read = said[1] if said else UNREAD
    by_key = {message.context: message for message in old if message.id}
    for message in template():
        if message.id:
            new[message.id] = _kept(message, by_key.get(message.context), new.num_plurals)
    return new


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name)


def _kept(message: Message, old: Message | None, plurals: int) -> Message:
    kept = message.clone()
    if message.pluralizable:
        kept.string = ("",) * plurals
    if old is None or old.pluralizable != message.pluralizable:
        return kept
    kept.string, kept.flags = old.string, set(old.flags)
    before = [comment for comment in old.user_comments if comment.startswith(BEFORE)]
    others = [comment for comment in old.user_comments if comment not in before]
    if old.id != message.id and any(old.string):
        kept.flags.add("fuzzy")
        before = [f"{BEFORE} {old.id if isinstance(old.id, str) else old.id[1]}"]
    kept.user_comments = [*(before if kept.fuzzy else ()), *others]
    return kept


def written(told: Catalog) -> bytes:
    """As a .po file: the same bytes for the same words."""
    file = BytesIO()
    write_po(file, told, width=100)
    return file.getvalue()


def spoken(language: str) -> dict[str, str]:
    """Key → what is to be said: the text, or what a comment `# say: …` above it puts instead.

    Vowels that no reader needs, but a voice does, are written there. What has no translation is
    not said: it is French, and its own voice has it.
    """
    if language == "fr":
        return {
            key: text if isinstance(text, str) else text["other"]
            for key, text in catalogue.french("visitor").items()
        }
    words, told = catalogue.load(language), _read(catalogue.LOCALES / language / "visitor.po")
    return {
        message.context: _said(message) or words[message.context]
        for message in told
        if message.id and any(message.string) and not message.fuzzy
    }


def _said(message: Message) -> str:
    # Babel breaks long comments into several.
    return " ".join(message.user_comments).partition("say:")[2].strip()


if __name__ == "__main__":
    main()
