"""The service that answers, as a process, between a real broker and units that ask."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import certificates, topics
from protocol.certificates import BOOTSTRAP
from provisioning import broker, facts, issuing, keys, registry
from provisioning.passphrase import Passphrase
from tests.protocol.fuzzing import spoilt
from tests.provisioning.federation import AUTHORITY, copied
from tests.provisioning.van import LaidOut, Van, bundled
from tests.support import eventually


class Serving:
    """`escale-provision serve` beside its broker."""

    def __init__(self, laid_out: LaidOut) -> None:
        self.laid_out = laid_out
        self.log = laid_out.federation.path / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it answers."""
        federation, told = self.laid_out.federation, self.told().count("answering requests")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "provisioning.cli",
                    "--folder", federation.folder.path,
                    "--passphrase-file", federation.authority, "serve",
                ],
                stdout=log, stderr=log,
            )  # fmt: skip
        eventually(lambda: self.told().count("answering requests") > told, 20, "serve answers")

    def told(self) -> str:
        """Its log."""
        return self.log.read_text() if self.log.exists() else ""

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=15)


@contextmanager
def serving_in(folder: Path) -> Iterator[Serving]:
    """The service of a federation of its own; at its end nothing went wrong."""
    federation = copied(folder)
    with LaidOut(federation, federation.path) as laid_out:
        made = Serving(laid_out)
        made.start()
        yield made
        assert made.stop() == 0, made.told()
        assert "Traceback" not in made.told()


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One for all tests here: each has a unit of its own."""
    with serving_in(tmp_path_factory.mktemp("serving")) as made:
        yield made


def ready(serving: Serving, unit: str) -> Van:
    """A unit whose new bundle the broker already knows: the service saw it by itself."""
    van = bundled(serving.laid_out, unit)
    access = serving.laid_out.out / broker.ACCESS
    eventually(lambda: f"user {BOOTSTRAP}{unit}\n" in access.read_text(), 10, f"{unit} may ask")
    return van


def enrolled(serving: Serving, unit: str) -> Van:
    van = ready(serving, unit)
    van.adopt(van.enrol(van.proved(van.request())))
    return van


def test_a_blank_unit_enrols_with_its_code_and_may_speak_at_once(serving: Serving) -> None:
    van = enrolled(serving, "van-blank")
    leaf = certificates.read(van.certificate)
    devices = certificates.read(issuing.der(_devices(van)))
    key = certificates.check(leaf, devices, name="van-blank", now=datetime.now(facts.now().tzinfo))
    assert key == van.key.public_key()
    line = van.line()
    assert line.connect() == ""
    access = (serving.laid_out.out / broker.ACCESS).read_text()
    assert f"topic write {topics.up('van-blank', 'batch')}\n" in access
    line.leave()


def test_the_same_request_gets_the_same_answer(serving: Serving) -> None:
    van = ready(serving, "van-twice")
    message = van.proved(van.request())
    first, second = van.enrol(message), van.enrol(message)
    assert first is not None
    assert first == second
    assert len(serving.laid_out.federation.state().names["van-twice"]) == 1


def test_a_code_is_good_for_one_key(serving: Serving) -> None:
    van = enrolled(serving, "van-once")
    van.key = Ed25519PrivateKey.generate()
    answer = van.enrol(van.proved(van.request()))
    assert answer is not None
    assert (answer.outcome, answer.certificate) == ("refused", b"")
    assert answer.reason == "its code was used or replaced: a new bundle is needed"
    assert not serving.laid_out.federation.folder.code("van-once").exists()


def test_a_wrong_code_is_told_and_the_right_one_still_counts(serving: Serving) -> None:
    van = ready(serving, "van-typo")
    right, van.code = van.code, "0" * 16
    answer = van.enrol(van.proved(van.request()))
    assert answer is not None
    assert answer.reason == "this is not its code: type it again"
    van.code = right
    van.adopt(van.enrol(van.proved(van.request())))


def test_a_certificate_is_renewed_over_its_own_connection(serving: Serving) -> None:
    van = enrolled(serving, "van-renews")
    before, bootstrap = van.certificate, van.bootstrap_der
    new = Ed25519PrivateKey.generate()
    van.adopt(van.renew(new))
    van.key = new
    assert van.certificate != before
    assert certificates.read(van.bootstrap_der).public_key() == (
        certificates.read(bootstrap).public_key()
    )
    assert van.line().connect() == ""


def test_a_unit_that_slept_too_long_comes_back_once_somebody_approves(serving: Serving) -> None:
    van = ready(serving, "van-asleep")
    slept = Ed25519PrivateKey.generate()
    van.certificate = expired_certificate(serving.laid_out, "van-asleep", slept)
    waiting = van.enrol(van.expired(van.request(), slept))
    assert waiting is not None
    assert waiting.outcome == "waiting"
    size = serving.laid_out.federation.folder.registry.stat().st_size
    van.enrol(van.expired(van.request(), slept))
    assert serving.laid_out.federation.folder.registry.stat().st_size == size
    assert serving.laid_out.federation.run("approve", "van-asleep") == 0
    van.adopt(van.enrol(van.expired(van.request(), slept)))
    assert van.line().connect() == ""


def test_a_flood_of_bad_requests_is_counted_and_writes_nothing(serving: Serving) -> None:
    van = ready(serving, "van-floods")
    folder = serving.laid_out.federation.folder
    message = van.proved(van.request())
    before, log = folder.registry.stat().st_size, serving.log.stat().st_size
    line = serving.laid_out.to(van.bootstrap, BOOTSTRAP + "van-floods")
    assert line.connect() == ""
    broken = (one for one in spoilt([message], 300, seed=1) if one != message)
    for payload in broken:
        line.client.publish(topics.enrol("van-floods", "request"), payload, qos=1)
        line.turn(0.0)
    line.until(lambda: line.client._out_messages == {}, 20)  # all of it is at the broker
    line.leave()
    van.key = Ed25519PrivateKey.generate()  # refusals of the same request may still be on their way
    van.adopt(van.enrol(van.proved(van.request()), 20))
    assert serving.log.stat().st_size - log < 2_000
    assert folder.registry.stat().st_size - before < 10_000
    assert len(serving.laid_out.federation.state().names["van-floods"]) == 1


@pytest.mark.slow
def test_it_comes_back_to_a_broker_that_was_away(serving: Serving) -> None:
    times = serving.told().count("answering requests")
    serving.laid_out.stop()
    eventually(lambda: "trying again" in serving.told(), 10, "it saw that the broker went")
    serving.laid_out.start()
    eventually(lambda: serving.told().count("answering requests") > times, 40, "it is back")
    enrolled(serving, "van-later")


@pytest.mark.slow
def test_killed_at_any_instant_it_never_gives_a_code_twice(serving: Serving) -> None:
    for number in range(4):
        van = ready(serving, f"van-killed-{number}")
        message = van.proved(van.request())
        line = serving.laid_out.to(van.bootstrap, BOOTSTRAP + van.unit)
        assert line.connect() == ""
        line.publish(topics.enrol(van.unit, "request"), message)
        time.sleep(0.004 * number)  # somewhere in its work, another place each time
        assert serving.process is not None
        os.kill(serving.process.pid, signal.SIGKILL)
        serving.process.wait()
        line.leave()
        serving.start()
        van.adopt(van.enrol(message, 10))
        assert len(serving.laid_out.federation.state().names[van.unit]) == 1
        assert van.line().connect() == ""


@pytest.mark.slow
def test_a_rotation_ends_the_process_that_still_holds_the_old_authority(
    tmp_path: Path,
) -> None:
    federation = copied(tmp_path)
    with LaidOut(federation, tmp_path) as laid_out:
        old = Serving(laid_out)
        old.start()
        clients = laid_out.out / broker.CLIENTS
        before = clients.read_text()
        assert federation.run("rotate", "devices") == 0
        assert old.process is not None
        assert old.process.wait(timeout=15) == 1
        assert "start serve again" in old.told()
        assert clients.read_text() == before
        old.start()
        eventually(lambda: clients.read_text().count("BEGIN") == 3, what="both are accepted")
        van = bundled(laid_out, "van-after")
        eventually(lambda: "enrol-van-after" in (laid_out.out / broker.ACCESS).read_text())
        van.adopt(van.enrol(van.proved(van.request())))
        assert van.line().connect() == ""
        assert old.stop() == 0


def test_without_a_broker_laid_out_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert copied(tmp_path / "federation").run("serve") == 1
    assert "escale-provision broker --out FOLDER --host NAME" in capsys.readouterr().err


def expired_certificate(laid_out: LaidOut, unit: str, key: Ed25519PrivateKey) -> bytes:
    """One that the registry knows and that ran out yesterday."""
    folder, begun = laid_out.federation.folder, facts.now() - timedelta(days=91)
    devices = keys.read_devices(folder, Passphrase(AUTHORITY))[0]
    life = timedelta(days=90)
    leaf = issuing.issue_client(devices, key.public_key(), unit, begun, life)
    with registry.writing(folder.registry) as log:
        log.append(facts.CodeUsed(at=begun, unit=unit))
        log.append(facts.issued(leaf, devices.certificate, begun))
    return issuing.der(leaf)


def _devices(van: Van) -> "issuing.x509.Certificate":
    return issuing.x509.load_pem_x509_certificate(van.bundle.device_authority.encode())
