"""How long whoever guesses must wait, decided purely and then kept."""

import pytest

from federation.web.accounts.throttle import (
    FIRST,
    FORGET,
    FREE,
    LONGEST,
    Attempt,
    Counted,
    marks,
    network,
    wait,
)
from tests.federation.web.site import Site

NOW = 1_780_000_000_000
HOME, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.mark.parametrize(
    ("failures", "since", "waits"),
    [
        (FREE["both"] - 1, 0, 0),
        (FREE["both"], 0, FIRST),
        (FREE["both"], FIRST - 1, 1),
        (FREE["both"], FIRST, 0),
        (FREE["both"] + 3, 0, 8 * FIRST),
        (FREE["both"] + 4000, 0, LONGEST),
        (FREE["both"] + 4000, FORGET, 0),
        (FREE["both"], -3_600_000, FIRST),
    ],
)
def test_each_failure_beyond_the_free_ones_doubles_the_wait(
    failures: int, since: int, waits: int
) -> None:
    assert wait("both", Counted(failures, NOW - since), NOW) == waits


def test_nobody_waits_for_what_nobody_tried() -> None:
    assert wait("account", None, NOW) == 0


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("198.51.100.7", "198.51.100.200", True),
        ("198.51.100.7", "198.51.101.7", False),
        ("2001:db8:1:2::1", "2001:db8:1:ff::2", True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False),
        ("nonsense", "", True),
    ],
)
def test_a_network_is_what_one_household_has(one: str, another: str, same: bool) -> None:
    assert (network(one) == network(another)) is same


def test_a_login_is_counted_however_it_is_typed_and_cannot_be_read_from_its_mark() -> None:
    assert marks(" Claire ", HOME, "s") == marks("claire", HOME, "s")
    assert marks("claire", HOME, "s") != marks("claire", HOME, "t")
    assert len(set(marks("claire", HOME, "s").values())) == 3


def test_a_guesser_elsewhere_does_not_keep_the_owner_out(site: Site) -> None:
    guesses = [Attempt("territory", ELSEWHERE, now=NOW).begin() for _ in range(12)]
    assert guesses[: FREE["both"]] == [0] * FREE["both"]
    assert all(guesses[FREE["both"] :])
    assert Attempt("territory", HOME, now=NOW).begin() == 0


def test_many_networks_that_guess_at_one_account_wait_together(site: Site) -> None:
    tries = [Attempt("territory", f"10.0.{each}.1", now=NOW).begin() for each in range(25)]
    assert tries[: FREE["account"]] == [0] * FREE["account"]
    assert all(tries[FREE["account"] :])


def test_one_network_that_tries_many_names_waits_for_all_of_them(site: Site) -> None:
    tries = [Attempt(f"name{each}", HOME, now=NOW).begin() for each in range(25)]
    assert tries[: FREE["network"]] == [0] * FREE["network"]
    assert all(tries[FREE["network"] :])


def test_a_day_of_guessing_is_a_hundred_tries(site: Site) -> None:
    now, looked_at = NOW, 0
    while now < NOW + 24 * 3_600_000:
        waits = Attempt("territory", HOME, now=now).begin()
        looked_at += not waits
        now += max(waits, 1)
    assert looked_at == pytest.approx(110, abs=8)


def test_who_comes_in_leaves_nothing_behind(site: Site) -> None:
    from federation.web.accounts.models import Try

    attempt = Attempt("territory", HOME, now=NOW)
    attempt.begin()
    attempt.succeeded()
    assert {each.failures for each in Try.objects.all()} == {0}


def test_what_is_kept_names_neither_account_nor_network(site: Site) -> None:
    Attempt("territory-guyane", HOME, now=NOW).begin()
    held = site.config.store.outbox.read_bytes()
    assert b"198.51.100" not in held
    from federation.web.accounts.models import Try

    assert not any("guyane" in each.mark for each in Try.objects.all())


def test_tries_of_yesterday_are_gone_from_the_table(site: Site) -> None:
    from federation.web.accounts.models import Try

    for each in range(5):
        Attempt(f"name{each}", f"10.0.{each}.1", now=NOW).begin()
    Attempt("territory", HOME, now=NOW + FORGET + 1).begin()
    assert Try.objects.count() == 3
