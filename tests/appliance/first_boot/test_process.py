"""A first boot from end to end on cards made of files, with real bundles and real keys."""

import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from appliance import config, runtime
from appliance.errors import OperatorError
from appliance.first_boot import found, process
from appliance.identity import files, pending, store, trusted
from appliance.identity.trusted import TrustStore
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from protocol import messages, signing
from provisioning import issuing
from tests.appliance.first_boot.cards import Flashed
from tests.appliance.first_boot.test_data import formatted
from tests.appliance.first_boot.test_disk import MIB, told
from tests.appliance.identity.answering import UNIT, Authority
from tests.trusted import Trusted, pem


@pytest.fixture(scope="module")
def trusted_root() -> Trusted:
    return Trusted()


@pytest.fixture
def authority(trusted_root: Trusted) -> Authority:
    return Authority(trusted_root)


@pytest.fixture
def card(tmp_path: Path) -> Flashed:
    return flash(tmp_path, "card")


def flash(tmp_path: Path, name: str) -> Flashed:
    made = Flashed(tmp_path / name)
    formatted(made.folder / "data.ext4", 32, made.folder / "tree")
    with (made.folder / "data.ext4").open("r+b") as file:
        file.truncate(128 * MIB)  # as the kernel sees it once the table has grown
    return made


def unit_of(card: Flashed) -> config.UnitConfig:
    return config.load(card.state / "unit.toml")


def test_a_card_with_its_bundle_becomes_that_unit(card: Flashed, authority: Authority) -> None:
    card.drop(authority.bundle(access_point="orange.m2m", wifi_name="Dépôt", wifi_password="x" * 9))
    said = card.boots()
    assert (said["data"], said["grown"], said["unit"]) == ("good", True, UNIT)
    assert (said["wrong"], said["faults"]) == ("", [])
    assert said["connections"] == ["escale-4g.nmconnection", "escale-depot.nmconnection"]
    assert card.called == f"escale-{UNIT}"
    unit = unit_of(card)
    assert (unit.unit.vehicle_name, unit.paths.data) == ("Camion « Germaine »", card.state)
    assert store.bootstrap(card.state) is not None
    assert TrustStore(card.state).serial() == 1
    assert card.asked == [
        (
            "systemd-tmpfiles",
            "--create",
            f"--prefix={card.folder / 'data'}",
            f"--prefix={card.state}",
        )
    ]


def test_a_second_boot_does_nothing_again(card: Flashed, authority: Authority) -> None:
    card.drop(authority.bundle())
    card.boots()
    kept = {path: path.read_bytes() for path in card.folder.rglob("*") if _stays(card, path)}
    said = card.boots()
    assert (said["grown"], said["unit"], said["wrong"]) == (False, UNIT, "")
    assert {path: path.read_bytes() for path in kept} == kept


def test_a_second_boot_judges_no_bundle_again(card: Flashed, authority: Authority) -> None:
    """What that needs takes longer to begin than all the rest of a boot."""
    card.drop(authority.bundle())
    card.boots()
    judged = (card.system / "bundles.json").stat().st_ino
    card.boots()
    assert (card.system / "bundles.json").stat().st_ino == judged
    assert "cryptography" not in _modules_of("import appliance.first_boot.process")


def test_two_cards_of_one_image_are_two_units(tmp_path: Path, authority: Authority) -> None:
    other = Authority(authority.trusted, "van-lucie")
    cards = [flash(tmp_path, "one"), flash(tmp_path, "two")]
    facts = []
    for card, bundle in zip(cards, (authority.bundle(), other.bundle()), strict=True):
        card.drop(bundle)
        said = card.boots()
        request = pending.ensure(card.state, said["unit"])
        journal = Journal.open(card.state / "screen.db", name="screen", clock=SettableClock())
        facts.append(
            {
                "unit": said["unit"],
                "machine": (card.run.parent / "machine-id").read_text(),
                "disk": told(card.image)["id"],
                "key": signing.id_of(request.key.public_key()),
                "bootstrap": (store.folder(card.state) / store.BOOTSTRAP_KEY).read_bytes(),
                "seed": (card.system / "random-seed").read_bytes(),
                "epoch": journal.epoch,
                "host": card.called,
            }
        )
        journal.close()
        assert not list(card.folder.rglob("ssh_host*"))
    one, two = facts
    assert {name for name in one if one[name] == two[name]} == set()


def test_two_cards_with_one_bundle_still_have_keys_and_epochs_of_their_own(
    tmp_path: Path, authority: Authority
) -> None:
    """The code works once: the second asks in vain, and is not mistaken for the first."""
    keys, numbers = set(), set()
    for name in ("one", "two"):
        card = flash(tmp_path, name)
        card.drop(authority.bundle())
        card.boots()
        keys.add(signing.id_of(pending.ensure(card.state, UNIT).key.public_key()))
        numbers.add((card.run.parent / "machine-id").read_text() + told(card.image)["id"])
    assert (len(keys), len(numbers)) == (2, 2)


def test_a_card_without_a_bundle_has_a_name_and_works(card: Flashed) -> None:
    said = card.boots()
    assert re.fullmatch("spare-[a-z]{4}", said["unit"])
    assert card.called == said["unit"].replace("spare-", "escale-")
    assert (said["wrong"], said["faults"]) == ("", [])
    assert unit_of(card).unit.id == said["unit"]
    assert card.boots()["unit"] == said["unit"]


def test_a_bundle_that_comes_later_makes_it_a_unit(card: Flashed, authority: Authority) -> None:
    card.boots()
    journal = Journal.open(card.state / "screen.db", name="screen", clock=SettableClock())
    epoch = journal.epoch
    journal.close()
    card.drop(authority.bundle())
    assert card.boots()["unit"] == UNIT
    journal = Journal.open(card.state / "screen.db", name="screen", clock=SettableClock())
    assert journal.epoch == epoch  # what was kept meanwhile is this unit's
    journal.close()


def test_a_stick_makes_it_a_unit_at_once(
    card: Flashed, authority: Authority, tmp_path: Path
) -> None:
    card.drop(b"\xff", "escale-van.bundle")
    assert card.boots()["wrong"] == "damaged"
    card.stick = tmp_path / "stick"
    (card.stick / "ESCALE").mkdir(parents=True)
    assert process.take_bundle(card.card()) == 0
    assert card.says()["wrong"] == "damaged"  # a stick for something else changes nothing
    bundle = messages.encode(authority.bundle())
    (card.stick / "ESCALE" / f"escale-{UNIT}.bundle").write_bytes(bundle)
    process.take_bundle(card.card())
    assert (card.says()["unit"], card.says()["wrong"], card.called) == (UNIT, "", f"escale-{UNIT}")
    assert ("systemctl", "try-restart", "--no-block", *process.OURS) in card.asked
    card.asked.clear()
    process.take_bundle(card.card())
    assert card.asked == []
    card.stick = None
    assert card.boots()["unit"] == UNIT


def test_a_card_that_takes_no_more_has_its_name_and_its_ways_out(
    card: Flashed, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is by them that it gets rid of what fills it."""

    def full(_system: Path, _told: found.Remembered) -> None:
        raise OperatorError("No space left on device")

    card.drop(authority.bundle(access_point="orange.m2m"))
    card.boots()
    (card.system / "bundles.json").unlink()
    monkeypatch.setattr(found, "remember", full)
    said = card.boots()
    assert (said["unit"], said["connections"]) == (UNIT, ["escale-4g.nmconnection"])


def test_without_its_data_partition_a_card_becomes_nobody(
    card: Flashed, authority: Authority, tmp_path: Path
) -> None:
    """The folder of the journals is in memory then: a unit in it would lose all that it keeps."""
    card.mounts = False
    (card.folder / "data.ext4").unlink()
    assert card.boots()["data"] == "absent"
    card.state.mkdir()
    card.stick = tmp_path / "stick"
    card.stick.mkdir()
    (card.stick / "escale-a.bundle").write_bytes(messages.encode(authority.bundle()))
    assert process.take_bundle(card.card()) == 0
    assert (card.says()["data"], card.says()["unit"]) == ("absent", "")
    assert list(card.state.iterdir()) == []
    assert card.asked == []


def test_what_somebody_else_wrote_in_the_report_s_place_stops_nothing(
    card: Flashed, authority: Authority, tmp_path: Path
) -> None:
    card.boots()
    runtime.publish(card.run, "first-boot", {"faults": 5, "unit": ["odd"]})
    card.stick = tmp_path / "stick"
    card.stick.mkdir()
    (card.stick / "escale-a.bundle").write_bytes(messages.encode(authority.bundle()))
    process.take_bundle(card.card())
    assert card.says()["unit"] == UNIT


def test_a_link_or_a_pipe_on_a_stick_leads_nowhere(card: Flashed, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"{}")
    card.stick = tmp_path / "stick"
    card.stick.mkdir()
    (card.stick / "escale-a.bundle").symlink_to(secret)
    os.mkfifo(card.stick / "escale-b.bundle")
    (card.stick / "escale-c.bundle").mkdir()
    (card.stick / "escale-d.bundle").write_bytes(bytes(10_000_000))
    said = card.boots()
    assert (said["wrong"], len(said["about"])) == ("damaged", 4)


def test_a_damaged_file_is_named_and_the_card_goes_on_as_it_was(card: Flashed) -> None:
    card.drop(b'{"format": 1, "unit": "van-germ', "escale-van-germaine.bundle")
    said = card.boots()
    assert (said["wrong"], said["about"]) == ("damaged", ["escale-van-germaine.bundle"])
    assert said["unit"].startswith("spare-")
    assert not (card.state / "trust" / trusted.ROOT).exists()
    assert card.boots()["wrong"] == "damaged"  # as long as it lies there
    (card.firmware / "escale-van-germaine.bundle").unlink()
    assert card.boots()["wrong"] == ""


def test_a_good_file_beside_a_damaged_one_is_taken(card: Flashed, authority: Authority) -> None:
    card.drop(b"\xff", "escale-copie.bundle")
    card.drop(authority.bundle())
    assert card.boots()["unit"] == UNIT


def test_files_of_two_units_are_both_left(card: Flashed, authority: Authority) -> None:
    card.drop(authority.bundle())
    card.drop(Authority(authority.trusted, "van-lucie").bundle())
    said = card.boots()
    assert (said["wrong"], sorted(said["about"])) == (
        "several", ["escale-van-germaine.bundle", "escale-van-lucie.bundle"],
    )  # fmt: skip
    assert said["unit"].startswith("spare-")


def test_a_unit_takes_no_file_of_another_unit_nor_of_another_root(
    card: Flashed, authority: Authority
) -> None:
    card.drop(authority.bundle())
    card.boots()
    (card.firmware / f"escale-{UNIT}.bundle").unlink()
    card.drop(Authority(authority.trusted, "van-lucie").bundle())
    said = card.boots()
    assert (said["wrong"], said["unit"]) == ("another_unit", UNIT)
    stranger = Authority(Trusted()).bundle()
    card.drop(stranger)
    root = (card.state / "trust" / trusted.ROOT).read_bytes()
    said = card.boots()
    assert (said["wrong"], said["about"]) == ("another_root", [f"escale-{UNIT}.bundle"])
    assert (card.state / "trust" / trusted.ROOT).read_bytes() == root


def test_the_newest_of_two_files_of_a_unit_is_taken(card: Flashed, authority: Authority) -> None:
    newer = Authority(authority.trusted)
    key, chain = authority.trusted.client(
        f"enrol-{UNIT}", begins=authority.trusted.now + timedelta(hours=1)
    )
    newest = newer.bundle(bootstrap_certificate=chain, bootstrap_key=pem(key))
    card.drop(newest, "escale-a.bundle")
    card.drop(authority.bundle(), "escale-z.bundle")
    card.boots()
    assert (store.folder(card.state) / store.BOOTSTRAP).read_text() == chain


def test_a_bundle_made_after_the_certificate_is_followed_and_an_older_one_is_not(
    card: Flashed, authority: Authority
) -> None:
    """It was revoked, and comes back on the same card: nothing that it kept is lost."""
    card.drop(authority.bundle())
    card.boots()
    enrolled = pending.ensure(card.state, UNIT)
    leaf = issuing.issue_client(
        authority.trusted.devices, enrolled.key.public_key(), UNIT, authority.trusted.now,
        timedelta(days=90),
    )  # fmt: skip
    store.adopt(card.state, issuing.pem(leaf).encode(), keep=False)
    for hours, stays in ((-1, True), (1, False)):
        key, chain = authority.trusted.client(
            f"enrol-{UNIT}", begins=authority.trusted.now + timedelta(hours=hours)
        )
        card.drop(authority.bundle(bootstrap_certificate=chain, bootstrap_key=pem(key)))
        assert card.boots()["unit"] == UNIT
        assert (store.load(card.state) is not None) == stays
    assert (store.folder(card.state) / store.BOOTSTRAP).read_text() == chain
    assert card.boots()["wrong"] == ""


@pytest.mark.parametrize("at", range(1, 12))
def test_a_boot_that_was_cut_anywhere_is_finished_by_the_next(
    card: Flashed, authority: Authority, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes before the nth file is put in its place."""

    class Cut(BaseException):
        pass

    count = iter(range(1, 1000))
    real = files.place

    def place(*arguments: object) -> None:
        if next(count) == at:
            raise Cut
        real(*arguments)  # type: ignore[arg-type]

    card.drop(authority.bundle(access_point="apn"))
    with monkeypatch.context() as patch:
        patch.setattr(files, "place", place)
        with pytest.raises(Cut):
            card.boots()
    said = card.boots()
    assert (said["unit"], said["faults"]) == (UNIT, [])
    assert said["connections"] == ["escale-4g.nmconnection"]
    assert told(card.image)["partitions"][3]["size"] > 65536


def test_a_damaged_data_partition_is_repaired_and_the_card_goes_on(
    card: Flashed, authority: Authority
) -> None:
    card.drop(authority.bundle())
    card.boots()
    with (card.folder / "data.ext4").open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096))  # where each group of blocks has its tables
    card.mounts = False
    said = card.boots()
    assert (said["data"], said["unit"], said["faults"]) == ("repaired", UNIT, [])
    assert ("systemctl", "start", "data.mount") in card.asked


def test_without_a_data_partition_nothing_is_kept_and_that_is_said(card: Flashed) -> None:
    lost = card.card()._replace(is_mounted=lambda _: False)
    with (card.folder / "data.ext4").open("r+b") as file:
        file.truncate(0)
        file.truncate(4 * MIB)
        file.seek(2 * MIB)
        file.write(b"rows")
    card.run.mkdir(parents=True)
    assert process.run(lost) == 0
    assert (card.says()["data"], card.says()["unit"]) == ("lost", "")
    (card.folder / "data.ext4").unlink()
    process.run(lost)
    assert card.says()["data"] == "absent"
    assert list((card.folder / "data").iterdir()) == []


def test_a_step_that_fails_is_told_and_stops_no_other(card: Flashed, authority: Authority) -> None:
    card.drop(authority.bundle())
    card.image.write_bytes(b"no table")
    said = card.boots()
    assert said["unit"] == UNIT
    assert [fault for fault in said["faults"] if "partition table" in fault]


def _stays(card: Flashed, path: Path) -> bool:
    made_anew = ("random-seed", "first-boot.json", "machine-id")
    return path.is_file() and card.run.parent not in path.parents and path.name not in made_anew


def _modules_of(statement: str) -> set[str]:
    script = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [".venv/bin/python", "-c", script], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    return set(done.stdout.split())
