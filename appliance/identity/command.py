"""What a technician does by hand: give a unit its bundle and code, ask who it is. Prints no secret.

May be run again at any instant: what was done is not done twice, what was asked is asked again.
"""

import getpass
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from protocol import certificates, enrolment, signing
from protocol.enrolment import Bundle
from protocol.errors import ProtocolError
from protocol.sealing import key_id

from .. import config as settings
from ..config import UnitConfig
from ..errors import OperatorError
from ..placing import place
from . import bundle, enrolling, files, pending, store
from .exchange import Exchange
from .trusted import TrustStore

TRIES = 3
"""Times that a code is asked for on a terminal."""
NO_ANSWER = "nobody answers"
LATER = "run this command again, or leave it to the uplink."

Tell = Callable[[str], None]


def enrol(
    path: Path,
    *,
    config: Path,
    data: Path,
    code: str | None,
    wait: float,
    again: bool,
    on_screen: bool = False,
    tell: Tell,
) -> int:
    """Makes the unit what its bundle says; 0 once it has its certificate, 1 when not in `wait` s.

    `data`: where a new configuration puts it. `again`: though it has a certificate. `on_screen`:
    only puts the bundle in place, for the code is typed on the screen and the uplink asks.
    Raises OperatorError.
    """
    found = bundle.read(path)
    unit = _configured(found, config, data, tell)
    at = unit.paths.data
    if not again and not enrolling.needed(at, _utc()):
        tell(f"{found.unit} is enrolled already ({_until(at)}): nothing to do")
        return 0
    bundle.install(found, at)
    if on_screen:
        tell(f"{found.unit} is ready: type its code on the screen")
        return 0
    _keep_code(at, found, code, again=again)
    return _exchanged(unit, wait, tell)


def describe(config: UnitConfig) -> str:
    """Who the unit is and whom it trusts, a line each, nothing secret. Raises OperatorError."""
    data = config.paths.data
    identity = store.load(data)
    told = [("unit", config.unit.id)]
    if identity is None:
        told.append(("certificate", "none: this unit is not enrolled (escale enrol BUNDLE)"))
    else:
        told += [
            ("certificate", _until(data)),
            ("serial", f"{identity.certificate.serial_number:x}"),
            ("key", signing.id_of(identity.key.public_key()).hex()),
        ]
    told.append(("next certificate", _renewal(data)))
    store_ = TrustStore(data)
    trust = store_.trust()
    told += [
        ("root", signing.id_of(store_.root()).hex()),
        ("trust", f"statement {trust.serial} of {certificates.at(trust.made):%Y-%m-%d}"),
        ("documents", _ids(trust.document_keys())),
        ("receipts", _ids(trust.receipt_keys())),
        ("sealed to", ", ".join(_sealing_ids(store_))),
    ]
    return "".join(f"{name:17} {value}\n" for name, value in told)


def _configured(found: Bundle, config: Path, data: Path, tell: Tell) -> UnitConfig:
    if not config.exists() or _is_spare(config, found) or _is_newer(config, found):
        _write_config(found, config, data.absolute())
        tell(f"{config} is written from the bundle")
    unit = settings.load(config)
    if unit.unit.id != found.unit:
        raise OperatorError(
            f"the bundle is of {found.unit}, {config} is of {unit.unit.id}:"
            " take the bundle of this unit."
        )
    return unit


def _is_spare(config: Path, found: Bundle) -> bool:
    """Whether the file is of a card that was nothing yet: what it becomes is in the bundle."""
    before = settings.load(config).unit.id
    return before != found.unit and enrolment.is_spare(before)


def _is_newer(config: Path, found: Bundle) -> bool:
    """Whether the unit is told anew where its broker is, or what its vehicle has."""
    before = settings.load(config)
    if before.unit.id != found.unit:
        return False
    held = store.bootstrap(before.paths.data)
    return held is None or bundle.made(found) > held.certificate.not_valid_before_utc


def _kept(config: Path) -> dict[str, dict[str, object]]:
    """What a technician wrote by hand: it stays, unless the bundle speaks of it."""
    if not config.exists():
        return {}
    told = tomllib.loads(config.read_text(encoding="utf-8"))
    return {name: values for name, values in told.items() if name not in ("unit", "broker")}


def _write_config(found: Bundle, config: Path, data: Path) -> None:
    draft = config.with_name(f"{config.name}.draft")
    try:
        config.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"{config} cannot be written ({error.strerror}): give another --config."
        ) from error
    text = bundle.toml(found, data, _kept(config))
    files.write(draft, text.encode(), 0o644)
    try:
        settings.load(draft)
        place(draft, config, 0o644)
    except OperatorError as error:
        raise OperatorError(f"the bundle makes no unit ({error}): {bundle.NEW_ONE}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _keep_code(data: Path, found: Bundle, code: str | None, *, again: bool) -> None:
    """The code on the card until it is used: a power cut does not ask for it twice."""
    kept = store.folder(data) / store.CODE
    if again and not kept.exists():
        pending.drop(data)  # a key of its own, whatever was being asked for
    if code is not None:
        files.write(kept, _typed(code).encode())
    elif not kept.exists() and (again or not _ran_out(data)):
        files.write(kept, _asked_for(found).encode())


def _ran_out(data: Path) -> bool:
    try:
        return store.load(data) is not None
    except OperatorError:
        return False


def _asked_for(found: Bundle) -> str:
    if not sys.stdin.isatty():
        raise OperatorError(
            f"enrolling {found.unit} takes the code printed with its bundle: give --code."
        )
    for _ in range(TRIES):
        try:
            return _typed(getpass.getpass(f"Code of {found.unit} (4 groups of 4): "))
        except OperatorError as error:
            print(f"escale: {error}", file=sys.stderr)  # noqa: T201
    raise OperatorError("no code was typed: look for the sheet printed with the bundle.")


def _typed(code: str) -> str:
    try:
        return enrolment.typed(code)
    except ProtocolError as error:
        raise OperatorError(f"{error}: read it once more from the printed sheet.") from error


def _exchanged(unit: UnitConfig, wait: float, tell: Tell) -> int:
    data, name = unit.paths.data, unit.unit.id
    exchange = Exchange(data, name, unit.broker)
    tell(f"asking {unit.broker.host}:{unit.broker.port} for the certificate of {name}")
    limit, told = time.monotonic() + wait, ""
    try:
        while exchange.state != "issued":
            rest = exchange.step(time.monotonic(), _utc())
            if exchange.state == "refused":
                raise OperatorError(f"{name} is not enrolled: {exchange.why}")
            if exchange.why and exchange.why != told:
                told = exchange.why
                tell(told)
            if time.monotonic() > limit:
                raise OperatorError(f"{name} is not enrolled yet ({told or NO_ANSWER}): {LATER}")
            time.sleep(exchange.rest(rest))
    finally:
        exchange.close()
    tell(f"{name} is enrolled ({_until(data)})")
    return 0


def _until(data: Path) -> str:
    identity = store.load(data)
    assert identity is not None  # noqa: S101 (asked where there is one)
    return f"until {certificates.at(identity.until):%Y-%m-%d}"


def _renewal(data: Path) -> str:
    if store.former(data) is not None:
        return "is here, the former one is kept until it has worked"
    return "asked for" if pending.exists(data) else "not asked for yet"


def _ids(keys: signing.Keys) -> str:
    return ", ".join(key.hex() for key in keys)


def _sealing_ids(kept: TrustStore) -> list[str]:
    return [key_id(key.public_bytes_raw()).hex() for key in kept.trust().recipients()]


def _utc() -> int:
    return time.time_ns() // 1_000_000
