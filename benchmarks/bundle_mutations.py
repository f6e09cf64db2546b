"""Ten thousand damaged and forged update bundles: how many would be installed. Aim: none.

A bundle is refused by its signature, certificate or manifest (asked of `rauc` itself, with the
card's settings), or when a block is read: on the card by dm-verity, here by benchmarks/_verity.py
over every block. Told apart: the same in other wrapping. A byte that no signature covers was
changed, and what would be installed is what was signed, to the last bit.
"""

import argparse
import collections
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import _mutations, _release, _verity
from benchmarks._mutations import MUTATIONS, Stock

SIGNATURE, READING, WRAPPING, ACCEPTED = "signature", "reading", "same", "ACCEPTED"
VERDICTS = (SIGNATURE, READING, WRAPPING, ACCEPTED)
_ASK = 'for each in "$1"/*.raucb; do rauc --conf="$2" info "$each" >/dev/null 2>&1; echo $?; done'
_BATCH = 200
_MEMORY = Path("/dev/shm")


def judge(bundles: list[bytes], stock: Stock, folder: Path) -> list[str]:
    """What becomes of each."""
    signed = _signature_holds(bundles, stock, folder)
    return [
        _read(bundle, stock) if is_signed else SIGNATURE
        for bundle, is_signed in zip(bundles, signed, strict=True)
    ]


def _signature_holds(bundles: list[bytes], stock: Stock, folder: Path) -> list[bool]:
    """Asked of `rauc`, of all in one go: entering the tools root takes longer than the question."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        for number, bundle in enumerate(bundles):
            Path(place, f"{number:06}.raucb").write_bytes(bundle)
        asked = subprocess.run(
            [*_release.entered(), "sh", "-c", _ASK, "ask", place, str(stock.settings)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    answers = asked.stdout.split()
    if len(answers) != len(bundles):
        raise ValueError(f"rauc answered {len(answers)} of {len(bundles)} times: {asked.stderr}")
    return [answer == "0" for answer in answers]


def _read(bundle: bytes, stock: Stock) -> str:
    """What reading all of it would give."""
    manifest = _release.manifest_of(_verity.signature_of(bundle))
    verity = _verity.Verity.of(manifest)
    parts = _verity.take_apart(bundle, verity)
    if not _verity.holds(parts, verity):
        return READING
    same = manifest == stock.manifest and parts.payload == stock.parts.payload
    return WRAPPING if same else ACCEPTED


def run(count: int, stock: Stock, folder: Path, seed: int) -> dict[str, collections.Counter[str]]:
    """As many of each kind, and what became of them."""
    dice = random.Random(seed)
    told: dict[str, collections.Counter[str]] = {kind: collections.Counter() for kind in MUTATIONS}
    kinds = [list(MUTATIONS)[number % len(MUTATIONS)] for number in range(count)]
    for begin in range(0, count, _BATCH):
        batch = kinds[begin : begin + _BATCH]
        mutants = [_mutations.mutant(kind, stock, dice) for kind in batch]
        for kind, verdict in zip(batch, judge(mutants, stock, folder), strict=True):
            told[kind][verdict] += 1
    return told


def _keep(count: int, stock: Stock, folder: Path, seed: int) -> None:
    """For who wants to try them elsewhere: on a card, say."""
    dice, kinds = random.Random(seed), list(MUTATIONS)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "good.raucb").write_bytes(stock.bundle)
    (folder / "keyring.pem").write_bytes(stock.ours.keyring.read_bytes())
    for number in range(count):
        kind = kinds[number % len(kinds)]
        name = f"{number:03}-{kind.replace(' ', '-').replace(',', '')}.raucb"
        (folder / name).write_bytes(_mutations.mutant(kind, stock, dice))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--keep", type=Path, help="write them into this folder, judge none")
    options = parser.parse_args()
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        stock = _mutations.make_stock(folder)
        if options.keep:
            return _keep(options.count, stock, options.keep, options.seed)
        control = judge([stock.bundle, stock.other.together()], stock, folder)
        print(f"unharmed: {control} (must be {[WRAPPING, ACCEPTED]}: both would be installed)")
        told = run(options.count, stock, folder, options.seed)
    print(f"{'':34}" + "".join(f"{verdict:>10}" for verdict in VERDICTS))
    for kind, counted in told.items():
        print(f"{kind:34}" + "".join(f"{counted[verdict]:10}" for verdict in VERDICTS))
    total = sum(told.values(), collections.Counter[str]())
    print(f"{'all':34}" + "".join(f"{total[verdict]:10}" for verdict in VERDICTS))
    if total[ACCEPTED] or control != [WRAPPING, ACCEPTED]:
        sys.exit("bundle_mutations: a bundle got through, or a good one did not")


if __name__ == "__main__":
    main()
