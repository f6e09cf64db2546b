"""Bundles and codes: complete, one at a time, and kept nowhere."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from appliance import config
from appliance.identity import bundle as identity
from protocol import certificates, closed_keys, enrolment, reset_code, trust
from protocol.enrolment import Bundle, EnrolRequest
from provisioning import bundles, facts
from provisioning.errors import OperatorError
from tests.provisioning.federation import Federation

Told = pytest.CaptureFixture[str]


def bundled(federation: Federation, capsys: Told, *more: str) -> tuple[Bundle, str]:
    """The bundle of van-germaine and its slip."""
    out = federation.path / "cards"
    capsys.readouterr()
    command = ("bundle", "van-germaine", "--broker", "broker.example.org:8884", "--out", out)
    assert federation.run(*command, *more) == 0
    return enrolment.read_bundle((out / "escale-van-germaine.bundle").read_bytes()), (
        capsys.readouterr().out
    )


def code_of(slip: str) -> str:
    (printed,) = re.findall(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", slip)
    return enrolment.typed(printed)


def test_a_bundle_tells_a_blank_card_everything(federation: Federation, capsys: Told) -> None:
    federation.add("van-germaine")
    bundle, _ = bundled(federation, capsys, "--apn", "orange.m2m")
    assert (bundle.unit, bundle.vehicle_name, bundle.territory, bundle.centre) == (
        "van-germaine", "Camion van-germaine", "Loire", "Les Halles"
    )  # fmt: skip
    assert (bundle.profile, bundle.zone, bundle.access_point) == (
        "camion", "Europe/Paris", "orange.m2m"
    )  # fmt: skip
    assert (bundle.broker_host, bundle.broker_port) == ("broker.example.org", 8884)

    root = x509.load_pem_x509_certificate(bundle.root.encode())
    devices = x509.load_pem_x509_certificate(bundle.device_authority.encode())
    devices.verify_directly_issued_by(root)
    leaf, authority = x509.load_pem_x509_certificates(bundle.bootstrap_certificate.encode())
    assert authority == devices
    now = facts.now()
    public = certificates.check(leaf, devices, name="enrol-van-germaine", now=now)
    assert closed_keys.read(bundle.bootstrap_key.encode()).public_key() == public
    assert timedelta(days=179) < leaf.not_valid_after_utc - now <= timedelta(days=180)

    root_key = root.public_key()
    assert isinstance(root_key, Ed25519PublicKey)
    assert trust.read(bundle.trust, root_key).serial == 1
    master = federation.folder.reset.read_bytes()
    assert bundle.reset_secret == reset_code.unit_secret(master, "van-germaine", 1)

    known = federation.state()
    assert known.standing("van-germaine", now) == "bundled"
    (held,) = known.good("enrol-van-germaine", now)
    assert held.der == leaf.public_bytes(Encoding.DER)


def test_the_slip_says_in_french_what_to_do_and_its_code_opens(
    federation: Federation, capsys: Told
) -> None:
    federation.add("van-germaine")
    _, slip = bundled(federation, capsys)
    for words in ("Camion van-germaine", "van-germaine, lot n° 1", "escale-van-germaine.bundle",
                  f"{facts.now():%d/%m/%Y}", "Code à saisir une seule fois"):  # fmt: skip
        assert words in slip
    assert max(map(len, slip.splitlines())) <= 80
    key = federation.folder.code("van-germaine").read_bytes()
    proof = enrolment.code_proof(enrolment.code_key(code_of(slip), "van-germaine"), b"request")
    assert enrolment.proves(key, EnrolRequest(request=b"request", proof=proof))
    assert not enrolment.proves(key, EnrolRequest(request=b"another", proof=proof))


def test_a_code_is_kept_nowhere(federation: Federation, capsys: Told) -> None:
    federation.add("van-germaine")
    _, slip = bundled(federation, capsys)
    code = code_of(slip)
    files = [path for path in federation.path.rglob("*") if path.is_file()]
    assert len(files) > 10
    kept = [path for path in files if code.encode() in path.read_bytes().replace(b"-", b"").upper()]
    assert kept == []


def test_a_new_bundle_ends_the_one_before(federation: Federation, capsys: Told) -> None:
    federation.add("van-germaine")
    first, first_slip = bundled(federation, capsys)
    second, second_slip = bundled(federation, capsys)
    former, latter = (
        x509.load_pem_x509_certificates(bundle.bootstrap_certificate.encode())[0].serial_number
        for bundle in (first, second)
    )
    known = federation.state()
    assert list(known.revoked) == [former]
    assert [one.serial for one in known.good("enrol-van-germaine", facts.now())] == [latter]
    key = federation.folder.code("van-germaine").read_bytes()
    keys = [enrolment.code_key(code_of(slip), "van-germaine") for slip in (first_slip, second_slip)]
    assert [key == one for one in keys] == [False, True]
    assert "lot n° 2" in second_slip
    assert first.reset_secret != second.reset_secret


def test_every_unit_that_never_had_a_bundle_gets_one(
    federation: Federation, capsys: Told, tmp_path: Path
) -> None:
    federation.add("van-germaine", "van-nord", "van-sud")
    bundled(federation, capsys)
    command = ("bundle", "--all-new", "--broker", "b.org", "--out", tmp_path / "cards")
    assert federation.run(*command) == 0
    assert sorted(path.name for path in (tmp_path / "cards").iterdir()) == [
        "escale-van-nord.bundle", "escale-van-sud.bundle"
    ]  # fmt: skip
    assert capsys.readouterr().out.count("Code à saisir") == 2
    assert federation.run(*command) == 0
    assert capsys.readouterr().out == ""


def test_ten_thousand_codes_are_all_different() -> None:
    codes = {enrolment.new_code() for _ in range(10_000)}
    assert len(codes) == 10_000
    assert {len(code) for code in codes} == {16}


@pytest.mark.parametrize(
    ("text", "broker"),
    [
        ("broker.example.org", ("broker.example.org", 8883)),
        ("10.20.0.1:8884", ("10.20.0.1", 8884)),
        ("[fd00::1]:8884", ("fd00::1", 8884)),
        ("[fd00::1]", ("fd00::1", 8883)),
    ],
)
def test_a_broker_is_a_host_and_perhaps_a_port(text: str, broker: tuple[str, int]) -> None:
    assert bundles.read_broker(text) == broker


EQUIPMENT = """\
[screen]
panel = "dix-pouces"
rotation = 180

[panel]
lamp = 27
buzzer = 22
poweroff = true
"""


def test_a_card_knows_display_and_wires_from_its_bundle(
    federation: Federation, capsys: Told, tmp_path: Path
) -> None:
    federation.add("van-germaine")
    file = tmp_path / "vans.toml"
    file.write_text(EQUIPMENT, encoding="utf-8")
    bundle, _ = bundled(federation, capsys, "--equipment", str(file))
    made = tmp_path / "unit.toml"
    made.write_text(identity.toml(bundle, tmp_path, {}), encoding="utf-8")
    unit = config.load(made)
    assert (unit.screen.panel, unit.screen.rotation) == ("dix-pouces", 180)
    assert (unit.panel.lamp, unit.panel.buzzer, unit.panel.poweroff) == (27, 22, True)
    assert (unit.panel.ignition, unit.panel.battery_low) == (None, None)


def test_equipment_that_no_card_would_take_is_refused_here_in_one_sentence(
    federation: Federation, capsys: Told, tmp_path: Path
) -> None:
    federation.add("van-germaine")
    file = tmp_path / "vans.toml"
    file.write_text("[screen]\npanel = 'huit'\n[panel]\nlamp = 99\nlight = 3\n", encoding="utf-8")
    command = ("bundle", "van-germaine", "--broker", "b", "--out", tmp_path, "--equipment", file)
    assert federation.run(*command) == 1
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert all(word in told for word in ("vans.toml", "panel", "lamp", "light"))


@pytest.mark.parametrize("text", ["a b;c", "orange.m2m\n", "x" * 101, "réseau"])
def test_an_access_point_that_no_card_would_take_is_refused_here(text: str) -> None:
    with pytest.raises(OperatorError, match="no access point"):
        bundles.read_access_point(text)


def test_a_code_by_phone_is_what_that_card_waits_for(federation: Federation, capsys: Told) -> None:
    federation.add("van-germaine")
    assert federation.run("pin-code", "van-germaine", "123456") == 1
    assert "never had a bundle" in capsys.readouterr().err
    first, _ = bundled(federation, capsys)
    assert federation.run("rotate", "reset") == 0
    second, _ = bundled(federation, capsys)
    for bundle, more in ((second, ()), (second, ("--bundle", "2")), (first, ("--bundle", "1"))):
        assert federation.run("pin-code", "van-germaine", "123456", *more) == 0
        said = enrolment.typed(capsys.readouterr().out, reset_code.ANSWER_LENGTH)
        assert reset_code.is_right(bundle.reset_secret, "123456", said)
        assert not reset_code.is_right(bundle.reset_secret, "123457", said)
    assert federation.run("pin-code", "van-germaine", "123456", "--bundle", "3") == 1
    assert "never had a bundle 3" in capsys.readouterr().err


def test_a_statement_that_lags_behind_goes_into_no_bundle(
    federation: Federation, capsys: Told
) -> None:
    federation.add("van-germaine")
    former = federation.folder.statement.read_bytes()
    assert federation.run("rotate", "sealing") == 0
    federation.folder.statement.write_bytes(former)
    before = federation.folder.registry.read_bytes()
    command = ("bundle", "van-germaine", "--broker", "b.org", "--out", federation.path / "cards")
    assert federation.run(*command) == 1
    assert "sign it again with escale-provision statement --sign" in capsys.readouterr().err
    assert federation.folder.registry.read_bytes() == before
    assert federation.run("statement", "--sign") == federation.run(*command) == 0
