"""Which PINs may be chosen, and what a card gives to guess one by."""

import pytest

from appliance.vault import pins
from appliance.vault.pins import KDF, Kdf
from tests.appliance.vault.board import PIN, QUICK

SALT, BOARD, OTHER_BOARD = b"s" * 16, b"E" * 32, b"F" * 32


@pytest.mark.parametrize("text", ["48219", "4821933", "48219a", "４８２１９３", "", "-48219"])
def test_a_pin_is_six_digits(text: str) -> None:
    assert pins.is_pin(PIN)
    assert not pins.is_pin(text)


@pytest.mark.parametrize(
    "pin",
    *(["000000", "123456", "654321", "890123", "246802", "121212", "123123", "112211", "159753"],),
)
def test_what_anybody_would_try_first_is_refused(pin: str) -> None:
    assert pins.is_trivial(pin)
    assert not pins.is_trivial(PIN)


def test_so_few_are_refused_that_the_rest_is_no_easier_to_guess() -> None:
    refused = sum(pins.is_trivial(f"{number:06}") for number in range(10**6))
    assert refused < 5000


def test_a_guess_costs_64_mebibytes_three_times_over() -> None:
    assert Kdf(memory=64 * 1024, passes=3, lanes=1) == KDF


def test_a_pin_is_right_on_its_own_board_alone() -> None:
    stretched = pins.stretch(PIN, SALT, QUICK)
    kept = pins.keep(stretched, SALT, QUICK, BOARD)
    assert pins.is_right(kept, stretched, BOARD)
    assert not pins.is_right(kept, stretched, OTHER_BOARD)
    assert not pins.is_right(kept, stretched, None)
    assert not pins.is_right(kept, pins.stretch("482194", SALT, QUICK), BOARD)


def test_a_pin_chosen_without_a_secret_is_right_with_one_too() -> None:
    stretched = pins.stretch(PIN, SALT, QUICK)
    kept = pins.keep(stretched, SALT, QUICK, None)
    assert pins.is_right(kept, stretched, BOARD)


def test_proof_and_capsule_are_told_apart_though_made_of_one_pin() -> None:
    stretched = pins.stretch(PIN, SALT, QUICK)
    kept = pins.keep(stretched, SALT, QUICK, BOARD)
    assert len({kept.proof, pins.capsule_key(stretched, BOARD), stretched}) == 3
