"""The card's own RAUC with the card's settings: what it takes, and our script behind it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.journal.schema import VERSION
from appliance.update import bundles, slots
from appliance.update.bundles import Unfit
from appliance.update.facts import Release
from appliance.update.slots import Slots
from tests.image import tools_root
from tests.support import eventually

ROOT = Path(__file__).parents[3]
CONFIGURATION = ROOT / "image" / "overlay" / "etc" / "rauc" / "system.conf"

pytestmark = pytest.mark.skipif(not tools_root.there(), reason=tools_root.MISSING)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release authority and its key, as a card for trying has them."""
    folder = tmp_path_factory.mktemp("release")
    subprocess.run([ROOT / "image" / "trial_keys.sh", folder], check=True)
    return folder


def bundle(folder: Path, keys: Path, **changes: str) -> Path:
    """A small bundle of the very kind that image/pack.sh makes."""
    says = {"version": "0.5.1", "compatible": "escale-arm64", "format": "verity", **changes}
    inside = folder / "inside"
    inside.mkdir(parents=True)
    (inside / "root.ext4").write_bytes(os.urandom(128 * 1024))
    (inside / "manifest.raucm").write_text(
        f"[update]\ncompatible={says['compatible']}\nversion={says['version']}\nbuild=abc\n\n"
        f"[bundle]\nformat={says['format']}\n\n[image.rootfs]\nfilename=root.ext4\n\n"
        f"[meta.escale]\njournal={VERSION}\n"
    )
    path = folder / "escale.raucb"
    tools_root.run(
        "rauc", "bundle", f"--cert={keys}/release.pem", f"--key={keys}/release.key", inside, path
    )
    return path


def look(path: Path, keys: Path) -> bundles.Manifest:
    rauc = tools_root.command("rauc", "--conf", CONFIGURATION, f"--keyring={keys}/authority.pem")
    return bundles.inspect(path, rauc)


def test_a_bundle_of_our_release_key_tells_what_it_is(tmp_path: Path, release: Path) -> None:
    manifest = look(bundle(tmp_path, release), release)
    assert manifest.release == Release("0.5.1", "abc")
    assert manifest.journals == VERSION
    assert bundles.misfit(manifest, VERSION) == ""


def test_a_bundle_for_another_board_is_known_by_its_manifest(tmp_path: Path, release: Path) -> None:
    manifest = look(bundle(tmp_path, release, compatible="escale-pi5"), release)
    assert "escale-pi5" in bundles.misfit(manifest, VERSION)


def test_a_bundle_signed_by_another_authority_is_refused(tmp_path: Path, release: Path) -> None:
    other = tmp_path / "other"
    subprocess.run([ROOT / "image" / "trial_keys.sh", other], check=True)
    with pytest.raises(Unfit, match="not signed by the release key"):
        look(bundle(tmp_path / "bundle", other), release)


def test_a_key_of_the_same_authority_that_signs_no_code_is_refused(
    tmp_path: Path, release: Path
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "9", "-subj", "/CN=letters", "-CA", release / "authority.pem"),
            *("-CAkey", release / "authority.key", "-addext", "basicConstraints=CA:FALSE"),
            *("-keyout", keys / "release.key", "-out", keys / "release.pem"),
        ],
        check=True,
        capture_output=True,
    )
    with pytest.raises(Unfit, match="not signed by the release key"):
        look(bundle(tmp_path / "bundle", keys), release)


def test_a_bundle_that_is_mounted_without_verity_is_refused(tmp_path: Path, release: Path) -> None:
    with pytest.raises(Unfit, match="only verity bundles"):
        look(bundle(tmp_path, release, format="plain"), release)


@pytest.mark.parametrize("damage", ["cut", "empty", "junk", "signature", "text"])
def test_a_damaged_bundle_is_refused(tmp_path: Path, release: Path, damage: str) -> None:
    path = bundle(tmp_path, release)
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(
        {
            "cut": bytes(content[: len(content) // 2]),
            "empty": b"",
            "junk": os.urandom(4096),
            "signature": bytes(content),
            "text": b"a photograph, say\n" * 9,
        }[damage]
    )
    with pytest.raises(Unfit, match="damaged"):
        look(path, release)


def test_a_file_that_is_not_there_and_a_program_that_is_not_are_one_sentence(
    tmp_path: Path, release: Path
) -> None:
    with pytest.raises(Unfit):
        look(tmp_path / "none.raucb", release)
    with pytest.raises(Unfit, match="cannot be run"):
        bundles.inspect(tmp_path / "none.raucb", ("/does/not/exist",))


class Service:
    """RAUC's service on a bus of its own, as on a card; no slot is written here."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self.disk = folder / "disk"
        self.disk.write_bytes(bytes(slots.PLACES[1] + slots.SIZE))
        slots.write(Slots(("A",), {"A": 3, "B": 0}), self.disk)
        (folder / "line").write_text("rauc.slot=A\n")
        script = folder / "escale-slots"
        script.write_text(
            f"#!{sys.executable} -S\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            "from pathlib import Path\nfrom appliance.update import slots\n"
            f"sys.exit(slots.main(None, Path({str(self.disk)!r}), Path('{folder}/line')))\n"
        )
        script.chmod(0o755)
        said = CONFIGURATION.read_text()
        for card, here in (
            ("/opt/escale/bin/escale-slots", script), ("/dev/escale/", folder / "dev-"),
            ("/data/update/rauc", folder / "rauc"),
            ("/etc/rauc/keyring.pem", keys / "authority.pem"),
        ):  # fmt: skip
            assert card in said
            said = said.replace(card, str(here))
        (folder / "system.conf").write_text(said)
        for name in ("dev-root-a", "dev-root-b"):
            (folder / name).write_bytes(bytes(65536))
        (folder / "rauc").mkdir()
        bus = f"unix:path={folder}/bus"
        self._environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus}
        self._configuration = folder / "system.conf"
        self._started = [self._start("dbus-daemon", "--session", "--nofork", f"--address={bus}")]
        eventually((folder / "bus").exists, what="a bus")
        self._started.append(
            self._start("rauc", "--conf", self._configuration, "--override-boot-slot=A", "service")
        )

    def says(self, *words: str) -> str:
        done = subprocess.run(
            tools_root.command("rauc", "--conf", self._configuration, *words),
            env=self._environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout if done.returncode == 0 else ""

    def close(self) -> None:
        for process in reversed(self._started):
            process.terminate()
            process.wait(timeout=10)

    def _start(self, program: str, *words: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            tools_root.command(program, *words),
            env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@pytest.fixture
def service(tmp_path: Path, release: Path) -> Iterator[Service]:
    running = Service(tmp_path, release)
    yield running
    running.close()


def test_rauc_asks_our_script_and_is_understood(service: Service) -> None:
    told = eventually(lambda: service.says("status", "--output-format=shell"), what="RAUC answers")
    assert "RAUC_BOOT_PRIMARY='rootfs.0'" in told
    assert service.says("status", "mark-active", "other")
    assert slots.read(service.disk) == Slots(("B", "A"), {"A": 3, "B": 3}, trial=True)
    told = service.says("status", "--output-format=shell")
    assert "RAUC_BOOT_PRIMARY='rootfs.1'" in told
    assert service.says("status", "mark-bad", "other")
    assert not slots.read(service.disk).is_good("B")
    assert service.says("status", "mark-good", "booted")
    assert slots.read(service.disk) == Slots(("A", "B"), {"A": 3, "B": 0}, trial=False)
