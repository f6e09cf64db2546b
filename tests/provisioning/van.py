"""A broker of the federation's own making, and a unit that knows no more than the contract."""

import getpass
import io
import re
import subprocess
from contextlib import redirect_stdout
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import certificates, closed_keys, enrolment, messages, topics
from protocol.enrolment import Answer, Bundle, EnrolRequest
from provisioning import broker, broker_files, facts, issuing
from provisioning.connection import Connection, Identity, Word, context
from provisioning.passphrase import Passphrase
from provisioning.server_office import Office
from tests.provisioning.federation import AUTHORITY, Federation
from tests.support import eventually, free_port


class LaidOut:
    """What `escale-provision broker` wrote, with a mosquitto that reads it."""

    def __init__(self, federation: Federation, path: Path) -> None:
        self.federation, self.out, self.port = federation, path / "broker", free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def lay_out(self) -> int:
        """The exit code of the command."""
        return self.federation.run(
            "broker", "--out", self.out, "--host", "localhost", "--listen", "127.0.0.1",
            "--port", self.port, "--state", self.out, "--pid", self.out / "pid",
        )  # fmt: skip

    def __enter__(self) -> "LaidOut":
        assert self.lay_out() == 0
        self.start()
        return self

    def start(self) -> None:
        """As systemd would, but for who it runs as."""
        run = self.out / "run.conf"
        text = (self.out / broker.CONFIGURATION).read_text()
        run.write_text(f"{text}user {getpass.getuser()}\n")
        with (self.out / "log").open("ab") as log:
            self._process = subprocess.Popen(["mosquitto", "-c", str(run)], stdout=log, stderr=log)
        eventually(lambda: (self.out / "pid").exists(), what="mosquitto wrote its pid")
        eventually(lambda: self.stranger().refused, what="mosquitto refuses a stranger")

    def stranger(self) -> Connection:
        """Somebody without a certificate, who has just tried."""
        made = self.to(None, "stranger")
        made.connect()
        return made

    def to(self, shown: Identity | None, name: str) -> Connection:
        """A connection, not made yet."""
        root = self.federation.folder.certificate("root").read_text()
        return Connection("localhost", self.port, context(root, shown), name)

    def stop(self) -> None:
        """An orderly end; may be called twice."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None
            (self.out / "pid").unlink(missing_ok=True)

    def __exit__(self, *_: object) -> None:
        self.stop()


class Van:
    """A unit's side of enrolment."""

    def __init__(self, laid_out: LaidOut, unit: str) -> None:
        self.laid_out, self.unit = laid_out, unit
        self.key, self.certificate = Ed25519PrivateKey.generate(), b""
        self.bootstrap_der = b""

    def take(self, bundle: Bundle, code: str) -> None:
        """What a technician gives it."""
        self.bundle, self.code = bundle, enrolment.typed(code)
        key = closed_keys.read(bundle.bootstrap_key.encode())
        assert isinstance(key, Ed25519PrivateKey)
        self.bootstrap = Identity(key, bundle.bootstrap_certificate)

    def request(self) -> bytes:
        """For the key it has now."""
        return certificates.request(self.key, self.unit)

    def proved(self, request: bytes) -> bytes:
        """The message that enrols it by its code."""
        proof = enrolment.code_proof(enrolment.code_key(self.code, self.unit), request)
        return messages.encode(EnrolRequest(request=request, proof=proof))

    def expired(self, request: bytes, key: Ed25519PrivateKey) -> bytes:
        """The message of one whose certificate ran out."""
        signed = enrolment.renewal(key, self.unit, request)
        asked = EnrolRequest(request=request, former=self.certificate, renewal=signed)
        return messages.encode(asked)

    def enrol(self, message: bytes, seconds: float = 5.0) -> Answer | None:
        """What is answered to it on the way that needs no certificate."""
        name = certificates.BOOTSTRAP + self.unit
        line = self.laid_out.to(self.bootstrap, name)
        way = topics.enrol(self.unit, "request"), topics.enrol(self.unit, "answer")
        request = messages.decode(message, EnrolRequest).request
        return self._exchange(line, way, message, request, seconds)

    def renewal(self) -> bytes:
        """The message that asks for the certificate of another key."""
        request = certificates.request(Ed25519PrivateKey.generate(), self.unit)
        return enrolment.renewal(self.key, self.unit, request)

    def renew(self, new: Ed25519PrivateKey, seconds: float = 5.0) -> Answer | None:
        """What is answered to a request for its next certificate."""
        request = certificates.request(new, self.unit)
        message = enrolment.renewal(self.key, self.unit, request)
        way = topics.up(self.unit, "request"), topics.down(self.unit, "certificate")
        return self._exchange(self.line(), way, message, request, seconds)

    def adopt(self, answer: Answer | None) -> None:
        """Becomes who it says."""
        assert answer is not None
        assert answer.outcome == "issued", answer.reason
        self.certificate, self.bootstrap_der = answer.certificate, answer.bootstrap

    def identity(self) -> Identity:
        """What it shows the broker."""
        leaf = issuing.pem(certificates.read(self.certificate))
        return Identity(self.key, leaf + self.bundle.device_authority)

    def line(self) -> Connection:
        """Its connection, not made yet."""
        return self.laid_out.to(self.identity(), self.unit)

    def _exchange(
        self,
        line: Connection,
        way: tuple[str, str],
        message: bytes,
        request: bytes,
        seconds: float,
    ) -> Answer | None:
        there, back = way
        why_not = line.connect()
        assert why_not == "", why_not
        line.subscribe(back)
        line.publish(there, message)
        line.until(lambda: bool(_answers(line, request)), seconds)
        line.leave()
        return next(iter(_answers(line, request)), None)


def _answers(line: Connection, request: bytes) -> list[Answer]:
    """To that very request, among those to others."""
    told = [messages.decode(word.payload, Answer) for word in line.received]
    return [one for one in told if one.request == enrolment.request_digest(request)]


def bundled(laid_out: LaidOut, unit: str) -> Van:
    """A unit with a bundle and its code, as they come out of the command."""
    federation = laid_out.federation
    out = federation.path / "bundles"
    told = io.StringIO()
    with redirect_stdout(told):
        if unit not in federation.state().units:
            federation.add(unit)
        where = f"localhost:{laid_out.port}"
        assert federation.run("bundle", unit, "--broker", where, "--out", out) == 0
    code = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", told.getvalue())
    assert code is not None, told.getvalue()
    van = Van(laid_out, unit)
    van.take(enrolment.read_bundle((out / f"escale-{unit}.bundle").read_bytes()), code[0])
    return van


def enrolled(laid_out: LaidOut, unit: str) -> Van:
    """One that has enrolled, with no service between."""
    van = bundled(laid_out, unit)
    word = Word(topics.enrol(unit, "request"), van.proved(van.request()))
    van.adopt(office(laid_out).answer(word, facts.now()))
    return van


def office(laid_out: LaidOut) -> Office:
    """Where requests are answered, without its service."""
    folder = laid_out.federation.folder
    signers = broker_files.authorities(folder, Passphrase(AUTHORITY))
    return Office(folder, broker_files.settings(folder), signers)
