"""Receipts, link, status, documents: each survives its bytes, and bad ones are told apart."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import documents, messages
from protocol.documents import Body
from protocol.errors import ProtocolError
from protocol.messages import Document, JournalStatus, Link, Message, Receipt, Status, Stored
from tests.protocol.strategies import of

KINDS: tuple[type[Message], ...] = (Receipt, Link, Status, Document)


@settings(max_examples=60, deadline=None)
@given(st.one_of([of(kind) for kind in KINDS]))
def test_a_message_survives_its_bytes(message: Message) -> None:
    assert messages.decode(messages.encode(message), type(message)) == message


@settings(max_examples=60, deadline=None)
@given(st.one_of([of(kind) for kind in documents.BODIES.values()]))
def test_the_body_of_a_document_survives_its_bytes(body: Body) -> None:
    kind = next(name for name, known in documents.BODIES.items() if known is type(body))
    told = msgspec.to_builtins(body)
    document = Document(kind=kind, revision=3, unit="van-germaine", body=told)
    heard = messages.decode(messages.encode(document), Document)
    assert msgspec.convert(heard.body, documents.BODIES[kind]) == body


def test_fields_of_a_newer_federation_are_ignored() -> None:
    payload = b'{"epochs":{"9":{"stored_to":4,"digest":"0011223344556677","later":1}},"more":2}'
    expected = Receipt(epochs={"9": Stored(stored_to=4, digest="0011223344556677")})
    assert messages.decode(payload, Receipt) == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"{}", b"[]", b"\xff\xfe", b'{"epochs":' * 5000,
        b'{"epochs":{"0":{"stored_to":1,"digest":""}}}',
        b'{"epochs":{"x":{"stored_to":1,"digest":""}}}',
        b'{"epochs":{"5":{"stored_to":-1,"digest":""}}}',
        b'{"epochs":{"5":{"stored_to":1.5,"digest":""}}}',
        b'{"epochs":{"5":{"stored_to":99999999999999999999,"digest":""}}}',
        b'{"epochs":{"5":{"stored_to":1,"digest":"001122"}}}',
        b'{"epochs":{"5":{"stored_to":1,"digest":"0011223344556677\\n"}}}',
        b'{"epochs":{"5":{"stored_to":1,"digest":"","fork_at":0}}}',
        b'{"epochs":{"5":{"stored_to":1,"digest":""}}} x',
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_told_in_one_sentence(payload: bytes) -> None:
    with pytest.raises(ProtocolError, match=r"^not a Receipt: "):
        messages.decode(payload, Receipt)


def test_the_backlog_is_what_lies_between_watermark_and_head() -> None:
    assert JournalStatus(epoch=5, head=12, watermark=7).backlog == 5


def test_a_receipt_after_a_year_of_trouble_still_fits_a_packet() -> None:
    rejected = messages.Rejected(first=10**15, last=10**15 + 999, reason="x" * 100)
    stored = Stored(
        stored_to=10**15,
        digest="0" * 16,
        fork_at=10**15,
        rejected_count=99,
        rejected=(rejected,) * 20,
    )
    receipt = Receipt(epochs={str(10**14 + epoch): stored for epoch in range(12)})
    assert len(messages.encode(receipt)) < messages.MAX_PACKET
