"""Putting a new key in the place of an old one, which is kept as long as it is needed.

Files first, then the registry, then the statement: whatever is interrupted, the same command
once more makes it whole, and no unit is ever told of a key that is nowhere.
"""

from datetime import datetime
from typing import Final, Literal, NamedTuple

from . import facts, files, founding, issuing, keys, registry, statements
from .errors import OperatorError
from .facts import KeyMade, KeyRetired, Purpose
from .founding import Passphrases
from .issuing import Issuer
from .keys import Folder
from .passphrase import Passphrase
from .registry import Writing
from .state import State


class Rule(NamedTuple):
    """What replacing a key means."""

    stays: bool
    """The old one goes on beside the new one until `finish`."""
    told: bool
    """It is in the trust statement, which the root signs again."""
    then: str
    """What is left to do."""


_PUBLISH: Final = "publish the new trust statement to every unit"
RULES: Final[dict[Purpose, Rule]] = {
    "sealing": Rule(False, True, f"{_PUBLISH}; old envelopes open with the key in private/old"),
    "recovery": Rule(False, True, f"{_PUBLISH}; old envelopes open with the key in offline/old"),
    "documents": Rule(
        True, True, f"{_PUBLISH}; when all tell its serial, give the new key to what publishes, "
        "then rotate documents --finish, and publish every document again",
    ),
    "receipts": Rule(
        True, True, f"{_PUBLISH}; when all tell its serial, give the new key to ingest, "
        "then rotate receipts --finish",
    ),
    "reset": Rule(False, False, "each unit's codes come from the old one until its next bundle"),
    "devices": Rule(
        True, False, "restart serve, render the broker's files, make each service again; when "
        "every unit has a certificate of the new authority, rotate devices --finish",
    ),
    "servers": Rule(False, False, "render the broker's files again: its certificate is renewed"),
}  # fmt: skip
"""All but the root (`replace_root`)."""


def rotate(
    folder: Folder, purpose: Purpose, root: Issuer | None, closed: Passphrase | None, now: datetime
) -> str:
    """A new key for that purpose; what is left to do. Raises OperatorError.

    `root` (where `needs_root`) signs authorities and statements; `closed` is of the key there is,
    and closes the new one.
    """
    rule = RULES[purpose]
    with registry.writing(folder.registry) as log:
        former = _one_to_replace(folder, purpose, log.state)
        _keep(folder, purpose, former)
        if purpose in ("devices", "servers"):
            new = _new_authority(folder, purpose, root, closed, log.state, now)
        else:
            new = founding.make_key(folder, purpose, closed)
        retired = () if rule.stays else (KeyRetired(at=now, purpose=purpose, key=former),)
        log.append(KeyMade(at=now, purpose=purpose, key=new), *retired)
        if rule.told and root:
            statements.renew(folder, log, root, now)
    return rule.then


def needs_root(purpose: Purpose) -> bool:
    """Whether a new key of that purpose is signed by the root."""
    return RULES[purpose].told or purpose in founding.CERTIFIED


def finish(folder: Folder, purpose: Purpose, root: Issuer | None, now: datetime) -> str:
    """The old key counts no more; what is left to do. Raises OperatorError."""
    with registry.writing(folder.registry) as log:
        *former, latest = log.state.keys[purpose]
        if not former:
            raise OperatorError(
                f"no rotation of {purpose} is under way: there is nothing to finish"
            )
        if purpose == "devices":
            _check_all_renewed(log, former, now)
            public = folder.certificate("devices")
            authorities = keys.read_certificates(public)
            kept = [one for one in authorities if keys.certified_hex(one) == latest]
            files.write_public(public, issuing.chain(kept).encode())
        log.append(*(KeyRetired(at=now, purpose=purpose, key=key) for key in former))
        if RULES[purpose].told and root:
            statements.renew(folder, log, root, now)
            return _PUBLISH
    return "restart serve, render the broker's files and give public/devices.pem to ingest"


def replace_root(folder: Folder, closed: Passphrases, now: datetime) -> str:
    """A new root and new authorities: every certificate and bundle there is ends. What is left."""
    with registry.writing(folder.registry) as log:
        for purpose in founding.CERTIFIED:
            _keep(folder, purpose, log.state.keys[purpose][-1])
        issuers = founding.make_issuers(folder, closed, log.state.federation, now)
        log.append(
            *(
                KeyRetired(at=now, purpose=purpose, key=key)
                for purpose in founding.CERTIFIED
                for key in log.state.keys[purpose]
            ),
            *(
                KeyMade(at=now, purpose=purpose, key=keys.public_hex(issuer.key))
                for purpose, issuer in issuers.items()
            ),
            *(
                facts.revoked(one.serial, "the root was replaced", now)
                for name in log.state.names
                for one in log.state.good(name, now)
            ),
        )
        statements.renew(folder, log, issuers["root"], now)
    return "render the broker's files, make every service again, and a bundle for every unit"


def _one_to_replace(folder: Folder, purpose: Purpose, known: State) -> str:
    """The key in use, by its name. Raises OperatorError when its rotation cannot begin."""
    *unfinished, former = known.keys[purpose]
    if unfinished:
        raise OperatorError(
            f"the rotation of {purpose} before this one is not finished: "
            f"rotate {purpose} --finish first"
        )
    if purpose == "devices" and not folder.key(purpose).exists():
        # Without it nobody can tell the broker what is revoked: it would let nobody in.
        raise OperatorError(
            f"{folder.key(purpose)} is lost: put it back from its backup, or make everything "
            "new with rotate root --yes"
        )
    return former


def _keep(folder: Folder, purpose: Purpose, name: str) -> None:
    """A copy of the key in use among the old ones; one that is there is of an interrupted try.

    A key that was lost can be replaced all the same.
    """
    kept = folder.former(purpose, name)
    current = folder.reset if purpose == "reset" else folder.key(purpose)
    if current.exists() and not kept.exists():
        files.write_private(kept, files.read(current, private=True))


def _new_authority(
    folder: Folder,
    purpose: Literal["devices", "servers"],
    root: Issuer | None,
    closed: Passphrase | None,
    known: State,
    now: datetime,
) -> str:
    if root is None:
        raise ValueError(f"{purpose}: an authority is signed by the root")
    name = f"{founding.short(known.federation)} {now:%Y-%m-%d}"
    issuer = issuing.make_authority(root, purpose, name, now)
    former = [
        one
        for one in keys.read_certificates(folder.certificate(purpose))
        if RULES[purpose].stays and keys.certified_hex(one) in known.keys[purpose]
    ]
    founding.write_issuer(folder, purpose, issuer, closed, former)
    return keys.public_hex(issuer.key)


def _check_all_renewed(log: Writing, former: list[str], now: datetime) -> None:
    # The latest counts: what a unit had before that, it only keeps until the new one has worked.
    good = {name: log.state.good(name, now) for name in log.state.names}
    held = sorted(name for name, ones in good.items() if ones and ones[-1].authority in former)
    if held:
        raise OperatorError(
            f"{len(held)} still show a certificate of the old authority ({', '.join(held[:5])}"
            f"{'…' if len(held) > 5 else ''}): wait until they are renewed, or revoke them"
        )
