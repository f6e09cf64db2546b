"""The answers to the standards are whole, and every test that a document names is there."""

import ast
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import __version__

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "standards"
ROWS = {
    "etsi-en-303-645": 78,
    "cra-annex-i": 22,
    "owasp-isvs-l1": 62,
    "cnil-guide-2024": 25,
}
"""Table → how many rows its standard has."""
COLUMNS = ["id", "title", "status", "applies", "answer", "evidence", "not_done"]
MANDATORY = {"etsi-en-303-645": 36, "cra-annex-i": 22}
FRENCH = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/fr/*.md"))
FURTHER_DOWN = ["docs/standards/README.md", *FRENCH]
DOCUMENTS = [
    *sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))),
    *FURTHER_DOWN,
]

Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def items(row: Row) -> list[str]:
    return [item for item in row["evidence"].split("; ") if item]


def is_test(item: str) -> bool:
    return item.startswith("tests/")


def exists(item: str) -> bool:
    """Whether there is such a test: a file, or a function or class of that very file."""
    path, _, name = item.partition("::")
    file = ROOT / path
    return file.is_file() and (not name or name in defined(file))


def defined(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.ClassDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def unproved(rows: list[Row]) -> list[str]:
    """Mandatory rows that apply, name no test, and do not say what is missing."""
    return [
        row["id"]
        for row in rows
        if row["status"].startswith("mandatory")
        and row["applies"] != "no"
        and not any(map(is_test, items(row)))
        and not row["not_done"].startswith("not yet: ")
    ]


@pytest.mark.parametrize("name", ROWS)
def test_a_table_has_every_row_of_its_standard_once(name: str) -> None:
    rows = table(name)
    assert list(rows[0]) == COLUMNS
    assert len({row["id"] for row in rows}) == len(rows) == ROWS[name]
    if name in MANDATORY:
        mandatory = [row for row in rows if row["status"].startswith("mandatory")]
        assert len(mandatory) == MANDATORY[name]


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_answered(name: str) -> None:
    for row in table(name):
        assert all(row[column].strip() for column in COLUMNS[:5]), row
        assert row["applies"] in ("yes", "partly", "no"), row
        if row["applies"] == "partly":
            assert row["not_done"] or items(row), row


@pytest.mark.parametrize("name", ROWS)
def test_every_test_and_document_named_as_evidence_exists(name: str) -> None:
    named = [(row["id"], item) for row in table(name) for item in items(row)]
    assert [pair for pair in named if is_test(pair[1]) and not exists(pair[1])] == []
    files = [(id_, item) for id_, item in named if re.fullmatch(r"[\w./-]+\.(md|sh)|LICENSE", item)]
    assert [pair for pair in files if not (ROOT / pair[1]).is_file()] == []


@pytest.mark.parametrize("name", ROWS)
def test_what_is_mandatory_names_a_test_or_says_what_is_missing(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table(name)
    assert unproved(rows) == []
    waiting = [row["id"] for row in rows if row["not_done"].startswith("not yet: ")]
    with capsys.disabled():
        told = f"{name}: {len(rows)} rows, {len(waiting)} not yet: {' '.join(waiting)}"
        sys.stdout.write(f"\n{told}\n")


def test_a_mandatory_row_with_nothing_behind_it_is_found() -> None:
    row = dict.fromkeys(COLUMNS, "") | {"id": "5.5-1", "status": "mandatory", "applies": "yes"}
    assert unproved([row]) == ["5.5-1"]
    assert unproved([row | {"not_done": "later"}]) == ["5.5-1"]
    assert unproved([row | {"evidence": "make check"}]) == ["5.5-1"]
    assert unproved([row | {"not_done": "not yet: comes with the card image"}]) == []
    assert unproved([row | {"evidence": "tests/test_docs.py"}]) == []
    assert not exists("tests/test_docs.py::test_nothing_of_the_kind")
    assert not exists("tests/test_nothing.py")


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def named_in(text: str) -> Iterator[str]:
    yield from re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", text)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_a_document_names_exists(document: str) -> None:
    assert [item for item in named_in(read(document)) if not exists(item)] == []


@pytest.mark.parametrize("document", FURTHER_DOWN)
def test_every_link_of_a_document_further_down_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", read(document))
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("document", FRENCH)
def test_a_french_document_asks_for_a_dpo_and_calls_people_persons(document: str) -> None:
    text = read(document)
    assert "(DPO) doit relire ce texte" in text[:400]
    assert re.findall(r"(?i)bénéficiaires?|usagers?|\[TODO", text) == []


def test_the_disclosure_policy_says_where_and_when() -> None:
    policy = " ".join(read("SECURITY.md").split())
    for told in ("private advisory", "2 working days", "90 days", "free of charge"):
        assert told in policy
    assert re.findall(r"[\w.]+@[\w.]+", policy) == []


def test_the_support_period_is_published() -> None:
    policy = read("SECURITY.md")
    assert "five years" in policy
    minor = __version__.rpartition(".")[0]
    assert re.search(rf"^\| {re.escape(minor)} \| .+ \|$", policy, re.MULTILINE)


def test_no_private_key_lies_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "grep", "-lE", "^-----BEGIN ([A-Z]+ )*PRIVATE KEY-----$"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert listed.stdout == ""
    assert listed.returncode == 1, "git grep did not run"
