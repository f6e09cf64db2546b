"""How a unit comes by its certificate and keeps it: bundle, request, answer. Knows no key store.

The bundle lies on the card's boot partition; the code is typed. A request carries the unit's own
new key; the first one is proved by the code, a later one by the key before it.
"""

import hmac
import secrets
from hashlib import blake2b
from typing import Annotated, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import messages, signing
from .equipment import Equipment
from .errors import ProtocolError
from .event import whole
from .messages import Der, Message
from .topics import UNIT_ID

CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none of them is mistaken for another when read aloud or typed."""
CODE_LENGTH: Final = 16
LIFE_DAYS: Final = 90
"""Of a unit's certificate."""
RENEW_DAYS: Final = 30
"""Left of it when a unit asks for the next one: a third."""
BOOTSTRAP_DAYS: Final = 180
"""Of the certificate that may only ask for enrolment; renewed with each certificate."""

SPARE: Final = "spare-"
"""Begins the name of a card that is not yet a unit's: it speaks of nothing but that."""

UnitId = Annotated[str, whole(UNIT_ID.pattern)]
WifiName = Annotated[str, msgspec.Meta(max_length=32)]
WifiPassword = Annotated[str, msgspec.Meta(max_length=63)]


class Bundle(Message, frozen=True, kw_only=True):
    """All that a blank card must be told: one small file, JSON."""

    format: Literal[1] = 1
    unit: UnitId
    vehicle_name: str
    territory: str
    centre: str
    profile: Literal["camion", "camping-car", "triporteur"]
    zone: str
    """IANA time zone."""
    broker_host: str
    broker_port: int
    access_point: str = ""
    """APN of the 4G contract."""
    wifi_name: WifiName = ""
    """Of the network at the depot; empty: there is none."""
    wifi_password: WifiPassword = ""
    """In clear, as the bootstrap key beside it."""
    equipment: Equipment | None = None
    """Display and wires; None: nobody said, what the card says of them stays."""
    root: str
    """PEM: whom everything is believed by."""
    device_authority: str
    """PEM: who issues the units' certificates."""
    bootstrap_certificate: str
    """PEM, with its authority."""
    bootstrap_key: str
    """PEM: opens nothing but the way to enrolment, and only with the code."""
    trust: bytes
    """Signed trust statement (protocol.trust)."""
    reset_secret: bytes
    """Proves a code that resets a forgotten PIN (protocol.reset_code)."""


class EnrolRequest(Message, frozen=True, kw_only=True):
    """enrol/<unit>/request: proved by the code, or by a certificate that has run out."""

    request: Der
    """PKCS #10, DER."""
    proof: bytes = b""
    """`code_proof` of the request."""
    former: Der = b""
    """The certificate that ran out: then a person must approve."""
    renewal: bytes = b""
    """The same request, signed by the key of that certificate (`renewal`)."""


class RenewRequest(Message, frozen=True, kw_only=True):
    """up/request, signed by the key in force (purpose `renewal`, context the unit's id)."""

    request: Der


class Answer(Message, frozen=True, kw_only=True):
    """enrol/<unit>/answer and down/certificate."""

    request: str
    """`request_digest` of what is answered."""
    outcome: Literal["issued", "waiting", "refused"]
    reason: str = ""
    certificate: Der = b""
    bootstrap: Der = b""
    """The bootstrap certificate, made anew for its old key."""
    authority: Der = b""
    """Who issued both: after a rotation the unit does not know it, and believes the root's word."""


def is_spare(unit: str) -> bool:
    """Whether a card of that name is not yet a unit."""
    return unit.startswith(SPARE)


def new_code() -> str:
    """A one-time code of 80 random bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def printed(code: str) -> str:
    """A code in groups of four, to be read and typed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed(text: str, length: int = CODE_LENGTH) -> str:
    """A code as somebody typed it, in its one spelling. Raises ProtocolError."""
    plain = text.upper().translate(str.maketrans("OIL", "011", " -.\t\n"))
    if len(plain) != length or not set(plain) <= set(CODE_LETTERS):
        raise ProtocolError(f"a code has {length} letters and digits")
    return plain


def code_key(code: str, unit: str) -> bytes:
    """What the authority keeps of a code until it is used."""
    return blake2b(f"{unit}|{code}".encode(), digest_size=32, person=b"escale code").digest()


def code_proof(key: bytes, request: bytes) -> bytes:
    """That the one who asks knows the code."""
    return hmac.digest(key, b"escale enrol 1|" + request, "sha256")


def proves(key: bytes, request: EnrolRequest) -> bool:
    """Whether the request is proved by that code."""
    return hmac.compare_digest(code_proof(key, request.request), request.proof)


def request_digest(request: bytes) -> str:
    """Names a request in its answer."""
    return blake2b(request, digest_size=16).hexdigest()


def renewal(private: Ed25519PrivateKey, unit: str, request: bytes) -> bytes:
    """The signed request for the next certificate."""
    payload = messages.encode(RenewRequest(request=request))
    return signing.sign(private, "renewal", unit, payload)


def read_bundle(data: bytes) -> Bundle:
    """A bundle file. Raises ProtocolError."""
    if len(data) > 64 * 1024:
        raise ProtocolError("a bundle is smaller than 64 KiB")
    return messages.decode(data, Bundle)
