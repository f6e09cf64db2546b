"""A federation made once through the real command, and copied for each test that changes it."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from provisioning import cli, files, registry
from provisioning.keys import Folder
from provisioning.state import State

AUTHORITY = "cinq mots pour les autorités"
ROOT = "six autres mots pour la racine"


class Federation:
    """Runs commands on a folder of its own, both passphrases in files."""

    def __init__(self, path: Path) -> None:
        self.path, self.folder = path, Folder(path / "fed")
        self.authority, self.root = path / "authority", path / "root"
        if not self.authority.exists():
            files.write_private(self.authority, AUTHORITY.encode())
            files.write_private(self.root, ROOT.encode())

    def run(self, *arguments: object) -> int:
        """The exit code of one command."""
        common = [
            "--folder", self.folder.path,
            "--passphrase-file", self.authority,
            "--root-passphrase-file", self.root,
        ]  # fmt: skip
        return cli.main([str(argument) for argument in (*common, *arguments)])

    def add(self, *units: str) -> None:
        """Units that are all alike."""
        for unit in units:
            told = ("--territory", "Loire", "--centre", "Les Halles", "--vehicle", "camion")
            assert self.run("unit", "add", unit, "--vehicle-name", f"Camion {unit}", *told) == 0

    def state(self) -> State:
        """What its registry says."""
        return registry.read(self.folder.registry)


@cache
def _made() -> Path:
    path = Path(tempfile.mkdtemp(prefix="escale-federation-"))
    assert Federation(path).run("init", "--name", "Fédération d'essai") == 0
    return path


def copied(path: Path) -> Federation:
    """A federation of the test's own."""
    shutil.copytree(_made(), path, dirs_exist_ok=True)
    return Federation(path)
