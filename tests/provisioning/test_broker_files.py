"""The broker's folder: written whole, renewed in time, read by a running broker; what is old."""

import os
import socket
import ssl
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from provisioning import broker, broker_files, broker_watch, facts, issuing, registry
from provisioning.broker_watch import End, Seen
from provisioning.passphrase import Passphrase
from tests.provisioning.federation import AUTHORITY, Federation
from tests.provisioning.van import LaidOut, enrolled
from tests.support import eventually

NOW = facts.now()
DAY = timedelta(days=1)


def certificate(laid_out: LaidOut) -> x509.Certificate:
    return x509.load_pem_x509_certificates((laid_out.out / broker.CERTIFICATE).read_bytes())[0]


def lay_out_at(laid_out: LaidOut, now: datetime) -> list[str]:
    """What changes at that time."""
    folder = laid_out.federation.folder
    told = broker_files.settings(folder)
    signers = broker_files.authorities(folder, Passphrase(AUTHORITY))
    with registry.writing(folder.registry) as log:
        return broker_files.lay_out(folder, told, log, signers, now)


def test_what_is_as_it_should_be_is_left_alone(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.stat().st_ino for path in laid_out.out.iterdir()}
    known = laid_out.federation.folder.registry.read_bytes()
    capsys.readouterr()
    assert laid_out.federation.run("broker") == 0
    assert "nothing changed" in capsys.readouterr().out
    after = {path.name: path.stat().st_ino for path in laid_out.out.iterdir()}
    assert {name: after[name] for name in broker.FILES} == {
        name: before[name] for name in broker.FILES
    }
    assert laid_out.federation.folder.registry.read_bytes() == known


def test_the_key_and_the_rights_are_for_the_group_of_the_folder_alone(laid_out: LaidOut) -> None:
    modes = {name: stat.S_IMODE((laid_out.out / name).stat().st_mode) for name in broker.FILES}
    assert {name for name, mode in modes.items() if mode & 0o007} == {
        broker.CONFIGURATION, broker.CLIENTS, broker.CERTIFICATE, broker.REVOKED,
    }  # fmt: skip
    assert modes[broker.KEY] == modes[broker.ACCESS] == 0o640


def test_the_broker_gets_its_next_certificate_when_a_third_is_left(laid_out: LaidOut) -> None:
    first = certificate(laid_out)
    assert lay_out_at(laid_out, NOW + 59 * DAY) == [broker.REVOKED]
    assert certificate(laid_out) == first
    assert broker.CERTIFICATE in lay_out_at(laid_out, NOW + 61 * DAY)
    second = certificate(laid_out)
    assert second.not_valid_after_utc > first.not_valid_after_utc + 60 * DAY
    known = laid_out.federation.state().names[issuing.BROKER]
    assert known == [first.serial_number, second.serial_number]


def test_a_running_broker_shows_its_next_certificate_after_a_signal(laid_out: LaidOut) -> None:
    (laid_out.out / broker.CERTIFICATE).unlink()
    lay_out_at(laid_out, NOW)
    assert shown(laid_out) != certificate(laid_out)
    broker_files.reload(broker_files.settings(laid_out.federation.folder))
    eventually(lambda: shown(laid_out) == certificate(laid_out), what="the new one is shown")


def test_other_names_make_another_certificate(laid_out: LaidOut) -> None:
    assert laid_out.federation.run("broker", "--host", "mqtt.example.org", "--host", "::1") == 0
    names = certificate(laid_out).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.DNSName) == ["mqtt.example.org"]
    assert [str(one) for one in names.value.get_values_for_type(x509.IPAddress)] == ["::1"]
    assert broker_files.settings(laid_out.federation.folder).port == laid_out.port


def test_a_unit_whose_certificate_ran_out_has_no_rights_left(laid_out: LaidOut) -> None:
    enrolled(laid_out, "van-germaine")
    assert "user van-germaine\n" in (laid_out.out / broker.ACCESS).read_text()
    lay_out_at(laid_out, NOW + 91 * DAY)
    access = (laid_out.out / broker.ACCESS).read_text()
    assert "user van-germaine\n" not in access
    assert "user enrol-van-germaine\n" in access


def test_a_host_may_be_called_like_a_unit_without_giving_it_rights(laid_out: LaidOut) -> None:
    laid_out.federation.add("localhost")
    lay_out_at(laid_out, NOW)
    assert "user localhost\n" not in (laid_out.out / broker.ACCESS).read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("broker",), "escale-provision broker --out FOLDER --host NAME"),
        (("broker", "--out", "/x", "--host", "a b"), "the broker cannot be like that"),
        (("broker", "--out", "/x", "--host", "a", "--port", "0"), "the broker cannot be like that"),
        (("status",), "escale-provision broker --out FOLDER --host NAME"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(
    federation: Federation,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    told: str,
) -> None:
    assert federation.run(*arguments) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_broker_that_cannot_be_told_is_a_sentence_about_its_pid_file(laid_out: LaidOut) -> None:
    told = broker_files.settings(laid_out.federation.folder)
    told.pid.write_text(str(os.getpid()))
    with pytest.raises(broker_files.OperatorError, match=r"names .*, no broker"):
        broker_files.reload(told)
    told.pid.unlink()
    with pytest.raises(broker_files.OperatorError, match="--reload"):
        broker_files.reload(told)


def test_a_command_may_make_the_broker_read_its_files(laid_out: LaidOut, tmp_path: Path) -> None:
    laid_out.federation.run("broker", "--reload", f"touch {tmp_path / 'reloaded'}")
    told = broker_files.settings(laid_out.federation.folder)
    broker_files.reload(told)
    assert (tmp_path / "reloaded").exists()
    laid_out.federation.run("broker", "--reload", "false")
    with pytest.raises(broker_files.OperatorError, match="`false` did not make the broker read"):
        broker_files.reload(broker_files.settings(laid_out.federation.folder))


def seen(age: timedelta = 0 * DAY, left: timedelta = 100 * DAY) -> Seen:
    listed = NOW - age
    return Seen(listed, listed + 30 * DAY, [End("the broker", NOW + left)])


def test_a_list_is_warned_of_from_its_seventh_day() -> None:
    assert broker_watch.warnings(seen(age=7 * DAY - timedelta(minutes=1)), NOW) == []
    told = broker_watch.warnings(seen(age=7 * DAY), NOW)
    assert len(told) == 1
    assert told[0].startswith("the revocation list is 7 days old and locks every unit out on ")


def test_a_certificate_is_warned_of_three_weeks_before_its_end() -> None:
    assert broker_watch.warnings(seen(left=21 * DAY + timedelta(minutes=1)), NOW) == []
    assert "in 21 days: renew it" in broker_watch.warnings(seen(left=21 * DAY), NOW)[0]
    assert "in 0 days: renew it" in broker_watch.warnings(seen(left=-3 * DAY), NOW)[0]


def test_status_tells_what_runs_out_and_its_exit_code_says_so(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert laid_out.federation.run("status") == 0
    told = capsys.readouterr().out
    for what in ("the revocation list", "the root", "authority", "the broker"):
        assert what in told
    assert "warning" not in told
    folder = laid_out.federation.folder
    found = broker_watch.look(
        folder, broker_files.settings(folder), laid_out.federation.state(), NOW
    )
    assert broker_watch.warnings(found, facts.now() + 8 * DAY)[0].startswith(
        "the revocation list is 8"
    )
    assert any("the broker ends" in one for one in broker_watch.warnings(found, NOW + 70 * DAY))


def test_status_fails_when_the_list_is_old(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    signers = broker_files.authorities(laid_out.federation.folder, Passphrase(AUTHORITY))
    old = issuing.revocation_list(signers.devices[0], {}, 1, NOW - 8 * DAY)
    (laid_out.out / broker.REVOKED).write_text(issuing.pem(old))
    assert laid_out.federation.run("status") == 1
    assert "warning: the revocation list is 8 days old" in capsys.readouterr().out


@pytest.mark.slow
def test_the_command_proves_what_it_wrote(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    assert laid_out.federation.run("broker", "check", "--out", laid_out.out) == 0
    told = capsys.readouterr().out
    assert "41 of 41 are so" in told
    assert "FAILS" not in told


@pytest.mark.slow
def test_the_command_finds_what_somebody_changed_by_hand(
    laid_out: LaidOut, capsys: pytest.CaptureFixture[str]
) -> None:
    path = laid_out.out / broker.CONFIGURATION
    path.write_text(path.read_text().replace("use_username_as_clientid true\n", ""))
    assert laid_out.federation.run("broker", "check", "--out", laid_out.out) == 1
    told = capsys.readouterr().out
    assert "FAILS nobody takes another's session: " in told
    assert "40 of 41 are so" in told


def shown(laid_out: LaidOut) -> x509.Certificate:
    """What the broker shows to whoever comes."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", laid_out.port), 5) as line,
        anybody.wrap_socket(line) as secured,
    ):
        der = secured.getpeercert(binary_form=True)
    assert der is not None
    return x509.load_der_x509_certificate(der)
