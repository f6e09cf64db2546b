"""Every way in which a bundle is damaged or forged, each drawn with dice. Judges nothing."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID

from benchmarks import _release, _verity
from benchmarks._release import Authority, Signer
from benchmarks._verity import BLOCK, Parts

BLOCKS = 130
"""More than one block of digests: the tree has two levels."""
SETTINGS = Path(__file__).parents[1] / "image/overlay/etc/rauc/system.conf"
_PURPOSES = [
    ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.TIME_STAMPING, None,
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What mutations are made from: two good bundles of one release key, and who else may sign."""

    bundle: bytes
    manifest: bytes
    parts: Parts
    other: Parts
    ours: Authority
    theirs: Authority
    signer: Signer
    settings: Path


def make_stock(folder: Path, kept: Path | None = None) -> Stock:
    """Two releases, and a stranger who calls itself as we do. `kept`: see `Authority`."""
    ours = Authority(folder, kept=kept)
    theirs = Authority(folder, ours.name)
    signer, dice = ours.signer(), random.Random(1)
    bundles = [
        _release.make_bundle(
            folder, signer, version=version, content=dice.randbytes(BLOCKS * BLOCK)
        )
        for version in ("0.5.0", "0.5.1")
    ]
    manifests = [_release.manifest_of(_verity.signature_of(bundle)) for bundle in bundles]
    parts, other = (
        _verity.take_apart(bundle, _verity.Verity.of(manifest))
        for bundle, manifest in zip(bundles, manifests, strict=True)
    )
    return Stock(
        bundle=bundles[0], manifest=manifests[0], parts=parts, other=other, ours=ours,
        theirs=theirs, signer=signer, settings=_settings(folder, ours.keyring),
    )  # fmt: skip


def _settings(folder: Path, keyring: Path) -> Path:
    """The card's own, but for the keyring."""
    text, changed = re.subn(
        r"^path=.*$", f"path={keyring}", SETTINGS.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    if changed != 1:
        raise ValueError(f"{SETTINGS} should name one keyring, it names {changed}")
    path = folder / "system.conf"
    path.write_text(text, encoding="utf-8")
    return path


def _bit_anywhere(stock: Stock, dice: random.Random) -> bytes:
    return _flipped(stock.bundle, dice.randrange(len(stock.bundle)), dice)


def _bit_in_the_signature(stock: Stock, dice: random.Random) -> bytes:
    back = dice.randrange(len(stock.parts.signature) + 8)
    return _flipped(stock.bundle, len(stock.bundle) - 1 - back, dice)


def _bit_in_the_tree(stock: Stock, dice: random.Random) -> bytes:
    at = len(stock.parts.payload) + dice.randrange(len(stock.parts.tree))
    return _flipped(stock.bundle, at, dice)


def _bytes_written_over(stock: Stock, dice: random.Random) -> bytes:
    at = dice.randrange(len(stock.bundle) - 16)
    new = dice.randbytes(dice.randint(2, 5000))[: len(stock.bundle) - at]
    return stock.bundle[:at] + new + stock.bundle[at + len(new) :]


def _truncated(stock: Stock, dice: random.Random) -> bytes:
    if dice.random() < 0.5:
        return stock.bundle[: dice.randrange(len(stock.bundle))]
    return stock.bundle[: -dice.randint(1, 2000)]


def _extended(stock: Stock, dice: random.Random) -> bytes:
    more = dice.randbytes(dice.choice([1, 8, 512, BLOCK, dice.randint(1, 9000)]))
    at = dice.choice([0, len(stock.bundle), dice.randrange(len(stock.bundle))])
    return stock.bundle[:at] + more + stock.bundle[at:]


def _blocks_put_in(stock: Stock, dice: random.Random) -> bytes:
    """By somebody who knows the format: sizes still fit."""
    more = dice.randbytes(BLOCK * dice.randint(1, 3))
    payload, tree = stock.parts.payload, stock.parts.tree
    at = BLOCK * dice.randrange(len(payload) // BLOCK + 1)
    return dice.choice(
        [
            replace(stock.parts, payload=payload[:at] + more + payload[at:]),
            replace(stock.parts, tree=tree + more),
        ]
    ).together()


def _signature_padded(stock: Stock, dice: random.Random) -> bytes:
    """The size at the end says so."""
    more, signature = dice.randbytes(dice.randint(1, BLOCK)), stock.parts.signature
    padded = dice.choice([more + signature, signature + more])
    return replace(stock.parts, signature=padded).together()


def _blocks_exchanged(stock: Stock, dice: random.Random) -> bytes:
    blocks = [stock.parts.payload[at : at + BLOCK] for at in range(0, BLOCK * BLOCKS, BLOCK)]
    one, two = dice.sample(range(len(blocks)), 2)
    blocks[one], blocks[two] = blocks[two], blocks[one]
    rest = stock.parts.payload[BLOCK * BLOCKS :]
    return replace(stock.parts, payload=b"".join(blocks) + rest).together()


def _parts_of_two_releases(stock: Stock, dice: random.Random) -> bytes:
    """Some blocks of one good bundle, and the other parts of one or the other."""
    ours, other = stock.parts, stock.other
    end = BLOCK * dice.randint(1, BLOCKS)
    payload = other.payload[:end] + ours.payload[end:]
    tree = dice.choice([ours.tree, other.tree])
    signature = dice.choice([ours.signature, other.signature])
    return Parts(payload=payload, tree=tree, signature=signature).together()


def _signed_by_a_stranger(stock: Stock, dice: random.Random) -> bytes:
    """Right in all but who signed it; its authority's certificate may come along."""
    chain = stock.theirs.keyring if dice.random() < 0.5 else None
    signature = _release.sign(stock.manifest, stock.theirs.signer(), chain=chain)
    return replace(stock.parts, signature=signature).together()


def _for_another_purpose(stock: Stock, dice: random.Random) -> bytes:
    """Our authority's certificate, but for servers, clients, mail, time; or for anything."""
    return _signed_again(stock, stock.ours.signer(purpose=dice.choice(_PURPOSES)))


def _out_of_date(stock: Stock, dice: random.Random) -> bytes:
    """Our authority's certificate, at the least a day too late or too early."""
    late = (-900, -dice.randint(1, 300))
    early = (dice.randint(1, 300), 900)
    return _signed_again(stock, stock.ours.signer(days=dice.choice([late, early])))


def _manifest_edited(stock: Stock, dice: random.Random) -> bytes:
    """Another version, or any other letter, within what was signed."""
    text = stock.manifest
    if dice.random() < 0.3:
        newer = b"version=0.%d.%d" % (dice.randint(6, 9), dice.randint(0, 9))
        edited = text.replace(b"version=0.5.0", newer)
    else:
        at = dice.randrange(len(text))
        edited = text[:at] + bytes([dice.randint(32, 126)]) + text[at + 1 :]
    signature = stock.parts.signature.replace(text, edited)
    return replace(stock.parts, signature=signature).together()


def _signed_again(stock: Stock, signer: Signer) -> bytes:
    return replace(stock.parts, signature=_release.sign(stock.manifest, signer)).together()


def _flipped(bundle: bytes, at: int, dice: random.Random) -> bytes:
    return bundle[:at] + bytes([bundle[at] ^ 1 << dice.randrange(8)]) + bundle[at + 1 :]


MUTATIONS: dict[str, Callable[[Stock, random.Random], bytes]] = {
    "a bit anywhere": _bit_anywhere,
    "a bit in the signature": _bit_in_the_signature,
    "a bit in the tree": _bit_in_the_tree,
    "bytes written over": _bytes_written_over,
    "truncated": _truncated,
    "extended": _extended,
    "blocks put in, sizes right": _blocks_put_in,
    "signature padded, size right": _signature_padded,
    "two blocks exchanged": _blocks_exchanged,
    "parts of two releases": _parts_of_two_releases,
    "signed by a stranger": _signed_by_a_stranger,
    "a certificate for something else": _for_another_purpose,
    "a certificate out of date": _out_of_date,
    "manifest edited": _manifest_edited,
}


def mutant(kind: str, stock: Stock, dice: random.Random) -> bytes:
    """One that is not the bundle it was made from."""
    while True:
        made = MUTATIONS[kind](stock, dice)
        if made not in (stock.bundle, stock.other.together()):
            return made
