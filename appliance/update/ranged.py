"""One file of one server, from any byte on, with the unit's certificate. Keeps nothing.

Follows no redirection and takes no other encoding: what comes is the file's own bytes.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from ..errors import OperatorError

PATIENCE: Final = 60.0
"""Seconds that a silent server is borne."""


class NotFetched(OperatorError):
    """It may be tried again later."""


class NotTheFile(OperatorError):
    """The server has something else there than was announced."""


class Source(NamedTuple):
    """Where the file is."""

    host: str
    port: int
    path: str

    @classmethod
    def of(cls, address: str) -> "Source":
        """Raises NotTheFile when the address is none."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port or 443
        except ValueError:
            host, port = None, 0
        if host is None or parts.scheme != "https" or parts.username is not None:
            raise NotTheFile(f"{address} is no https address: publish the update again.")
        return cls(host, port, parts.path + (f"?{parts.query}" if parts.query else ""))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Answer(NamedTuple):
    """What the server sends."""

    at: int
    """Where in the file it begins: where it was asked to, or at 0."""
    response: http.client.HTTPResponse

    def read(self, most: int) -> bytes:
        """The next bytes, as soon as there are some; empty: that was all. Raises NotFetched."""
        try:
            return self.response.read1(most)
        except (OSError, http.client.HTTPException) as error:
            raise NotFetched(f"the connection was cut ({_why(error)}): it will go on.") from error


@contextmanager
def asked(
    source: Source, tls: ssl.SSLContext, *, begin: int, size: int, device: str = ""
) -> Iterator[Answer]:
    """The file of `size` bytes from `begin` on, over that device alone when one is named.

    Raises NotFetched, NotTheFile.
    """
    connection = _Bound(source.host, source.port, timeout=PATIENCE, context=tls)
    connection.device = device
    headers = {"Range": f"bytes={begin}-", "Accept-Encoding": "identity"}
    try:
        try:
            connection.request("GET", source.path or "/", headers=headers)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise NotFetched(f"{source} cannot be reached ({_why(error)}).") from error
        yield Answer(_judged(response, source, begin, size), response)
    finally:
        connection.close()


def _judged(response: http.client.HTTPResponse, source: Source, begin: int, size: int) -> int:
    """Where the answer begins."""
    if response.getheader("Content-Encoding", "identity") != "identity":
        raise NotTheFile(f"{source} sends the update in another encoding: turn that off there.")
    if response.status == http.client.OK:
        if response.length is not None:
            _check_size(response.length, source, size)
        return 0
    if response.status == http.client.PARTIAL_CONTENT:
        told = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.getheader("Content-Range", ""))
        if told is None or int(told[1]) != begin:
            raise NotTheFile(f"{source} sends another part than it was asked for.")
        _check_size(int(told[2]), source, size)
        return begin
    if response.status == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
        raise NotTheFile(f"{source} has a shorter file there than was announced.")
    raise NotFetched(
        f"{source} answers {response.status}: check the address and who may fetch there."
    )


def _check_size(found: int, source: Source, size: int) -> None:
    if found != size:
        raise NotTheFile(f"{source} has a file of {found} bytes there, {size} were announced.")


class _Bound(http.client.HTTPSConnection):
    """Over one device: what begins on Wi-Fi does not go on over 4G."""

    device = ""

    def connect(self) -> None:
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        plain = self._dial()
        try:
            self.sock = context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _dial(self) -> socket.socket:
        refusal: OSError = OSError("it has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        ):
            one = socket.socket(family, kind, protocol)
            try:
                one.settimeout(PATIENCE)
                if self.device:
                    one.setsockopt(
                        socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.device.encode() + b"\0"
                    )
                one.connect(address)
            except OSError as error:
                one.close()
                refusal = error
            else:
                return one
        raise refusal


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return error.reason or "TLS"
    told = error.strerror if isinstance(error, OSError) else ""
    return told or str(error) or type(error).__name__
