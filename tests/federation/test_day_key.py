"""Names are sealed to the key that the unit itself signed, whatever else its status may say."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import signing

from .bench import Bench, status
from .van import UNIT, key_of

TODAY, ANOTHER = "0a" * 32, "0b" * 32


def proof(key: Ed25519PrivateKey, day_key: str = TODAY, unit: str = UNIT) -> bytes:
    return signing.prove(key, "day", unit, bytes.fromhex(day_key))


def sealed_to(bench: Bench) -> str | None:
    ((key,),) = bench.ask("SELECT day_key FROM unit WHERE unit = ?", UNIT)
    return key


def test_the_key_that_the_unit_signed_is_believed(bench: Bench) -> None:
    bench.arrive(status(day_key=TODAY, day_proof=proof(key_of(UNIT))))
    assert sealed_to(bench) == TODAY


def test_a_key_that_somebody_else_put_into_the_status_is_not(bench: Bench) -> None:
    stranger, neighbour = Ed25519PrivateKey.generate(), key_of("van-simone")
    own = key_of(UNIT)
    for forged in (
        b"",
        proof(stranger),
        proof(neighbour),
        proof(own, unit="van-simone"),
        proof(own, day_key=ANOTHER),
        signing.prove(own, "renewal", UNIT, bytes.fromhex(TODAY)),
    ):
        bench.arrive(status(day_key=TODAY, day_proof=forged))
        assert sealed_to(bench) is None
        assert bench.ask("SELECT status FROM unit WHERE unit = ?", UNIT)


def test_a_day_that_ended_takes_its_key_along(bench: Bench) -> None:
    bench.arrive(status(day_key=TODAY, day_proof=proof(key_of(UNIT))))
    bench.arrive(status())
    assert sealed_to(bench) is None
