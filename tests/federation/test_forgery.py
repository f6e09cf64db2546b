"""What a unit did not say is never taken for its word, whoever brings it.

The forger here sits at the broker: it sees every true message, may change, drop and invent any,
and holds keys and certificates of other units. The control leaves the signature unread.
"""

import random
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import taking, units, unread
from federation.source import Delivery
from protocol import batch, signing, topics
from protocol.row import Row, chain
from protocol.signing import OVERHEAD

from .bench import FLEET, Bench, link, numbers
from .van import BEGINS, LIFE, TRUSTED, UNIT, Van, key_of, signed

SIMONE = "van-simone"


def true() -> Delivery:
    return Van().notes(5).delivery(1, 5)


def altered(rows: list[Row], first: int = 1) -> Delivery:
    """Other rows, well made, under the signature of the true ones."""
    van, found = Van(), true()
    van.rows = [*Van().notes(first - 1).rows]
    for row in rows:
        van.append(kind=row.type, body=row.body)
    told = batch.properties(van.header(first, van.head))
    payload = found.payload[:OVERHEAD] + van.payload(first, van.head)
    return Delivery(found.topic, payload, tuple(told))


def rows_of(van: Van) -> list[Row]:
    return [row for row in van.rows if isinstance(row, Row)]


def without_a_row() -> Delivery:
    rows = rows_of(Van().notes(5))
    return altered([*rows[:2], *rows[3:]])


def without_the_last() -> Delivery:
    return altered(rows_of(Van().notes(4)))


def in_another_order() -> Delivery:
    one, two, *rest = rows_of(Van().notes(5))
    return altered([two, one, *rest])


def with_a_row_more() -> Delivery:
    return altered(rows_of(Van().notes(6)))


def with_another_body() -> Delivery:
    *rows, last = rows_of(Van().notes(5))
    return altered([*rows, last._replace(body=b'{"number":500}')])


def at_another_place() -> Delivery:
    return altered(rows_of(Van().notes(5)), first=6)


def cut() -> Delivery:
    found = true()
    return found._replace(payload=found.payload[:-7])


def without_its_signature() -> Delivery:
    found = true()
    return found._replace(payload=found.payload[OVERHEAD:])


def with_another_range() -> Delivery:
    return true()._replace(properties=(("rows", "screen 7 1-4"),))


def of_another_journal() -> Delivery:
    return true()._replace(properties=(("rows", "vehicle 7 1-5"),))


def with_two_ranges() -> Delivery:
    return true()._replace(properties=(("rows", "screen 7 1-5"), ("rows", "screen 7 1-5")))


def without_a_range() -> Delivery:
    return true()._replace(properties=())


def replayed_for_another() -> Delivery:
    return Van(SIMONE).notes(5).delivery(1, 5)._replace(topic=topics.up(UNIT, "batch"))


def signed_by_another() -> Delivery:
    return signed(UNIT, "screen 7 1-5", Van().notes(5).payload(1, 5), key=key_of(SIMONE))


def signed_by_a_key_just_made() -> Delivery:
    key = Ed25519PrivateKey.generate()
    return signed(UNIT, "screen 7 1-5", Van().notes(5).payload(1, 5), key=key)


def signed_by_the_federation() -> Delivery:
    return signed(UNIT, "screen 7 1-5", Van().notes(5).payload(1, 5), key=TRUSTED.receipts)


def signed_for_another_purpose() -> Delivery:
    payload = Van().notes(5).payload(1, 5)
    message = signing.sign(key_of(UNIT), "renewal", f"{UNIT} screen 7 1-5", payload)
    return true()._replace(payload=message)


def of_another_unit_within() -> Delivery:
    """The unit itself lends its signature to rows of another."""
    return signed(UNIT, "screen 7 1-5", Van(SIMONE).notes(5).payload(1, 5))


FORGERIES: list[Callable[[], Delivery]] = [
    without_a_row,
    without_the_last,
    in_another_order,
    with_a_row_more,
    with_another_body,
    at_another_place,
    cut,
    without_its_signature,
    with_another_range,
    of_another_journal,
    with_two_ranges,
    without_a_range,
    replayed_for_another,
    signed_by_another,
    signed_by_a_key_just_made,
    signed_by_the_federation,
    signed_for_another_purpose,
    of_another_unit_within,
]


def is_untouched(bench: Bench) -> bool:
    """Nothing counts as stored and nobody was answered."""
    return (bench.rows(), bench.ask("SELECT * FROM epoch"), bench.queue.sent) == ([], [], [])


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_a_forgery_is_kept_apart_counted_and_owed_nothing(
    bench: Bench, forgery: Callable[[], Delivery]
) -> None:
    found = forgery()
    bench.arrive(found)
    assert is_untouched(bench)
    assert bench.ask("SELECT unit, apart, not_authentic FROM unit") == [(UNIT, 1, 1)]
    assert bench.ask("SELECT epoch, payload FROM quarantine") == [(None, found.payload)]
    assert bench.queue.waiting == []


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_the_true_batch_beside_it_is_stored(bench: Bench, forgery: Callable[[], Delivery]) -> None:
    bench.arrive(forgery(), true(), forgery())
    assert numbers(bench.bodies()) == [1, 2, 3, 4, 5]
    assert bench.receipt().epochs["7"].stored_to == 5
    assert bench.ask("SELECT * FROM flag") == []


def test_with_the_signature_unread_rows_would_be_removed_and_invented(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "verify", lambda message, *_: signing.read(message).payload)
    bench.arrive(with_another_body())
    assert numbers(bench.bodies()) == [1, 2, 3, 4, 500]


def test_the_same_forgery_is_told_once_and_counted_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        bench.arrive(cut(), cut())
    bench.arrive(without_a_row())
    told = [record.getMessage() for record in caplog.records]
    assert told == [f"{UNIT}: a message kept apart: not authentic: its signature is wrong"]
    assert bench.ask("SELECT not_authentic FROM unit") == [(2,)]


def test_names_invented_without_end_fill_neither_the_ledger_nor_its_log(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unread, "APART_IN_ALL", 40)
    monkeypatch.setattr(units, "MOST", 30)
    monkeypatch.setattr(taking, "REMEMBERED", 20)
    for number in range(100):
        unit = f"van-{number}"
        junk = [Delivery(topics.up(unit, what), b"junk") for what in ("batch", "link", "status")]
        bench.arrive(link(unit, certificate=b""), *junk)
    assert bench.ask("SELECT count(*) FROM quarantine") == [(40,)]
    assert bench.ask("SELECT count(*) FROM unit") == [(30,)]
    assert len(caplog.records) == 20
    van = Van(SIMONE)
    bench.arrive(van.notes(5).delivery(1, 5))
    assert numbers(bench.bodies()) == [1, 2, 3, 4, 5]
    assert bench.receipt(SIMONE).epochs["7"].stored_to == 5


def test_a_broken_chain_under_a_good_signature_is_stored_and_flagged(bench: Bench) -> None:
    van = Van().notes(5)
    other = Van()
    other.append(kind="visit.noted", body=b'{"number":77}')
    other.notes(4)
    bench.arrive(other.delivery(4, 5), van.delivery(1, 3))
    assert numbers(bench.bodies()) == [1, 2, 3, 4, 5]
    assert bench.ask("SELECT seq, kind FROM flag") == [(4, "chain_broken")]
    assert bench.receipt().epochs["7"].stored_to == 3


def test_a_unit_that_changes_what_it_sent_before_is_a_fork(bench: Bench) -> None:
    van = Van().notes(5)
    bench.arrive(van.delivery(1, 5))
    row = van.rows[2]
    assert isinstance(row, Row)
    body = b'{"number":3000}'
    link = chain(van.digest(2), 7, 3, row.type, body, row.boot_id, row.boottime)
    van.rows[2] = row._replace(body=body, digest=link)
    bench.arrive(van.delivery(3, 3))
    assert numbers(bench.bodies()) == [1, 2, 3, 4, 5]
    assert bench.ask("SELECT seq, kind FROM flag") == [(3, "fork")]


def forged(dice: random.Random) -> Iterator[Delivery]:
    """True batches of the fleet with damage, of which none is left as it was."""
    vans = [Van(unit, epoch=epoch).notes(40) for epoch, unit in enumerate(FLEET, 7)]
    whole = [van.delivery(first, first + 4) for van in vans for first in range(1, 37, 5)]
    old, _ = TRUSTED.client(UNIT, begins=BEGINS, life=LIFE)
    said = {(found.topic, found.payload, found.properties) for found in whole}
    while True:
        found = mutated(dice, dice.choice(whole), dice.choice(whole), old)
        if (found.topic, found.payload, found.properties) not in said:
            yield found


def mutated(
    dice: random.Random, found: Delivery, other: Delivery, stranger: Ed25519PrivateKey
) -> Delivery:
    payload = found.payload
    part = dice.randrange(8)
    if part == 0:  # some bits
        data = bytearray(payload)
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        return found._replace(payload=bytes(data))
    if part == 1:
        return found._replace(payload=payload[: dice.randrange(len(payload))])
    if part == 2:
        return found._replace(payload=payload + dice.randbytes(dice.randrange(1, 9)))
    if part == 3:  # the signature of one, the rows of another
        return found._replace(payload=payload[:OVERHEAD] + other.payload[OVERHEAD:])
    if part == 4:
        return found._replace(topic=other.topic)
    if part == 5:
        return found._replace(properties=other.properties)
    if part == 6:
        spoilt = list(found.properties[0][1])
        spoilt[dice.randrange(len(spoilt))] = chr(dice.randrange(32, 127))
        return found._replace(properties=(("rows", "".join(spoilt)),))
    unit, rows = topics.parse_up(found.topic).unit, found.properties[0][1]
    return signed(unit, rows, payload[OVERHEAD:], key=stranger)


def flood(bench: Bench, *, count: int) -> None:
    source = forged(random.Random(3))
    for _ in range(count // 100):
        bench.arrive(*(next(source) for _ in range(100)))
        assert bench.queue.sent == []
    assert is_untouched(bench)
    for epoch, unit in enumerate(FLEET, 7):
        bench.drain(Van(unit, epoch=epoch).notes(40))
    assert len(bench.rows()) == 40 * len(FLEET)


def test_of_three_thousand_mutated_batches_none_is_taken(bench: Bench) -> None:
    flood(bench, count=3000)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
def test_of_a_million_mutated_batches_none_is_taken(bench: Bench) -> None:
    flood(bench, count=1_000_000)


def test_with_the_signature_unread_mutated_batches_would_be_taken(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "verify", lambda message, *_: signing.read(message).payload)
    with pytest.raises(AssertionError):
        flood(bench, count=3000)
