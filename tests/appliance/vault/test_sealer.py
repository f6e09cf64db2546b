"""Whether names can be sealed just now, and what is said when they cannot."""

from pathlib import Path

from appliance.vault import Sealer
from protocol import sealing, trust
from protocol.event import Key
from protocol.sealing import Binding
from protocol.trust import Trust
from tests.appliance.vault.board import UNIT
from tests.trusted import Trusted, put


def test_a_name_is_sealed_to_the_federation_and_to_recovery(tmp_path: Path) -> None:
    trusted = Trusted()
    trusted.identity_of(UNIT, tmp_path)
    sealer, key = Sealer(UNIT, tmp_path), Key(7, 3)
    sealer.step(0.0)
    assert (sealer.trouble, sealer.fault) == ("", "")
    envelope = sealer.sealing({"first_name": "Aïcha"})(key)
    for private in (trusted.sealing, trusted.recovery):
        opened = sealing.open_envelope(envelope, [private], Binding(UNIT, key))
        assert opened == {"first_name": "Aïcha"}


def test_a_unit_that_is_not_enrolled_says_so(tmp_path: Path) -> None:
    sealer = Sealer(UNIT, tmp_path)
    sealer.step(0.0)
    assert sealer.trouble == "not_enrolled"
    assert sealer.fault.startswith("names are refused, they cannot be sealed: ")


def test_a_statement_that_is_not_the_roots_or_names_nobody_is_no_statement(tmp_path: Path) -> None:
    trusted = Trusted()
    trusted.identity_of(UNIT, tmp_path)
    nobody = Trust(serial=9, made=0, sealing=(), documents=(), receipts=())
    for statement in (Trusted().statement(), trust.sign(trusted.root.key, nobody), b"damaged"):
        put(tmp_path / "trust" / "statement", statement)
        sealer = Sealer(UNIT, tmp_path)
        sealer.step(0.0)
        assert sealer.trouble == "not_trusted"


def test_it_tries_again_each_hour_and_mends_by_itself(tmp_path: Path) -> None:
    sealer = Sealer(UNIT, tmp_path)
    sealer.step(0.0)
    Trusted().identity_of(UNIT, tmp_path)
    sealer.step(3599.0)
    assert sealer.trouble == "not_enrolled"
    sealer.step(3600.0)
    assert sealer.trouble == ""
