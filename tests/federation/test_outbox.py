"""Documents for the units are checked, counted and kept until newer ones come."""

from pathlib import Path

import msgspec
import pytest

from federation import outbox
from federation.errors import OperatorError
from protocol import messages
from protocol.messages import Document

from .van import UNIT


def revisions(path: Path, after: int = 0) -> list[tuple[str, str, int]]:
    return [(item.unit, item.kind, item.revision) for item in outbox.latest(path, after)]


def test_each_publication_is_a_new_revision_of_its_kind_and_unit(tmp_path: Path) -> None:
    path = tmp_path / "data" / "web.sqlite"
    assert outbox.publish(path, UNIT, "settings", b"{}") == 1
    assert outbox.publish(path, UNIT, "settings", b'{"languages":["fr","ar"]}') == 2
    assert outbox.publish(path, UNIT, "notices", b"{}") == 1
    assert outbox.publish(path, "van-simone", "settings", b"{}") == 1
    assert revisions(path) == [
        (UNIT, "settings", 2),
        (UNIT, "notices", 1),
        ("van-simone", "settings", 1),
    ]
    assert revisions(path, after=3) == [("van-simone", "settings", 1)]


def test_what_travels_is_the_newest_body(tmp_path: Path) -> None:
    path = tmp_path / "web.sqlite"
    outbox.publish(path, UNIT, "notices", b'{"texts":{"fr":"hier"}}')
    outbox.publish(path, UNIT, "notices", b'{"texts": {"fr": "aujourd\xe2\x80\x99hui"}}')
    (item,) = outbox.latest(path)
    assert messages.decode(item.payload(), Document) == Document(
        kind="notices", revision=2, unit=UNIT, body={"texts": {"fr": "aujourd’hui"}}
    )


@pytest.mark.parametrize(
    ("unit", "kind", "body", "says"),
    [
        ("No", "tour", b"{}", "'No' is not a unit"),
        (UNIT, "weather", b"{}", "tour, programme, settings, notices, roster are"),
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
    tmp_path: Path, unit: str, kind: str, body: bytes, says: str
) -> None:
    with pytest.raises(OperatorError, match=says) as refused:
        outbox.publish(tmp_path / "web.sqlite", unit, kind, body)
    assert "\n" not in str(refused.value)
    assert revisions(tmp_path / "web.sqlite") == []


def test_the_outbox_keeps_a_rollback_journal(tmp_path: Path) -> None:
    outbox.publish(tmp_path / "web.sqlite", UNIT, "settings", msgspec.json.encode({}))
    assert [path.name for path in tmp_path.iterdir()] == ["web.sqlite"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match=r"cannot be written .*: give .store. data another"):
        outbox.publish(tmp_path / "file" / "data" / "web.sqlite", UNIT, "settings", b"{}")
