"""Why there is no connection, in one sentence for a person. Opens nothing, decides nothing."""

import ssl

from ..config import Broker
from .backoff import Cause

_NOT_YET, _RUN_OUT, _OTHER_HOST = 9, 10, (62, 64)
"""What OpenSSL finds wrong with the broker's certificate (X509_V_ERR_…)."""
_REFUSED = {
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "it is revoked: enrol this unit again",
    # OpenSSL says the same of a list of revoked certificates that has grown old.
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it has run out, or the broker's list of revoked ones has",
    "SSLV3_ALERT_BAD_CERTIFICATE": "it is not valid yet by the broker's clock",
    "TLSV1_ALERT_UNKNOWN_CA": "it is not of the authority that the broker knows",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "it is not for being a client",
}


class NotReached(Exception):
    """There is no connection, and why."""

    def __init__(self, cause: Cause, why: str, *, unwelcome: bool = False) -> None:
        self.cause = cause
        self.unwelcome = unwelcome
        """Whether it may be this unit's certificate that the broker did not want."""
        super().__init__(why)


def not_reached(error: OSError, broker: Broker) -> NotReached:
    """TCP did not come about."""
    where = f"{broker.host}:{broker.port}"
    if isinstance(error, ConnectionRefusedError):
        return NotReached(Cause.BROKER, f"nothing answers at {where}")
    if isinstance(error, TimeoutError):
        return NotReached(Cause.SILENCE, f"no answer from {where}")
    return NotReached(Cause.NO_ROUTE, f"no way to {where} ({error.strerror or error})")


def not_agreed(error: OSError, broker: Broker) -> NotReached:
    """TCP came about, TLS did not: this unit does not believe the broker."""
    where = f"{broker.host}:{broker.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return _not_believed(error, where)
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError):
        why = f"{where} hung up in the middle of the handshake: is TLS 1.3 spoken there?"
        return NotReached(Cause.BROKER, why)
    return NotReached(Cause.BROKER, f"{where} does not speak TLS 1.3 ({error.reason})")


def hung_up(error: OSError | None, *, answered: bool, code: str) -> NotReached:
    """The connection broke. In TLS 1.3 a refused client learns it only after its handshake."""
    refused = error.reason if isinstance(error, ssl.SSLError) else None
    if refused in _REFUSED:
        why = f"the broker refuses this unit's certificate: {_REFUSED[refused]}"
    elif answered:
        why = f"the connection broke ({code})"
    else:
        why = "the broker hung up before it answered: it may refuse this unit's certificate"
    return NotReached(Cause.BROKER, why, unwelcome=not answered)


def _not_believed(error: ssl.SSLCertVerificationError, where: str) -> NotReached:
    code = error.verify_code
    if code == _NOT_YET:
        # The clock of a unit without GPS yet: no trouble of the fleet.
        why = f"the certificate of {where} is not valid yet by this unit's clock"
        return NotReached(Cause.SILENCE, why)
    if code == _RUN_OUT:
        why = f"the certificate of {where} has run out, or this unit's clock is wrong"
    elif code in _OTHER_HOST:
        why = f"the certificate of {where} is for another host: correct host in [broker]"
    else:
        why = f"{where} is not our broker: its certificate does not come from our root"
    return NotReached(Cause.BROKER, f"{why} ({error.verify_message})")
