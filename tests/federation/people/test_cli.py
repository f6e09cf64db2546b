"""The commands about people, as somebody types them."""

import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from federation import cli, outbox
from federation.config import Store
from federation.people import account
from federation.people import cli as people
from protocol import closed_keys, parcel, sealing
from protocol.documents import Programme, Roster, Workshop, roster_info
from protocol.workshops import Changed, SignedUp
from tests.federation.people.desk import FEDERATION, Desk
from tests.federation.people.test_roster import SIGNER
from tests.support import write_toml
from tests.trusted import pem, put

TODAY = X25519PrivateKey.generate()
DAY_KEY = TODAY.public_key().public_bytes_raw().hex()


@pytest.fixture
def config(desk: Desk, tmp_path: Path) -> Path:
    """The federation's file; whoever runs the tests may open and erase."""
    put(tmp_path / "documents.pem", pem(SIGNER))
    put(tmp_path / "sealing.pem", closed_keys.close(FEDERATION, "un train passe", b"s" * 16))
    put(tmp_path / "passphrase", "un train passe\n")
    keys = {name: tmp_path / f"{name}.pem" for name in ("documents", "sealing")}
    me = [account.login()]
    return write_toml(
        tmp_path / "federation.toml",
        {
            "store": told_of(desk.store, tmp_path / "backups"),
            "keys": keys,
            "people": {"open_names": me, "erase": me},
        },
    )


def told_of(store: Store, backups: Path) -> dict[str, object]:
    """The section of the file."""
    section: dict[str, object] = {"data": store.data, "backups": backups}
    if store.postgresql is not None:
        section["postgresql"] = store.postgresql
    return section


def run(config: Path, *words: object) -> int:
    return cli.main(["--config", str(config), *map(str, words)])


def begins_soon(desk: Desk, unit: str, workshop: str, day_key: str) -> None:
    """A workshop of today in a van's programme; the van can read a roster."""
    soon = Workshop(id=workshop, title="CV", starts=cli._utc(), minutes=60, theme="emploi")
    body = msgspec.json.encode(Programme(workshops=(soon,)))
    outbox.publish(desk.store, SIGNER, [unit], "programme", body, 1)
    desk.database.execute(
        "INSERT INTO unit (unit, first_seen, day_key) VALUES (?, 0, ?)", (unit, day_key)
    )


def export(config: Path, capsys: pytest.CaptureFixture[str], *more: object) -> dict[str, object]:
    opened = ("--reason", "asked", "--passphrase-file", config.with_name("passphrase"))
    assert run(config, "export", "--signup", 12, *opened, *more) == 0
    read: dict[str, object] = json.loads(capsys.readouterr().out)
    return read


def test_what_is_held_about_a_person_is_exported_and_the_export_is_told_in_it(
    desk: Desk, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = desk.sign_up(12, "Aïcha")
    desk.tell(Changed(sign_up=key, seats=2, waiting=1, cause="asked"))
    told = export(config, capsys)
    assert told["stands"] == {"seats": 2, "waiting": 1}
    assert [word["type"] for word in told["told_later"]] == [  # type: ignore[attr-defined]
        "workshop.changed"
    ]
    assert told["names"] == {"first_name": "Aïcha", "phone": "06 12 34 56 78"}
    assert told["sign_up"] == {"workshop": "cv-telephone", "number": 12}
    assert [line["reason"] for line in told["opened"]] == ["asked"]  # type: ignore[attr-defined]


def test_a_person_is_erased_everywhere_and_the_audit_says_who_did_it(
    desk: Desk, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sign_up(12, "Aïcha")
    assert run(config, "backup") == 0
    desk.close()
    assert run(config, "erase", "--signup", 12, "--reason", "asked by phone") == 0
    told = capsys.readouterr().out
    if desk.store.postgresql is None:
        assert "from 1 backups" in told
    else:  # nothing reaches into a dump: that is said
        assert "1 dumps from before" in told
    assert export(config, capsys)["names"] == {}
    assert run(config, "audit") == 0
    told = capsys.readouterr().out
    assert f"{account.login()} erased van-germaine 7/1: asked by phone" in told
    assert "Aïcha" not in told


def test_the_rosters_leave_once_for_each_van_that_can_read_one(
    desk: Desk, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sign_up(12, "Aïcha")
    begins_soon(desk, "van-marius", "cv-telephone", DAY_KEY)
    opened = ("--passphrase-file", config.with_name("passphrase"))
    for expected in ("van-marius: a roster of 1 lines will be sent\n", ""):
        assert run(config, "rosters", *opened) == 0
        assert capsys.readouterr().out == expected
    (sent,) = [item for item in outbox.latest(desk.store) if item.kind == "roster"]
    roster = msgspec.json.decode(sent.body, type=Roster)
    plain = sealing.open_bytes(roster.sealed, TODAY, roster_info("van-marius"))
    assert json.loads(plain)[0]["first_name"] == "Aïcha"


def test_a_van_that_names_nobodys_key_keeps_no_roster_from_the_others(
    desk: Desk, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sign_up(12, "Aïcha")
    for unit, key in {"van-lucie": "00" * 32, "van-marius": DAY_KEY}.items():
        begins_soon(desk, unit, "cv-telephone", key)
    assert run(config, "rosters", "--passphrase-file", config.with_name("passphrase")) == 1
    told = capsys.readouterr()
    assert "no roster for van-lucie: it is nobody's key" in told.err
    assert "van-marius: a roster of 1 lines will be sent" in told.out


def test_a_van_with_more_sign_ups_than_a_document_holds_keeps_no_roster_from_the_others(
    desk: Desk, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sign_up(1, "Aïcha", workshop="tri-photos")
    for number in range(1200):
        desk.tell(SignedUp(workshop="cv-telephone", number=number))
    begins_soon(desk, "van-lucie", "cv-telephone", DAY_KEY)
    begins_soon(desk, "van-marius", "tri-photos", DAY_KEY)
    assert run(config, "rosters", "--passphrase-file", config.with_name("passphrase")) == 1
    told = capsys.readouterr()
    assert "no roster for van-lucie: this roster is" in told.err
    assert "van-marius: a roster of 1 lines will be sent" in told.out


def test_a_copy_carried_by_hand_is_left_for_ingest_and_told_in_the_audit(
    desk: Desk, config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PATIENCE", 0.0)  # no ingest runs here
    copy = config.with_name("van.escale")
    with copy.open("wb") as file:
        parcel.write(file, "van-lucie", [FEDERATION.public_key()], [])
    opened = ("--passphrase-file", config.with_name("passphrase"))
    assert run(config, "take", copy, *opened) == 0
    assert "van-lucie: its copy is here" in capsys.readouterr().out
    assert run(config, "audit") == 0
    assert "carried van-lucie: carried by hand" in capsys.readouterr().out
    copy.write_bytes(copy.read_bytes()[:-1])
    assert run(config, "take", copy, *opened) == 1
    assert "Make it again on the vehicle" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("export", "--signup", 99, "--reason", "x"), "no sign-up has the number 99"),
        (("erase", "--signup", 99, "--reason", "x"), "no sign-up has the number 99"),
        (
            ("export", "--signup", 12, "--reason", "x", "--passphrase-file", "/nowhere"),
            "/nowhere cannot be read as a passphrase",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    desk: Desk,
    config: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[object, ...],
    sentence: str,
) -> None:
    desk.sign_up(12, "Aïcha")
    assert run(config, *words) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1


def test_who_may_not_is_refused_before_anything_is_opened(
    desk: Desk, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sign_up(12, "Aïcha")
    text = config.read_text(encoding="utf-8").replace(account.login(), "claire")
    config.write_text(text, encoding="utf-8")
    forbidden = (("export", "--signup", 12), ("erase", "--signup", 12), ("rosters",), ("take", "x"))
    for words in forbidden:
        assert run(config, *words, "--reason", "x") == 1
        assert "may not do this" in capsys.readouterr().err
    assert run(config, "audit") == 0
    assert capsys.readouterr().out == ""
