"""What a van sent by hand is in the ledger as if it had come by the broker, once, or is told."""

import io
import tracemalloc
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from federation import carried
from federation.errors import OperatorError
from protocol import parcel
from protocol.messages import MAX_BATCH
from protocol.parcel import Message

from .bench import Bench
from .van import TRUSTED, UNIT, Van, certificate_of

STRANGE = "van-from-afar"
"""Never heard of by this ledger."""


def packed(van: Van, *ranges: tuple[int, int]) -> bytes:
    """The van's copy."""
    file = io.BytesIO()
    said = [Message("certificate", certificate_of(van.unit))]
    for first, last in ranges:
        delivery = van.delivery(first, last)
        said.append(Message("batch", delivery.payload, delivery.properties[0][1]))
    parcel.write(file, van.unit, [TRUSTED.sealing.public_key()], said)
    return file.getvalue()


def arrives_by_hand(bench: Bench, content: bytes) -> list[Path]:
    folder = carried.folder_of(bench.store)
    return carried.unpack(io.BytesIO(content), [TRUSTED.sealing], folder)[1]


@pytest.mark.parametrize("unit", [UNIT, STRANGE])
def test_a_copy_is_in_the_ledger_and_owed_a_receipt(bench: Bench, unit: str) -> None:
    van = Van(unit).notes(250)
    arrives_by_hand(bench, packed(van, (1, 100), (101, 250)))
    bench.step()
    assert bench.keys() == [(van.epoch, seq) for seq in range(1, 251)]
    van.heard(bench.receipt(unit))
    assert van.cursor == 250


def test_what_came_by_the_broker_already_is_there_once(bench: Bench) -> None:
    van = Van().notes(30)
    bench.arrive(van.delivery(1, 20))
    arrives_by_hand(bench, packed(van, (1, 30)))
    bench.step()
    bench.arrive(van.delivery(11, 30))
    assert bench.keys() == [(van.epoch, seq) for seq in range(1, 31)]


def test_many_groups_are_taken_one_after_the_other_and_nothing_is_left(bench: Bench) -> None:
    van = Van().notes(260)
    left = arrives_by_hand(bench, packed(van, *((seq, seq) for seq in range(1, 261))))
    assert len(left) == 3
    for _ in left:
        bench.step()
    assert len(bench.keys()) == 260
    assert [path for path in left if path.exists()] == []


def test_a_copy_that_somebody_made_up_moves_nothing(bench: Bench) -> None:
    """Whoever has the public keys can seal; only the van can sign."""
    other = Van("van-simone").notes(3)
    forged = Message("batch", other.delivery(1, 3).payload, f"screen {other.epoch} 1-3")
    file = io.BytesIO()
    parcel.write(file, UNIT, [TRUSTED.sealing.public_key()], [forged])
    arrives_by_hand(bench, file.getvalue())
    bench.step()
    assert bench.keys() == []
    assert bench.ask("SELECT not_authentic FROM unit WHERE unit = ?", UNIT) == [(1,)]


def test_a_copy_of_a_unit_that_nothing_vouches_for_is_put_aside(bench: Bench) -> None:
    """Whoever has the public keys can make up a name as well."""
    file = io.BytesIO()
    forged = Message("batch", b"x", "screen 1 1-3")
    parcel.write(file, STRANGE, [TRUSTED.sealing.public_key()], [forged])
    (left,) = arrives_by_hand(bench, file.getvalue())
    bench.step()
    assert bench.ask("SELECT count(*) FROM unit WHERE unit = ?", STRANGE) == [(0,)]
    assert [path.name for path in left.parent.iterdir()] == [f"{left.stem}.unread"]


def test_a_large_copy_is_never_in_memory_as_a_whole(bench: Bench) -> None:
    payload, file = bytes(MAX_BATCH), io.BytesIO()
    said = (Message("batch", payload, f"screen 1 {n}-{n}") for n in range(1, 601))
    parcel.write(file, UNIT, [TRUSTED.sealing.public_key()], said)
    file.seek(0)
    tracemalloc.start()
    try:
        left = carried.unpack(file, [TRUSTED.sealing], bench.store.data / "carried")[1]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(left) == 6
    assert most < 600 * len(payload) / 2


def test_a_large_copy_that_is_cut_off_leaves_nothing_either(bench: Bench) -> None:
    van = Van().notes(130)
    content = packed(van, *((seq, seq) for seq in range(1, 131)))
    with pytest.raises(OperatorError, match="Make it again"):
        arrives_by_hand(bench, content[:-7])
    assert list(carried.folder_of(bench.store).iterdir()) == []


def test_one_that_is_cut_off_leaves_nothing_and_says_what_to_do(bench: Bench) -> None:
    content = packed(Van().notes(3), (1, 3))
    for damaged in (content[:-7], content[:40], b"holiday pictures"):
        with pytest.raises(OperatorError, match="Make it again on the vehicle"):
            arrives_by_hand(bench, damaged)
    assert not carried.folder_of(bench.store).exists()


def test_another_federation_s_is_not_opened(bench: Bench) -> None:
    content = packed(Van().notes(3), (1, 3))
    with pytest.raises(OperatorError, match="other keys"):
        carried.unpack(io.BytesIO(content), [X25519PrivateKey.generate()], bench.store.data)


def test_a_file_that_is_none_stops_no_unit(bench: Bench) -> None:
    folder = carried.folder_of(bench.store)
    folder.mkdir()
    (folder / "000.carried").write_bytes(b"\xff\xff")
    van = Van().notes(3)
    arrives_by_hand(bench, packed(van, (1, 3)))
    bench.step()
    bench.step()
    assert len(bench.keys()) == 3
    assert [path.name for path in folder.iterdir()] == ["000.unread"]
