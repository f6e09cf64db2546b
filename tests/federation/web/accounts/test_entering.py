"""Coming in: the right people, in the right words, with nothing told to anybody else."""

import logging
import re
import time
from statistics import median

import pytest
from django.conf import settings
from django.test import Client

from federation.web.accounts.throttle import FREE, marks
from tests.federation.web.site import PASSWORD, Site

LOGIN = "/comptes/entrer/"
NEW = "une-autre-phrase-longue"


def enter(browser: Client, login: str, password: str = PASSWORD, **more: str) -> object:
    return browser.post(LOGIN, {"username": login, "password": password, **more})


def is_in(browser: Client) -> bool:
    return browser.get("/comptes/mot-de-passe/").status_code == 200


def code_for(site: Site, login: str) -> str:
    number = site.account(login).pk
    page = site.as_("federation").post(f"/comptes/{number}/code/")
    found = re.search(r"<b>([a-z2-7-]{23})</b>", page.content.decode())
    assert found
    return found[1]


def choose(browser: Client, login: str, code: str, password: str = NEW) -> object:
    told = {"username": login, "code": code, "password": password, "again": password}
    return browser.post("/comptes/premier/", told)


def test_somebody_comes_in_and_goes_out(site: Site) -> None:
    browser = site.nobody()
    answer = enter(browser, "territory")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_in(browser)
    assert browser.post("/comptes/sortir/").status_code == 302
    assert not is_in(browser)


def test_a_link_cannot_send_anybody_out(site: Site) -> None:
    browser = site.as_("territory")
    assert browser.get("/comptes/sortir/").status_code == 405
    assert is_in(browser)


@pytest.mark.parametrize("login", ["territory", "nobody-of-that-name", "x" * 300, "", "a\0b"])
def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(site: Site, login: str) -> None:
    answer = enter(site.nobody(), login, "not the password")
    assert answer.status_code == 403
    said = answer.content.decode()
    assert "Cet identifiant et ce mot de passe ne vont pas ensemble." in said
    assert "not the password" not in said


def test_a_closed_account_gets_that_answer_too(site: Site) -> None:
    account = site.account("territory")
    account.is_active = False
    account.save()
    assert enter(site.nobody(), "territory").status_code == 403


def test_a_name_that_exists_takes_no_longer_than_one_that_does_not(site: Site) -> None:
    took: dict[str, list[float]] = {"territory": [], "nobody-here": []}
    for _ in range(4):
        for login, times in took.items():
            begun = time.thread_time()  # not the clock: other work does not count
            enter(site.nobody(), login, "not the password")
            times.append(time.thread_time() - begun)
    one, other = (median(times) for times in took.values())
    assert 0.7 < one / other < 1.4


def guessed(login: str, failures: int) -> None:
    """Somebody has just guessed so often at that account, from here."""
    from federation.web.accounts.models import Try

    mark = marks(login, "127.0.0.1", settings.SECRET_KEY)["both"]
    told = {"failures": failures, "last": time.time_ns() // 1_000_000}
    Try.objects.update_or_create(mark=mark, defaults=told)


@pytest.mark.parametrize("login", ["territory", "nobody-of-that-name"])
def test_guesses_must_wait_and_are_told_how_long_whoever_they_are_for(
    site: Site, login: str
) -> None:
    browser = site.nobody()
    assert [enter(browser, login, "no").status_code for _ in range(5)] == [403] * 5
    guessed(login, FREE["both"] + 4)
    answer = enter(browser, login)  # even the right one is not looked at
    assert answer.status_code == 429
    assert 60 < int(answer.headers["Retry-After"]) <= 80
    assert "attendez 2 minutes" in answer.content.decode()


def test_a_login_changes_the_session_so_that_none_can_be_prepared(site: Site) -> None:
    browser = site.nobody()
    browser.get("/")
    session = browser.session
    session["planted"] = "by somebody"
    session.save()
    planted = session.session_key
    browser.cookies["session"] = planted
    enter(browser, "territory")
    assert browser.session.session_key != planted
    other = site.nobody()
    other.cookies["session"] = planted
    assert not is_in(other)


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "\t//e.x",
    ],
)
def test_nobody_is_sent_elsewhere_after_coming_in(site: Site, asked: str) -> None:
    assert enter(site.nobody(), "territory", next=asked).headers["Location"] == "/"


def test_somebody_is_sent_where_they_wanted_to_go_here(site: Site) -> None:
    answer = enter(site.nobody(), "territory", next="/comptes/mot-de-passe/")
    assert answer.headers["Location"] == "/comptes/mot-de-passe/"


def test_a_login_from_another_site_is_refused_in_our_words(site: Site) -> None:
    answer = enter(site.nobody(enforce_csrf_checks=True), "territory")
    assert answer.status_code == 403
    assert "Rien n'a été fait" in answer.content.decode()


def test_passwords_are_kept_as_argon2id_that_costs_64_mebibytes(site: Site) -> None:
    assert site.account("territory").password.startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_code_lets_a_password_be_chosen_once(site: Site) -> None:
    code = code_for(site, "territory")
    assert choose(site.nobody(), "territory", code).status_code == 302
    assert enter(site.nobody(), "territory", NEW).status_code == 302
    assert enter(site.nobody(), "territory", PASSWORD).status_code == 403
    assert choose(site.nobody(), "territory", code).status_code == 403


def test_a_code_is_of_one_account_and_the_last_one_counts(site: Site) -> None:
    former, code = code_for(site, "territory"), code_for(site, "territory")
    for login, told in (("territory", former), ("centre", code), ("nobody", code), ("centre", "")):
        assert choose(site.nobody(), login, told).status_code in (200, 403)
    assert choose(site.nobody(), "territory", code.upper().replace("-", " ")).status_code == 302


def test_a_code_is_over_after_three_days(site: Site) -> None:
    code, account = code_for(site, "territory"), site.account("territory")
    account.ticket_until -= 3 * 24 * 3_600_000
    account.save()
    assert choose(site.nobody(), "territory", code).status_code == 403


def test_a_code_is_not_kept_and_guesses_at_one_must_wait(site: Site) -> None:
    code = code_for(site, "territory")
    assert code.replace("-", "").encode() not in site.config.store.outbox.read_bytes()
    assert choose(site.nobody(), "territory", "aaaa").status_code == 403
    guessed("territory", FREE["both"] + 4)
    assert choose(site.nobody(), "territory", "aaaa").status_code == 429


@pytest.mark.parametrize("weak", ["court", "motdepasse12", "password1234"])
def test_a_weak_password_is_refused_before_the_code_is_looked_at(site: Site, weak: str) -> None:
    answer = choose(site.nobody(), "nobody-of-that-name", "aaaa", weak)
    if weak == "motdepasse12":  # long enough, and in no list of Django's
        assert answer.status_code == 403
    else:
        assert answer.status_code == 200
        assert 'class="wrong"' in answer.content.decode()


def test_another_password_ends_the_other_sessions_and_not_this_one(site: Site) -> None:
    here, elsewhere = site.as_("territory"), site.as_("territory")
    told = {"former": PASSWORD, "password": NEW, "again": NEW}
    assert here.post("/comptes/mot-de-passe/", told).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_whoever_sits_down_at_an_open_browser_cannot_change_the_password(site: Site) -> None:
    told = {"former": "not it", "password": NEW, "again": NEW}
    answer = site.as_("territory").post("/comptes/mot-de-passe/", told)
    assert answer.status_code == 403
    assert enter(site.nobody(), "territory").status_code == 302


def test_neither_name_nor_password_nor_address_is_logged(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"username": "territory", "password": "zq-secret-zq"}
    with caplog.at_level(logging.DEBUG):
        site.nobody(REMOTE_ADDR="198.51.100.7").post(LOGIN, form)
        guessed("territory", FREE["both"] + 8)
        site.nobody().post(LOGIN, form)
    told = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db")
    assert "a login was refused, network " in told
    assert "a login must wait " in told
    for hidden in ("territory", "zq-secret-zq", "198.51.100", "127.0.0"):
        assert hidden not in told
