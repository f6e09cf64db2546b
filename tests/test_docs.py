"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_path_of_the_readme_exists() -> None:
    named = re.findall(r"`([a-z_]+/[a-z_/.]*)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_benchmark_is_quoted_in_the_figures() -> None:
    told = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    runnable = [
        path.stem
        for path in (ROOT / "benchmarks").glob("*.py")
        if '__name__ == "__main__"' in path.read_text(encoding="utf-8") and path.stem[0] != "_"
    ]
    assert [name for name in runnable if f"benchmarks.{name}" not in told] == []
