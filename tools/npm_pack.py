"""Fetches one pinned npm package and checks its bytes. Installs nothing, runs nothing of it."""

import base64
import hashlib
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple


class Package(NamedTuple):
    """A package at one version; its archive must have this sha512 (as the registry writes it)."""

    name: str
    version: str
    integrity: str


def unpack(package: Package, folder: Path) -> Path:
    """The package's files, unpacked in `folder`. Exits when the archive is not the pinned one."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{package.name.strip('@').replace('/', '-')}-{package.version}.tgz"
    if not archive.exists():
        wanted = f"{package.name}@{package.version}"
        command = ["npm", "pack", wanted, "--silent", "--pack-destination", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.integrity:
        raise SystemExit(f"{archive} is not the pinned {package.name}: delete it and try again.")
    target = folder / archive.stem
    with tarfile.open(archive) as files:
        files.extractall(target, filter="data")
    return target / "package"
