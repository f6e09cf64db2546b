"""`escale enrol` and `escale identity` at a technician's terminal: told plainly, nothing secret."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import cli, config
from appliance.identity import bundle, pending, store
from appliance.identity.trusted import TrustStore
from protocol import certificates, enrolment
from protocol.equipment import Equipment, Panel
from provisioning import issuing
from tests.appliance.identity.answering import (
    CODE,
    UNIT,
    Authority,
    at_the_broker,
    put_bundle,
)
from tests.support import Mosquitto, free_port
from tests.trusted import Trusted, pem, put


@pytest.fixture(scope="module")
def secure(trusted: Trusted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path_factory.mktemp("broker"), trusted=trusted) as running:
        yield running


@pytest.fixture
def answered(authority: Authority, secure: Mosquitto, tmp_path: Path) -> Iterator[None]:
    with at_the_broker(authority, secure.port, tmp_path / "service"):
        yield


class Card:
    """A blank card with a bundle, and the technician before it."""

    def __init__(self, folder: Path, authority: Authority, port: int) -> None:
        self.data, self.config = folder / "data", folder / "etc" / "unit.toml"
        self.bundle = put_bundle(authority.bundle(port=port), folder / "bundle.json")

    def enrol(self, *options: object) -> int:
        return self.escale("enrol", self.bundle, "--data", self.data, *options)

    def escale(self, *arguments: object) -> int:
        command, *rest = map(str, arguments)
        if command == "enrol":
            return cli.main([command, *rest, "--config", str(self.config)])
        return cli.main(["--config", str(self.config), command, *rest])


@pytest.fixture
def card(authority: Authority, secure: Mosquitto, tmp_path: Path) -> Card:
    return Card(tmp_path, authority, secure.port)


Told = Callable[[], tuple[str, str]]


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str], card: Card) -> Told:
    """What was printed since; fails when any secret was."""

    def read() -> tuple[str, str]:
        out, err = capfd.readouterr()
        said = out + err
        assert CODE not in said
        assert enrolment.printed(CODE) not in said
        assert "PRIVATE" not in said
        for path in card.data.glob("identity/*key.pem"):
            key = store.read_key(path)
            assert key is None or key.private_bytes_raw().hex() not in said
        assert "Traceback" not in said
        return out, err

    return read


@pytest.mark.usefixtures("answered")
def test_a_blank_card_becomes_a_unit(card: Card, told: Told, authority: Authority) -> None:
    typed = enrolment.printed(CODE).lower().replace("-", " ")  # as people type
    assert card.enrol("--code", typed) == 0
    out, err = told()
    assert out.splitlines()[0] == f"{card.config} is written from the bundle"
    assert re.search(rf"{UNIT} is enrolled \(until \d{{4}}-\d\d-\d\d\)", out.splitlines()[-1])
    assert err == ""
    unit = config.load(card.config)
    assert (unit.unit.id, unit.unit.vehicle_name, unit.unit.centre, unit.unit.territory) == (
        UNIT, "Camion « Germaine »", "Privas", "Ardèche"
    )  # fmt: skip
    assert unit.paths.data == card.data
    assert unit.security.device_secret == Path(bundle.DEVICE_SECRET)
    assert TrustStore(card.data).reset_secret() == b"r" * 32
    assert not (card.data / "identity" / "code").exists()
    assert card.enrol() == 0  # and again: nothing to do, nothing asked
    assert "is enrolled already" in told()[0]
    assert len(authority.issued) == 1


@pytest.mark.usefixtures("answered")
def test_files_of_the_identity_are_the_uplinks_alone(card: Card) -> None:
    assert card.enrol("--code", CODE) == 0
    modes = {
        path.relative_to(card.data).as_posix(): oct(path.stat().st_mode & 0o7777)
        for path in (*card.data.iterdir(), *card.data.glob("*/*"))
    }
    assert modes == {
        "identity": "0o700", "identity/key.pem": "0o600", "identity/certificate.pem": "0o600",
        "identity/bootstrap-key.pem": "0o600", "identity/bootstrap.pem": "0o600",
        "trust": "0o2750", "trust/root.pem": "0o640", "trust/devices.pem": "0o640",
        "trust/statement": "0o640", "trust/reset-secret": "0o640",
    }  # fmt: skip


def test_nobody_answers_and_the_command_may_be_run_again(
    card: Card, told: Told, authority: Authority, secure: Mosquitto, tmp_path: Path
) -> None:
    assert card.enrol("--code", CODE, "--wait", 0.5) == 1
    assert told()[1] == (
        f"escale: {UNIT} is not enrolled yet (nobody answers):"
        " run this command again, or leave it to the uplink.\n"
    )
    request = pending.ensure(card.data, UNIT).request
    with at_the_broker(authority, secure.port, tmp_path / "service"):
        assert card.enrol() == 0  # the code is known, the request is the same
    assert list(authority.issued) == [request]


@pytest.mark.usefixtures("answered")
def test_a_wrong_code_is_one_sentence_and_is_not_kept(card: Card, told: Told) -> None:
    assert card.enrol("--code", "0" * 16) == 1
    assert told()[1] == f"escale: {UNIT} is not enrolled: the code is not this unit's\n"
    assert card.enrol() == 1
    assert "takes the code printed with its bundle: give --code" in told()[1]
    assert card.enrol("--code", CODE) == 0


@pytest.mark.parametrize("code", ["", "ABC", "é" * 16, "7K3M9QXW2PZT4HJU"])
def test_a_code_that_is_none_is_refused_before_anybody_is_asked(
    card: Card, told: Told, code: str
) -> None:
    assert card.enrol("--code", code) == 1
    assert told()[1] == (
        "escale: a code has 16 letters and digits: read it once more from the printed sheet.\n"
    )


def test_no_network_is_one_sentence(
    tmp_path: Path, authority: Authority, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    card = Card(tmp_path, authority, port)
    assert card.enrol("--code", CODE, "--wait", 0.3) == 1
    out, err = capfd.readouterr()
    assert out.splitlines()[-1] == f"nothing answers at 127.0.0.1:{port}"
    assert err.startswith(f"escale: {UNIT} is not enrolled yet (nothing answers at")
    assert err.count("\n") == 1


def test_a_bundle_of_another_unit_is_one_sentence(
    card: Card, told: Told, trusted: Trusted, tmp_path: Path
) -> None:
    assert card.enrol("--code", CODE, "--wait", 0) == 1
    told()
    other = Authority(trusted, "van-marcelle").bundle()
    put_bundle(other, card.bundle)
    assert card.enrol("--code", CODE) == 1
    assert told()[1] == (
        f"escale: the bundle is of van-marcelle, {card.config} is of {UNIT}:"
        " take the bundle of this unit.\n"
    )


def test_a_bundle_of_another_federation_does_not_take_the_unit_over(card: Card, told: Told) -> None:
    assert card.enrol("--code", CODE, "--wait", 0) == 1
    told()
    before = {path: path.read_bytes() for path in card.data.glob("*/*")}
    put_bundle(Authority(Trusted()).bundle(), card.bundle)
    assert card.enrol("--code", CODE, "--again") == 1
    assert "another root than the one this unit trusts: wipe the unit first" in told()[1]
    assert {path: path.read_bytes() for path in card.data.glob("*/*")} == before


def damaged_bundles(authority: Authority) -> dict[str, bytes]:
    from protocol import messages

    stranger = Authority(Trusted())
    whole = messages.encode(authority.bundle())
    return {
        "empty": b"",
        "cut": whole[:-200],
        "no JSON": b"\xff" * 100,
        "too large": whole + b" " * 65_536,
        "statement of another root": messages.encode(
            authority.bundle(trust=stranger.trusted.statement())
        ),
        "authority of another root": messages.encode(
            authority.bundle(device_authority=stranger.bundle().device_authority)
        ),
        "bootstrap of another authority": messages.encode(
            authority.bundle(bootstrap_certificate=stranger.bootstrap)
        ),
        "another key": messages.encode(
            authority.bundle(bootstrap_key=stranger.bundle().bootstrap_key)
        ),
        "no certificate": messages.encode(authority.bundle(bootstrap_certificate="")),
        "no key": messages.encode(authority.bundle(bootstrap_key="x")),
        "no root": messages.encode(authority.bundle(root="x")),
        "short secret": messages.encode(authority.bundle(reset_secret=b"r")),
    }


def test_a_damaged_bundle_is_one_sentence_and_touches_nothing(
    card: Card, told: Told, authority: Authority
) -> None:
    for what, content in damaged_bundles(authority).items():
        card.bundle.write_bytes(content)
        assert card.enrol("--code", CODE, "--wait", 0) == 1, what
        err = told()[1]
        assert err.startswith(f"escale: the bundle {card.bundle} is damaged ("), what
        assert err.endswith("make a new one (escale-provision bundle) and copy it again.\n"), what
        assert err.count("\n") == 1, what
        assert not card.data.exists()
        assert not card.config.exists()
    card.bundle.unlink()
    assert card.enrol("--code", CODE) == 1
    assert told()[1] == (
        f"escale: there is no bundle at {card.bundle}: copy it there, or name another.\n"
    )


def test_a_configuration_that_cannot_be_written_is_one_sentence(card: Card, told: Told) -> None:
    card.config = card.bundle / "unit.toml"
    assert card.enrol("--code", CODE) == 1
    assert told()[1] == (
        f"escale: {card.config} cannot be written (File exists): give another --config.\n"
    )


def test_a_place_that_is_no_time_zone_is_found_before_anything_is_kept(
    card: Card, told: Told, authority: Authority
) -> None:
    put_bundle(authority.bundle(zone="Europe/Privas"), card.bundle)
    assert card.enrol("--code", CODE) == 1
    assert "no such time zone" in told()[1]
    assert not card.data.exists()
    assert not card.config.exists()


@pytest.mark.usefixtures("answered")
def test_again_gives_a_new_key_and_a_newer_trust(
    card: Card, told: Told, authority: Authority, secure: Mosquitto
) -> None:
    assert card.enrol("--code", CODE) == 0
    first = store.load(card.data)
    waiting = pending.ensure(card.data, UNIT)  # a renewal was under way: that key is not trusted
    authority.code = "2" * 16
    put_bundle(authority.bundle(serial=4, port=secure.port), card.bundle)
    assert card.enrol("--again", "--code", "2" * 16) == 0
    second = store.load(card.data)
    assert first is not None
    assert second is not None
    assert second.key.public_key() not in (first.key.public_key(), waiting.key.public_key())
    assert TrustStore(card.data).trust().serial == 4
    put_bundle(authority.bundle(serial=3, port=secure.port), card.bundle)
    authority.code = "3" * 16
    assert card.enrol("--again", "--code", "3" * 16) == 0
    assert TrustStore(card.data).trust().serial == 4  # an old bundle takes nothing back
    told()


@pytest.mark.usefixtures("answered")
def test_a_unit_that_slept_too_long_waits_for_a_person_without_a_code(
    card: Card, told: Told, authority: Authority
) -> None:
    assert card.enrol("--code", CODE) == 0
    let_it_run_out(card, authority)
    assert card.enrol("--wait", 1) == 1
    assert "not enrolled yet (somebody must approve this unit)" in told()[1]
    authority.approved = True
    assert card.enrol() == 0


def let_it_run_out(card: Card, authority: Authority) -> None:
    """The certificate of its key is now one that ended yesterday."""
    identity = store.load(card.data)
    assert identity is not None
    devices, days = authority.trusted.devices, timedelta(days=90)
    begun = datetime.now(UTC) - days - timedelta(days=1)
    ended = issuing.issue_client(devices, identity.key.public_key(), UNIT, begun, days)
    chain = issuing.chain([ended, devices.certificate])
    put(store.folder(card.data) / store.CERTIFICATE, chain)


def test_a_newer_bundle_says_where_the_broker_is_now_and_hands_stay_what_they_wrote(
    card: Card, told: Told, authority: Authority
) -> None:
    assert card.enrol("--on-screen") == 0
    by_hand = card.config.read_text(encoding="utf-8") + "\n[gps]\nport = '/dev/ttyAMA0'\n"
    card.config.write_text(by_hand, encoding="utf-8")
    assert card.enrol("--on-screen") == 0
    assert card.config.read_text(encoding="utf-8") == by_hand  # the same bundle tells nothing new

    later = authority.trusted.now + timedelta(days=1)
    key, chain = authority.trusted.client(certificates.BOOTSTRAP + UNIT, begins=later)
    panel = Panel(lamp=27)
    newer = authority.bundle(
        broker_host="other.example.org", equipment=Equipment(panel=panel),
        bootstrap_key=pem(key), bootstrap_certificate=chain,
    )  # fmt: skip
    put_bundle(newer, card.bundle)
    assert card.enrol("--on-screen") == 0
    unit = config.load(card.config)
    assert (unit.broker.host, unit.panel.lamp, unit.gps.port) == (
        "other.example.org", 27, "/dev/ttyAMA0"
    )  # fmt: skip
    told()


@pytest.mark.usefixtures("answered")
def test_a_renewed_bootstrap_is_not_put_back_by_the_bundle(card: Card, told: Told) -> None:
    assert card.enrol("--code", CODE) == 0
    renewed = store.bootstrap(card.data)
    assert card.enrol("--again", "--code", CODE, "--wait", 0) == 1  # used already
    again = store.bootstrap(card.data)
    assert renewed is not None
    assert again is not None
    assert again.der == renewed.der
    told()


@pytest.mark.usefixtures("answered")
def test_who_the_unit_is_can_be_asked(card: Card, told: Told) -> None:
    assert card.enrol("--code", CODE) == 0
    told()
    assert card.escale("identity") == 0
    out = told()[0]
    identity = store.load(card.data)
    assert identity is not None
    assert f"unit              {UNIT}\n" in out
    assert f"until {certificates.at(identity.until):%Y-%m-%d}" in out
    assert "statement 1 of" in out
    assert "not asked for yet" in out
    assert len(re.findall(r"\b[0-9a-f]{16}\b", out)) >= 6


def test_a_unit_that_is_not_enrolled_says_so(card: Card, told: Told) -> None:
    assert card.enrol("--code", CODE, "--wait", 0) == 1
    told()
    assert card.escale("identity") == 0
    assert "this unit is not enrolled (escale enrol BUNDLE)" in told()[0]


def test_the_command_sees_what_the_uplink_got_beside_it(
    card: Card, told: Told, authority: Authority
) -> None:
    assert card.enrol("--code", CODE, "--wait", 0) == 1
    waiting = pending.ensure(card.data, UNIT)

    def uplink() -> None:
        from appliance.identity import answers

        trust = TrustStore(card.data)
        payload = authority.issue(waiting.request, waiting.key.public_key())
        asked = answers.expected(card.data, UNIT, trust)
        issued = answers.judge(payload, asked, datetime.now(UTC))
        assert isinstance(issued, answers.Issued)
        answers.take(card.data, issued, trust, keep=False)

    beside = threading.Timer(0.5, uplink)
    beside.start()
    assert card.enrol("--wait", 10) == 0
    beside.join()
    told()


def test_a_card_may_leave_its_code_to_the_screen(card: Card, told: Told) -> None:
    """At the first start of a card nobody sits at a terminal."""
    assert card.enrol("--on-screen") == 0
    assert told()[0].splitlines()[-1] == f"{UNIT} is ready: type its code on the screen"
    assert store.bootstrap(card.data) is not None
    assert not (card.data / "identity" / store.CODE).exists()
    assert config.load(card.config).unit.id == UNIT


def test_a_spare_card_keeps_its_display_and_pins_when_it_becomes_a_unit(
    card: Card, told: Told, authority: Authority, tmp_path: Path
) -> None:
    own, spare = card.bundle, Authority(authority.trusted, "spare-abcd").bundle()
    card.bundle = put_bundle(spare, tmp_path / "spare.json")
    assert card.enrol("--on-screen") == 0
    with card.config.open("a", encoding="utf-8") as file:
        file.write('\n[screen]\npanel = "dix-pouces"\n\n[panel]\nlamp = 27\npoweroff = true\n')
    card.bundle = own
    assert card.enrol("--on-screen") == 0
    unit = config.load(card.config)
    assert (unit.unit.id, unit.screen.panel) == (UNIT, "dix-pouces")
    assert (unit.panel.lamp, unit.panel.poweroff) == (27, True)
    told()
