"""Documents for the units are checked, signed, counted and kept until newer ones come."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from federation import outbox
from federation.config import Store
from federation.database import writing_web
from federation.errors import OperatorError
from protocol import signing
from protocol.messages import MAX_DOCUMENT, Document
from tests.trusted import Trusted

from .bench import read_document
from .stores import on_sqlite
from .van import TRUSTED, UNIT

NOW = 1_777_885_200_000
ROOT = TRUSTED.root.key.public_key()


def publish(store: Path, unit: str, kind: str, body: bytes) -> int:
    return outbox.publish(store, TRUSTED.documents, [unit], kind, body, NOW)[unit]


def revisions(store: Path, after: int = 0) -> list[tuple[str, str, int]]:
    return [(item.unit, item.kind, item.revision) for item in outbox.latest(store, after)]


def test_each_publication_is_a_new_revision_of_its_kind_and_unit(store: Store) -> None:
    assert publish(store, UNIT, "settings", b"{}") == 1
    assert publish(store, UNIT, "settings", b'{"languages":["fr","ar"]}') == 2
    assert publish(store, UNIT, "notices", b"{}") == 1
    assert publish(store, "van-simone", "settings", b"{}") == 1
    assert revisions(store) == [
        (UNIT, "settings", 2),
        (UNIT, "notices", 1),
        ("van-simone", "settings", 1),
    ]
    assert revisions(store, after=3) == [("van-simone", "settings", 1)]


def test_what_travels_is_the_newest_body_signed_for_its_unit_and_kind(store: Store) -> None:
    publish(store, UNIT, "notices", b'{"texts":{"fr":"hier"}}')
    publish(store, UNIT, "notices", b'{"texts": {"fr": "aujourd\xe2\x80\x99hui"}}')
    (item,) = outbox.latest(store)
    assert read_document(UNIT, "notices", item.payload) == Document(
        kind="notices",
        revision=2,
        unit=UNIT,
        published=NOW,
        body={"texts": {"fr": "aujourd’hui"}},
    )
    for unit, kind in ((UNIT, "settings"), ("van-simone", "notices")):
        with pytest.raises(signing.NotAuthentic):
            read_document(unit, kind, item.payload)


def test_several_units_get_it_or_none_does(store: Store) -> None:
    publish(store, "van-simone", "tour", b"{}")
    both = outbox.publish(store, TRUSTED.documents, [UNIT, "van-simone"], "tour", b"{}", NOW)
    assert both == {UNIT: 1, "van-simone": 2}
    with pytest.raises(OperatorError, match="'No' is not a unit"):
        outbox.publish(store, TRUSTED.documents, [UNIT, "No"], "tour", b"{}", NOW)
    assert revisions(store) == [(UNIT, "tour", 1), ("van-simone", "tour", 2)]


@pytest.mark.parametrize(
    ("unit", "kind", "body", "says"),
    [
        ("No", "tour", b"{}", "'No' is not a unit"),
        (UNIT, "weather", b"{}", "settings, notices, roster, update are"),
        (UNIT, "tour", b"{", "cannot be published"),
        (UNIT, "tour", b"[]", "cannot be published"),
        (UNIT, "tour", b'{"x":' * 9999 + b"1" + b"}" * 9999, "be published|unknown keys: x"),
        (UNIT, "tour", b'{"x":"\xff"}', "cannot be published"),
        (UNIT, "tour", b'{"tours":[{"day":"x"}]}', "missing required field `name`"),
        (UNIT, "tour", b'{"tuors":[]}', "unknown keys: tuors"),
        (
            UNIT,
            "tour",
            b'{"tours":[{"day":"2026-05-04","name":"n","stops":[],"note":1}],"x":1}',
            "unknown keys: note, x",
        ),
        (UNIT, "notices", b'{"texts":{"fr":"%s"}}' % (b"a" * 50_000), "49152 is the most"),
    ],
)
def test_what_cannot_be_published_is_refused_in_one_sentence(
    store: Store, unit: str, kind: str, body: bytes, says: str
) -> None:
    with pytest.raises(OperatorError, match=says) as refused:
        publish(store, unit, kind, body)
    assert "\n" not in str(refused.value)
    assert revisions(store) == []


@on_sqlite
def test_the_outbox_keeps_a_rollback_journal(store: Store) -> None:
    publish(store, UNIT, "settings", msgspec.json.encode({}))
    assert [path.name for path in store.data.iterdir()] == ["web.sqlite"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match=r"cannot be written .*: give .store. data another"):
        publish(Store(data=tmp_path / "file" / "data"), UNIT, "settings", b"{}")


def test_the_largest_document_fits_with_its_signature(store: Store) -> None:
    publish(store, UNIT, "notices", b'{"texts":{"fr":""}}')
    (empty,) = outbox.latest(store)
    room = MAX_DOCUMENT - len(empty.payload)
    publish(store, UNIT, "notices", b'{"texts":{"fr":"%s"}}' % (b"a" * room))
    assert [len(item.payload) for item in outbox.latest(store)] == [MAX_DOCUMENT]
    with pytest.raises(OperatorError, match="49152 is the most"):
        publish(store, UNIT, "notices", b'{"texts":{"fr":"%s"}}' % (b"a" * (room + 1)))


class TestTrustStatements:
    def test_the_statement_travels_as_it_is_with_its_serial_as_revision(self, store: Store) -> None:
        statement = TRUSTED.statement(serial=4)
        assert outbox.publish_trust(store, ROOT, [UNIT], statement) == {UNIT: 4}
        (item,) = outbox.latest(store)
        assert (item.kind, item.revision, item.payload) == ("trust", 4, statement)

    def test_again_the_same_one_is_nothing_new(self, store: Store) -> None:
        for units in ([UNIT], [UNIT, "van-simone"]):
            outbox.publish_trust(store, ROOT, units, TRUSTED.statement(serial=4))
        assert revisions(store) == [(UNIT, "trust", 4), ("van-simone", "trust", 4)]

    def test_a_lower_serial_is_refused_and_so_is_another_of_the_same(self, store: Store) -> None:
        outbox.publish_trust(store, ROOT, [UNIT], TRUSTED.statement(serial=4))
        renewed = Trusted()
        renewed.root = TRUSTED.root
        for statement in (TRUSTED.statement(serial=3), renewed.statement(serial=4)):
            with pytest.raises(OperatorError, match="is not above it"):
                outbox.publish_trust(store, ROOT, ["van-simone", UNIT], statement)
        assert revisions(store) == [(UNIT, "trust", 4)]

    @pytest.mark.parametrize(
        "statement", [Trusted().statement(), b"", TRUSTED.statement()[:-1], b'{"serial":9}']
    )
    def test_one_that_is_not_the_roots_is_refused(self, store: Store, statement: bytes) -> None:
        with pytest.raises(OperatorError, match="make it with escale-provision") as refused:
            outbox.publish_trust(store, ROOT, [UNIT], statement)
        assert "\n" not in str(refused.value)
        assert revisions(store) == []


@on_sqlite
def test_an_outbox_from_before_signatures_goes_on_and_sends_nothing_of_then(
    store: Store,
) -> None:
    with closing(sqlite3.connect(store.outbox)) as old, old:
        old.executescript(
            "CREATE TABLE document (id INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT NOT NULL,"
            " kind TEXT NOT NULL, revision INTEGER NOT NULL, body BLOB NOT NULL,"
            " UNIQUE (unit, kind, revision));"
            f"INSERT INTO document VALUES (3, '{UNIT}', 'tour', 7, x'7b7d');"
        )
    assert revisions(store) == []
    assert publish(store, UNIT, "tour", b"{}") == 8
    assert publish(store, UNIT, "notices", b"{}") == 1
    assert revisions(store) == [(UNIT, "tour", 8), (UNIT, "notices", 1)]


def test_a_document_that_rotted_is_told_and_not_sent(store: Store) -> None:
    publish(store, UNIT, "tour", b"{}")
    with writing_web(store, "") as database:
        database.execute("UPDATE document SET payload = ?", (b"0",))
    with pytest.raises(OperatorError, match="holds a damaged document"):
        revisions(store)
