"""The `escale-provision` command: what it makes, what it never says, its one sentence."""

import getpass
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import trust
from provisioning import cli, keys
from provisioning.keys import Folder
from provisioning.passphrase import Passphrase
from tests.provisioning.federation import AUTHORITY, ROOT, Federation

Told = pytest.CaptureFixture[str]


def test_a_new_federation_has_every_key_where_it_belongs(federation: Federation) -> None:
    folder = federation.folder
    authority, root = Passphrase(AUTHORITY), Passphrase(ROOT)
    names = ("devices", "servers", "sealing", "documents", "receipts")
    closed = {name: authority if name in keys.CLOSED else None for name in names}
    publics = {
        name: keys.public_hex(keys.read_key(folder.key(name), closed[name])) for name in names
    }
    publics |= {
        n: keys.public_hex(keys.read_key(folder.key(n), root)) for n in ("root", "recovery")
    }
    publics["reset"] = keys.id_hex(folder.reset.read_bytes())
    assert {name: [key] for name, key in publics.items()} == federation.state().keys
    assert len(folder.reset.read_bytes()) == 32

    held = trust.read(folder.statement.read_bytes(), _root_key(folder))
    assert held.serial == 1
    assert held.sealing == (publics["sealing"], publics["recovery"])
    assert (held.documents, held.receipts) == ((publics["documents"],), (publics["receipts"],))


def test_the_root_vouches_for_both_authorities_and_no_authority_for_the_other(
    federation: Federation,
) -> None:
    root, devices, servers = (
        keys.read_certificates(federation.folder.certificate(name))[0]
        for name in ("root", "devices", "servers")
    )  # fmt: skip
    devices.verify_directly_issued_by(root)
    servers.verify_directly_issued_by(root)
    with pytest.raises((ValueError, InvalidSignature)):
        devices.verify_directly_issued_by(servers)


def test_what_is_private_is_for_its_owner_alone(federation: Federation) -> None:
    federation.add("van-germaine")
    out = federation.path / "cards"
    assert federation.run("bundle", "van-germaine", "--broker", "b.org", "--out", out) == 0
    assert federation.run("rotate", "sealing") == federation.run("rotate", "recovery") == 0
    folder = federation.folder
    private = [*folder.private.rglob("*"), *folder.offline.rglob("*"), *out.rglob("*")]
    assert len(private) > 10
    assert {
        (path.is_dir(), path.stat().st_mode & 0o777)
        for path in (*private, folder.private, folder.offline, out)
    } == {(False, 0o600), (True, 0o700)}


def test_keys_of_the_authority_and_the_root_are_closed_with_different_passphrases(
    federation: Federation, capsys: Told
) -> None:
    federation.run("rotate", "documents")
    federation.root.write_bytes(AUTHORITY.encode())
    capsys.readouterr()
    assert federation.run("rotate", "receipts") == 1
    assert "does not open" in capsys.readouterr().err
    assert cli.main(["--folder", str(federation.path / "other"), "--passphrase-file",
                     str(federation.authority), "--root-passphrase-file", str(federation.root),
                     "init", "--name", "X"]) == 1  # fmt: skip
    assert "the root must have one of its own" in capsys.readouterr().err
    assert not (federation.path / "other").exists()


def test_no_secret_is_ever_printed_and_none_is_in_what_may_be_versioned(
    federation: Federation, capsys: Told
) -> None:
    federation.add("van-germaine")
    out = federation.path / "out"
    for command in (
        ("bundle", "van-germaine", "--broker", "b.org", "--out", out),
        ("service", "ingest", "--role", "ingest", "--out", out),
        ("rotate", "sealing"), ("rotate", "reset"), ("rotate", "devices"), ("list", "--json"),
        ("unit", "show", "van-germaine"), ("statement", "--sign"), ("mend",),
    ):  # fmt: skip
        assert federation.run(*command) == 0
    for wrong in (federation.authority, federation.root):
        kept = wrong.read_bytes()
        wrong.write_bytes(b"une phrase qui n'ouvre rien")
        assert federation.run("rotate", "sealing") == 1
        wrong.write_bytes(kept)
    told = capsys.readouterr()
    folder = federation.folder
    versioned = folder.registry.read_text(encoding="utf-8")
    versioned += (folder.path / ".gitignore").read_text(encoding="utf-8")
    versioned += "".join(path.read_text("latin-1") for path in folder.public.iterdir())
    said = told.out + told.err + versioned
    secrets = [
        AUTHORITY,
        ROOT,
        "une phrase qui n'ouvre rien",
        folder.code("van-germaine").read_bytes().hex(),
    ]
    for name in ("documents", "receipts"):
        key = keys.read_key(folder.key(name))
        secrets += [key.private_bytes_raw().hex(), folder.key(name).read_text().splitlines()[1]]
    secrets += [folder.reset.read_bytes().hex()]
    assert [secret for secret in secrets if secret in said] == []
    assert "PRIVATE KEY" not in said


def test_git_is_told_to_leave_out_what_is_private(federation: Federation) -> None:
    federation.add("van-germaine")
    folder = federation.folder.path
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
    listed = subprocess.run(["git", "-C", folder, "ls-files"], check=True, capture_output=True)
    assert listed.stdout.decode().split() == [
        ".gitignore", "public/devices.pem", "public/root.pem", "public/servers.pem",
        "public/statement", "registry.jsonl",
    ]  # fmt: skip


def test_nothing_is_overwritten(federation: Federation, capsys: Told) -> None:
    before = {
        path: path.read_bytes() for path in federation.folder.path.rglob("*.*") if path.is_file()
    }
    assert federation.run("init", "--name", "Une autre") == 1
    assert "nothing is ever overwritten" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in before} == before


def test_passphrases_are_typed_twice_unseen(
    tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter([AUTHORITY, AUTHORITY, ROOT, ROOT, AUTHORITY, AUTHORITY + "!"])
    asked: list[str] = []
    monkeypatch.setattr(getpass, "getpass", lambda prompt: (asked.append(prompt), next(typed))[1])
    assert cli.main(["--folder", str(tmp_path / "fed"), "init", "--name", "Essai"]) == 0
    assert [prompt.startswith("New passphrase") for prompt in asked] == [True, False, True, False]
    keys.read_issuer(Folder(tmp_path / "fed"), "devices", Passphrase(AUTHORITY))
    keys.read_issuer(Folder(tmp_path / "fed"), "root", Passphrase(ROOT))
    assert cli.main(["--folder", str(tmp_path / "again"), "init", "--name", "Essai"]) == 1
    told = capsys.readouterr()
    assert "not typed twice alike" in told.err
    assert AUTHORITY not in told.out + told.err
    assert not (tmp_path / "again").exists()


def test_a_service_gets_the_keys_of_its_role_and_no_other(
    federation: Federation, capsys: Told
) -> None:
    held = {}
    for role in ("ingest", "provisioning", "web"):
        out = federation.path / role
        assert federation.run("service", f"{role}-1", "--role", role, "--out", out) == 0
        held[role] = sorted(path.stem for path in out.iterdir())
        leaf = x509.load_pem_x509_certificate((out / "certificate.pem").read_bytes())
        assert leaf.subject.rfc4514_string() == f"CN=service-{role}-1"
        assert f'certificate = "{out}/certificate.pem"' in capsys.readouterr().out
    assert held == {
        "ingest": ["certificate", "devices", "key", "receipts", "revoked", "root"],
        "provisioning": ["certificate", "key", "root"],
        "web": ["certificate", "documents", "key", "root", "sealing"],
    }
    assert federation.state().services == {
        "ingest-1": "ingest", "provisioning-1": "provisioning", "web-1": "web"
    }  # fmt: skip
    assert b"ENCRYPTED" in (federation.path / "web" / "sealing.pem").read_bytes()


def test_a_torn_registry_is_told_and_mended(federation: Federation, capsys: Told) -> None:
    with federation.folder.registry.open("ab") as file:
        file.write(b'{"fact":"unit.ad')
    assert federation.run("list") == 1
    assert "escale-provision mend takes it out" in capsys.readouterr().err
    assert federation.run("mend") == 0
    assert "unit.ad" in capsys.readouterr().out
    assert federation.run("list") == federation.run("mend") == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("unit", "show", "van-x"), "there is no unit 'van-x'"),
        (("approve", "van-x"), "there is no unit 'van-x'"),
        (("pin-code", "van-x", "123456"), "there is no unit 'van-x'"),
        (("pin-code", "van-x", "12345"), "6 digits"),
        (("bundle", "van-x", "--broker", "b.org", "--out", "/tmp/x"), "there is no unit 'van-x'"),
        (("bundle", "--broker", "b.org", "--out", "/tmp/x"), "give ids, or --all-new"),
        (("bundle", "x", "--all-new", "--broker", "b", "--out", "x"), "give ids, or --all-new"),
        (("bundle", "--all-new", "--broker", "b:0", "--out", "/tmp/x"), "HOST or HOST:PORT"),
        (("bundle", "--all-new", "--broker", "a b", "--out", "/tmp/x"), "HOST or HOST:PORT"),
        (("unit", "add", "van-x"), "give --territory, --centre, --vehicle-name, --vehicle"),
        (("unit", "add"), "give an id, --territory"),
        (("unit", "add", "van-x", "--from", "units.csv"), "--from FILE alone"),
        (("unit", "add", "--from", "/nowhere.csv"), "/nowhere.csv"),
        (("service", "Ingest", "--role", "ingest", "--out", "/tmp/x"), "no name of a service"),
        (("service", "broker", "--role", "ingest", "--out", "/tmp/x"), "and not broker"),
        (("rotate", "root"), "rotate root --yes"),
        (("rotate", "sealing", "--finish"), "nothing to finish"),
        (("statement", "--out", "/dev/null/x"), "/dev/null/x"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "says",
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence(
    federation: Federation, capsys: Told, arguments: tuple[str, ...], sentence: str
) -> None:
    before = federation.folder.registry.read_bytes()
    assert federation.run(*arguments) == 1
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.err.startswith("escale-provision: ")
    assert told.err.count("\n") == 1
    assert federation.folder.registry.read_bytes() == before


def test_a_folder_without_a_federation_is_one_sentence(tmp_path: Path, capsys: Told) -> None:
    assert cli.main(["--folder", str(tmp_path), "list"]) == 1
    assert "there is no registry" in capsys.readouterr().err


def test_listing_units_loads_neither_the_brokers_library_nor_a_servers() -> None:
    told = "import sys, provisioning.cli as c; c.main(['--folder', '/nowhere', 'list']); "
    told += "print([m for m in sys.modules if m.startswith(('paho', 'provisioning.check'))])"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True)
    assert ran.stdout == b"[]\n"


def _root_key(folder: Folder) -> Ed25519PublicKey:
    root = keys.certified_hex(keys.read_certificates(folder.certificate("root"))[0])
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(root))
