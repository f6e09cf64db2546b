"""A mail server on the loopback that keeps what it is given. Sends nothing on; knows no TLS.

Enough of SMTP (RFC 5321) for what we send. It can refuse recipients, for seeing what happens then.
"""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple


class Letter(NamedTuple):
    """A message that was taken."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        """Its plain text."""
        return str(self.message.get_content()).replace("\r\n", "\n")


class Mailbox:
    """A server of its own thread on a free port, until it is left."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.refused: set[str] = set()
        """Addresses that it does not take."""
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session)
        self._server.daemon_threads = True
        self._server.mailbox = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def port(self) -> int:
        """Of 127.0.0.1."""
        return int(self._server.server_address[1])

    def to(self, address: str) -> list[Letter]:
        """What somebody was sent."""
        return [letter for letter in self.letters if address in letter.recipients]

    def __enter__(self) -> "Mailbox":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        """Answers until it is told QUIT, or nobody is there any more."""
        self._sender, self._recipients = "", []  # type: str, list[str]
        self._say("220 mailbox")
        while line := self.rfile.readline():
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            if word.upper() == "QUIT":
                self._say("221 bye")
                return
            self._say(self._answer(word.upper(), rest))

    def _answer(self, word: str, rest: str) -> str:
        if word in ("HELO", "EHLO", "RSET", "NOOP"):
            return "250 ok"
        if word == "MAIL":
            self._sender, self._recipients = _address(rest), []
            return "250 ok"
        if word == "RCPT":
            if _address(rest) in self._mailbox.refused:
                return "550 nobody of that name"
            self._recipients.append(_address(rest))
            return "250 ok"
        if word == "DATA" and self._recipients:
            self._say("354 go on")
            self._take(self._content())
            return "250 kept"
        return "503 not now"

    @property
    def _mailbox(self) -> Mailbox:
        found: Mailbox = self.server.mailbox  # type: ignore[attr-defined]
        return found

    def _content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _take(self, content: bytes) -> None:
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        letter = Letter(self._sender, tuple(self._recipients), message)
        self._mailbox.letters.append(letter)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode("ascii") + b"\r\n")


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
