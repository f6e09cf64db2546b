"""Updates for the card, made from its own image and signed by the key it was built with."""

import itertools
import os
import random
import subprocess
from hashlib import file_digest
from pathlib import Path

import msgspec

from benchmarks import _mutations
from benchmarks.bundle_mutations import WRAPPING, judge
from tests.image import card as cards
from tests.image import tools_root
from tests.image.data import put

KEYS = tools_root.BUILD / "keys"
MANIFEST = """[update]
compatible=escale-arm64
version={version}
build=test

[bundle]
format=verity

[image.rootfs]
filename=root.ext4
"""
NO_KEYS = "no card was built here as root, with a key to sign with: sudo ./image_build.sh"


def can_be_made() -> bool:
    """Whether the key is here, and the tools root may be entered."""
    return (KEYS / "release.key").exists() and os.geteuid() == 0


def whole(folder: Path, version: str) -> Path:
    """The system of the image, as another version."""
    root = _root(folder)
    made = cards.image()
    assert made is not None
    begins, size = cards.partition(made, 2)
    root.touch()
    cards.copy(made, begins, size, root)
    os.truncate(root, size)
    put(root, "/etc/escale-release", f"VERSION={version}\nBUILD=test\n".encode())
    return bundle(folder, version)


def that_hangs(folder: Path, version: str) -> Path:
    """The card's own kernel, and a first program that does nothing for ever."""
    root, tree = _root(folder), folder / "tree"
    for name in ("boot", "sbin", "dev", "proc", "sys", "run", "tmp", "var", "data"):
        (tree / name).mkdir(parents=True)
    built = tools_root.BUILD / "root"
    for name in ("vmlinuz", "initrd.img"):
        (tree / "boot" / name).write_bytes((built / "boot" / name).read_bytes())
    (tree / "sbin/busybox").write_bytes((built / "usr/bin/busybox").read_bytes())
    (tree / "sbin/init").write_text("#!/sbin/busybox sh\nwhile :; do /sbin/busybox sleep 9; done\n")
    for name in ("busybox", "init"):
        (tree / "sbin" / name).chmod(0o755)
    options = ("-q", "-t", "ext4", "-b", "4096", "-O", "^metadata_csum_seed,^orphan_file")
    tools_root.run("mke2fs", *options, "-d", tree, root, "96M")
    return bundle(folder, version)


def bundle(folder: Path, version: str) -> Path:
    """What is in `folder/content`, signed."""
    (folder / "content/manifest.raucm").write_text(MANIFEST.format(version=version))
    made = folder / f"escale-{version}.raucb"
    squash = "--mksquashfs-args=-comp zstd -Xcompression-level 1 -quiet -no-progress"
    subprocess.run(
        [
            tools_root.REPOSITORY / "image/enter.sh", tools_root.ROOT, "rauc", "bundle", squash,
            f"--cert={KEYS / 'release.pem'}", f"--key={KEYS / 'release.key'}",
            folder / "content", made,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def announced(made: Path, version: str) -> Path:
    """The same with the file beside it that a build of an image writes for the federation."""
    with made.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    side = {"version": version, "size": made.stat().st_size, "sha256": digest}
    made.with_suffix(".json").write_bytes(
        msgspec.json.encode({**side, "compatible": "escale-arm64"})
    )
    return made


def spoilt(folder: Path, count: int) -> list[bytes]:
    """Damaged and forged in every way that the benchmark knows, of small ones by that very key."""
    folder.mkdir()
    stock, dice = _mutations.make_stock(folder, kept=KEYS), random.Random(20)
    kinds = itertools.islice(itertools.cycle(_mutations.MUTATIONS), 2 * count)
    made = [_mutations.mutant(kind, stock, dice) for kind in kinds]
    # What differs from a good one in its wrapping alone is good.
    told = zip(made, judge(made, stock, folder), strict=True)
    return [mutant for mutant, verdict in told if verdict != WRAPPING][:count]


def stick(path: Path, *files: Path) -> Path:
    """A FAT stick, as it is bought, with these files at its top."""
    megabytes = 16 + sum(file.stat().st_size for file in files) // (1 << 20)
    with path.open("wb") as made:
        made.truncate(megabytes << 20)
    tools_root.run("mformat", "-i", path, "-v", "MAJ", "::")
    for file in files:
        tools_root.run("mcopy", "-i", path, file, f"::{file.name}")
    return path


def _root(folder: Path) -> Path:
    (folder / "content").mkdir(parents=True)
    return folder / "content/root.ext4"
