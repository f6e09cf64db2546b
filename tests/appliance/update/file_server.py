"""A real HTTPS server of one file, for units with a certificate; it misbehaves on demand."""

import re
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.trusted import Trusted


class FileServer:
    """Answers ranges as nginx does, and counts what it sent."""

    def __init__(self, folder: Path, trusted: Trusted, content: bytes) -> None:
        self.content = content
        self.asked: list[int] = []
        """Where each answer began."""
        self.sent = 0
        """Bytes of the file that left."""
        self.cut_after: int | None = None
        """Bytes after which a connection is cut."""
        self.ranges = True
        self.status: int | None = None
        """Answered instead of the file."""
        self.told_size: int | None = None
        self.headers: dict[str, str] = {}
        self.before_each: Callable[[], None] = lambda: None
        trusted.broker(folder / "server")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server/broker.pem", folder / "server/broker-key.pem")
        context.load_verify_locations(folder / "server/clients.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        return f"https://localhost:{self._server.server_address[1]}/updates/escale.raucb"

    def __enter__(self) -> "FileServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is part of the test."""


def _handler_of(server: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.before_each()
            if server.status is not None:
                self.send_response(server.status)
                self.send_header("Location", "https://elsewhere.example/")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._file()

        def _file(self) -> None:
            content, begin = server.content, 0
            size = server.told_size if server.told_size is not None else len(content)
            told = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if told and server.ranges:
                begin = int(told[1])
                if begin >= size:
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {begin}-{size - 1}/{size}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(size - begin))
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.end_headers()
            server.asked.append(begin)
            body = content[begin:]
            if server.cut_after is not None:
                body = body[: server.cut_after]
            server.sent += len(body)
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler
