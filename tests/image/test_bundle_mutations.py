"""No damaged or forged update bundle would be installed: two hundred, asked of rauc itself.

`benchmarks.bundle_mutations` tries ten thousand.
"""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import _mutations, _release, _verity
from benchmarks._mutations import MUTATIONS, Stock
from benchmarks.bundle_mutations import ACCEPTED, READING, SIGNATURE, WRAPPING, judge, run

pytestmark = pytest.mark.skipif(
    not (_release.entered() or (shutil.which("rauc") and shutil.which("mksquashfs"))),
    reason="needs rauc and squashfs-tools",
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    return _mutations.make_stock(tmp_path_factory.mktemp("stock"))


def test_of_two_hundred_mutants_none_would_be_installed(stock: Stock, tmp_path: Path) -> None:
    told = run(200, stock, tmp_path, seed=2026)
    assert [kind for kind, counted in told.items() if counted[ACCEPTED]] == []
    assert all(sum(counted.values()) >= 14 for counted in told.values())


def test_an_unharmed_bundle_would_be(stock: Stock, tmp_path: Path) -> None:
    assert judge([stock.bundle], stock, tmp_path) == [WRAPPING]
    assert judge([stock.other.together()], stock, tmp_path) == [ACCEPTED], "another, as good"


def test_whoever_holds_the_release_key_is_believed(stock: Stock, tmp_path: Path) -> None:
    """So a forged one is refused for its key, and not for the way in which it was made."""
    again = _release.sign(stock.manifest, stock.signer)
    newer = _release.sign(stock.manifest.replace(b"0.5.0", b"0.6.0"), stock.signer)
    bundles = [replace(stock.parts, signature=signed).together() for signed in (again, newer)]
    assert judge(bundles, stock, tmp_path) == [WRAPPING, ACCEPTED]


@pytest.mark.parametrize(
    "kind", [kind for kind in MUTATIONS if "certificate" in kind or "stranger" in kind]
)
def test_a_signature_that_is_not_a_releases_is_refused(
    kind: str, stock: Stock, tmp_path: Path
) -> None:
    dice = random.Random(kind)
    forged = [_mutations.mutant(kind, stock, dice) for _ in range(6)]
    assert set(judge(forged, stock, tmp_path)) == {SIGNATURE}


def test_a_bit_of_what_is_installed_is_found_when_it_is_read(stock: Stock, tmp_path: Path) -> None:
    """`rauc info` passes it: the payload is looked at block by block, as the card's kernel does."""
    size = len(stock.parts.payload)
    places = (0, size // 2, size - 1, size, size + len(stock.parts.tree) - 1)
    harmed = [
        stock.bundle[:at] + bytes([stock.bundle[at] ^ 1]) + stock.bundle[at + 1 :] for at in places
    ]
    assert judge(harmed, stock, tmp_path) == [READING] * len(places)


def test_the_tree_of_a_bundle_has_two_levels_and_is_the_one_rauc_made(stock: Stock) -> None:
    assert len(stock.parts.tree) == 3 * _verity.BLOCK
    assert _verity.holds(stock.parts, _verity.Verity.of(stock.manifest))
