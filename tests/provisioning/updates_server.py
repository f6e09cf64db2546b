"""Debian's nginx as docs/nginx-updates.conf says, over files of a test; and what clients get."""

import shutil
import ssl
import subprocess
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import NamedTuple

from provisioning import broker, issuing
from tests.support import eventually, free_port
from tests.trusted import Trusted, put

CONF = Path(__file__).parents[2] / "docs" / "nginx-updates.conf"
NAME = "escale-0.5.1.raucb"
BUNDLE = bytes(range(256)) * 40
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


class Answer(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Updates:
    """The server as the document says, on a free port, over files of this test."""

    def __init__(self, folder: Path, trusted: Trusted | None = None) -> None:
        self.trusted, self.folder, self.port = trusted or Trusted(), folder, free_port()
        (folder / "updates").mkdir(parents=True)
        (folder / "updates" / NAME).write_bytes(BUNDLE)
        (folder / "updates" / "notes.txt").write_text("not a bundle")
        self.trusted.broker(folder)
        devices = self.trusted.devices
        put(folder / broker.ALONE, issuing.pem(issuing.alone(devices.certificate, devices.key)))

    @property
    def served(self) -> Path:
        """Where bundles lie."""
        return self.folder / "updates"

    @property
    def address(self) -> str:
        """What that folder is called outside."""
        return f"https://localhost:{self.port}/updates"

    def start(self) -> "Updates":
        """nginx, until it answers."""
        subprocess.run([*self._command(), "-t"], check=True, capture_output=True)
        self._process = subprocess.Popen(self._command(), stderr=subprocess.DEVNULL)
        try:
            eventually(lambda: self.get(self.van("van-first")).status == 200, 10, "nginx answers")
        except BaseException:
            self.stop()
            raise
        return self

    def reload(self) -> None:
        """As `systemctl reload nginx`."""
        put(self.folder / broker.REVOKED, self.trusted.crl())
        subprocess.run([*self._command(), "-s", "reload"], check=True, capture_output=True)

    def stop(self) -> None:
        """An orderly end."""
        self._process.terminate()
        self._process.wait(timeout=10)

    def van(self, name: str, issuer: Trusted | None = None) -> ssl.SSLContext:
        """TLS of a client of that name, with a new certificate."""
        return self.trusted.tls(self.folder / "clients", name, issuer=issuer)

    def get(
        self, tls: ssl.SSLContext, path: str = f"/updates/{NAME}", method: str = "GET",
        **headers: str,
    ) -> Answer:  # fmt: skip
        """What comes back; status 0: nothing at all."""
        connection = HTTPSConnection("localhost", self.port, context=tls, timeout=5)
        try:
            connection.request(method, path, headers=headers)
            found: HTTPResponse = connection.getresponse()
            return Answer(found.status, dict(found.headers), found.read())
        except OSError:
            return Answer(0, {}, b"")
        finally:
            connection.close()

    def _command(self) -> list[str]:
        return nginx(self.folder, self.port, self.folder, self.served)


def nginx(folder: Path, port: int, broker_files: Path, served: Path) -> list[str]:
    """The command of Debian's nginx as the document says, with these for what stands there."""
    text = CONF.read_text(encoding="utf-8")
    text = text.replace("listen [::]:8443 ssl;", "").replace("8443", str(port))
    text = text.replace("/etc/escale-broker", str(broker_files))
    text = text.replace("/srv/escale-updates", str(served))
    text = f"error_log {folder}/error.log;\nhttp {{\n{_temporary(folder)}{text}}}\n"
    path = folder / "nginx.conf"
    user = f"user {_me()};\n"
    path.write_text(f"{user}pid {folder}/pid;\nevents {{ }}\n{text}", encoding="utf-8")
    return [NGINX, "-p", str(folder), "-c", str(path), "-g", "daemon off;"]


def _temporary(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)


def _me() -> str:
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
