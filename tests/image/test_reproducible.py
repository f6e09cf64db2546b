"""The same base gives the same card, byte for byte; and the same packages the same base."""

import os
import subprocess
from hashlib import file_digest
from pathlib import Path

import pytest

from protocol import __version__

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "image"
EPOCH = "1790000000"
MADE_OF = ("base.tar", "site-packages", "program.tar", "keys", "tools")

pytestmark = [pytest.mark.image, pytest.mark.timeout(0)]


def built(*needed: str) -> None:
    """Skips, in one sentence, where there is nothing to begin with."""
    missing = [name for name in needed if not (BUILD / name).exists()]
    if missing or os.geteuid():
        pytest.skip("no card was built here as root: sudo ./image_build.sh")


def inside(*command: str) -> None:
    keys = BUILD / "keys"
    said = {
        "SOURCE_DATE_EPOCH": EPOCH, "VERSION": __version__, "BUILD_HASH": "abc",
        "COMPRESS": "no", "KERNEL": "debian",
        "KEYRING": keys / "authority.pem",
        "RELEASE_KEY": keys / "release.key", "RELEASE_CERTIFICATE": keys / "release.pem",
    }  # fmt: skip
    variables = [f"{name}={value}" for name, value in said.items()]
    subprocess.run(
        [ROOT / "image/enter.sh", BUILD / "tools", "env", *variables, *command],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def card(folder: Path) -> dict[str, str]:
    """A card made from the base in a folder of its own: digests of what is the same for all."""
    root = folder / "root"
    parts = [str(BUILD / name) for name in MADE_OF[:3]]
    inside("image/app.sh", *parts, str(root))
    inside("image/pack.sh", str(root), str(folder), "pi4")
    # Not the update: its signature holds the moment it was made, and its hash tree a salt.
    return {
        path.suffix: digest(path) for path in folder.iterdir() if path.suffix in (".img", ".bmap")
    }


def test_two_cards_from_one_base_are_the_same_bytes() -> None:
    built(*MADE_OF)
    folders = [BUILD / "twice" / name for name in ("one", "another")]
    subprocess.run(["rm", "-rf", BUILD / "twice"], check=True)
    try:
        for folder in folders:
            folder.mkdir(parents=True)
        first, second = map(card, folders)
    finally:
        subprocess.run(["rm", "-rf", BUILD / "twice"], check=True)
    assert first.keys() == {".img", ".bmap"}
    assert first == second


@pytest.mark.campaign
def test_the_base_made_again_is_the_same_bytes(tmp_path: Path) -> None:
    built("base.tar")
    again = tmp_path / "base.tar"
    mirror = os.environ.get("MIRROR", "http://deb.debian.org/debian")
    said = {"MIRROR": mirror, "SECURITY": mirror.removesuffix("debian") + "debian-security"}
    subprocess.run(
        [ROOT / "image/base.sh", again],
        check=True,
        env=os.environ | said | {"SUITE": "trixie", "KERNEL": "debian"},
    )
    assert digest(again) == digest(BUILD / "base.tar")
