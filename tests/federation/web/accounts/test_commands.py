"""The commands about accounts, as somebody types them."""

import re
from pathlib import Path

import pytest

from federation import cli
from federation.people import account, store
from tests.federation.web.site import PASSWORD, Site
from tests.trusted import put


def run(site: Site, *words: object) -> int:
    return cli.main(["--config", str(site.toml), "account", *map(str, words)])


def test_the_first_account_comes_in_with_the_password_that_was_typed(
    site: Site, tmp_path: Path
) -> None:
    put(tmp_path / "password", PASSWORD + "\n")
    told = ("--role", "centre", "--territory", "guyane", "--centre", "Les Hibiscus")
    assert run(site, "add", "lou", *told, "--password-file", tmp_path / "password") == 0
    form = {"username": "lou", "password": PASSWORD}
    assert site.nobody().post("/comptes/entrer/", form).status_code == 302
    (line,) = store.audit(site.config.store)
    assert line[1:] == (account.login(), "account_added", "compte lou", "centre")


def test_somebody_who_cannot_come_in_any_more_gets_a_code(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site, "code", "federation") == 0
    code = re.search(r"premier/: (\S+)", capsys.readouterr().out)
    assert code
    new = "une-phrase-toute-neuve"
    told = {"username": "federation", "code": code[1], "password": new, "again": new}
    assert site.nobody().post("/comptes/premier/", told).status_code == 302


def test_an_account_that_is_closed_is_out_and_listed_so(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = site.as_("territory")
    assert run(site, "close", "territory") == 0
    assert browser.get("/").status_code == 302
    capsys.readouterr()
    assert run(site, "list") == 0
    assert "territory: territory, Nord, closed\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("close", "nobody"), "no open account is called nobody"),
        (("code", "nobody"), "no open account is called nobody"),
        (
            ("add", "lou", "--code", "--role", "territory"),
            "needs --territory, one of: guyane, nord",
        ),
        (
            ("add", "lou", "--code", "--role", "centre", "--territory", "nord"),
            "needs --centre, one of: Les Lilas, Maison du Parc",
        ),
        (("add", "lou", "--role", "auditor", "--password-file", "/nowhere"), "cannot be read"),
        (("add", "centre", "--code", "--role", "auditor"), "existe déjà"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    site: Site,
    capsys: pytest.CaptureFixture[str],
    words: tuple[object, ...],
    sentence: str,
) -> None:
    assert run(site, *words) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1
