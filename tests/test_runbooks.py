"""Every command that a document tells people to type on a bad day is one the programs know."""

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import cli as unit
from federation import cli as federation
from federation import config
from provisioning import cli as provisioning

ROOT = Path(__file__).parents[1]
PROGRAMS = {
    "escale": unit._parser,
    "escale-federation": federation._parser,
    "escale-provision": provisioning._parser,
}
PAGES = [
    "SECURITY.md", "docs/security.md", "docs/privacy.md", "docs/technician.md", "docs/flash.md",
    "docs/operations-federation.md", "docs/accounts.md",
]  # fmt: skip


def lines(page: str) -> Iterator[str]:
    """Whole commands: in a block of their own, or quoted with all their arguments."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (line.strip() for line in block.replace("\\\n", " ").splitlines())
    yield from re.findall(r"`(escale[a-z-]* --[^`]*)`", text)


def commands(page: str) -> list[list[str]]:
    told = [shlex.split(line, comments=True) for line in lines(page)]
    return [words for words in told if words and words[0] in PROGRAMS]


def is_known(parser: ArgumentParser, words: list[str]) -> bool:
    try:
        parser.parse_args(words)
    except SystemExit as stopped:
        return stopped.code == 0
    return True


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_told_is_known(page: str) -> None:
    told = commands(page)
    assert [
        " ".join(words) for words in told if not is_known(PROGRAMS[words[0]](), words[1:])
    ] == []


def test_the_runbooks_have_commands_of_both_ends() -> None:
    assert {words[0] for words in commands("docs/security.md")} >= {
        "escale-federation",
        "escale-provision",
    }


def test_a_command_that_is_none_is_found() -> None:
    assert not is_known(provisioning._parser(), ["--folder", "F", "rescue", "VAN"])
    assert not is_known(federation._parser(), ["--config", "C", "publish", "trust"])


@pytest.mark.parametrize("page", ["docs/operations-federation.md"])
def test_every_setting_that_is_told_is_known(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    told = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert told
    for number, block in enumerate(told):
        whole = block if "[store]" in block else '[store]\ndata = "/var/lib/escale"\n' + block
        path = tmp_path / f"{number}.toml"
        path.write_text(whole, encoding="utf-8")
        config.load(path)
