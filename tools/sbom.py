"""Writes the software bill of materials, CycloneDX 1.6, from the locked lists. Asks no network.

Python packages: name, version and hashes as `tools/lock.sh` locked them, their licence as the
installed package states it. Debian packages: the names in `tools/setup.sh`; which version a machine
has, the machine knows, so none is told. Of a card all is known: `--card` tells what is on it.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from protocol import __version__

ROOT: Final = Path(__file__).parents[1]
DEVELOPMENT: Final = "dev"
"""The list that also holds what never leaves a developer's machine."""
CARD: Final = "card"
"""The list of what goes onto the card."""
BESIDES: Final = ("python3", "python3-venv")
"""What runs the set-up script itself."""
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NEEDED = re.compile(r'^needed="(.*?)"', re.MULTILINE | re.DOTALL)
_LICENCE = "License :: "


class Locked(NamedTuple):
    """One package at one version, in every list that has it."""

    name: str
    version: str
    lists: tuple[str, ...]
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        """The package's one name in any bill of materials."""
        return f"pkg:pypi/{self.name.lower().replace('_', '-')}@{self.version}"


def locked(folder: Path) -> list[Locked]:
    """What the requirement files pin, by name and version."""
    found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for path in folder.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        pins = list(_PINNED.finditer(text))
        for pin, after in zip(pins, [*pins[1:], None], strict=True):
            lists, hashes = found.setdefault((pin[1], pin[2]), (set(), set()))
            lists.add(path.stem)
            hashes.update(_HASH.findall(text[pin.end() : after.start() if after else None]))
    return [
        Locked(name, version, tuple(sorted(lists)), tuple(sorted(hashes)))
        for (name, version), (lists, hashes) in sorted(found.items())
    ]


def debian(setup: Path) -> list[str]:
    """The Debian packages that the set-up script installs, by name."""
    text = setup.read_text(encoding="utf-8")
    block = _NEEDED.search(text)
    if block is None:
        sys.exit(f'sbom: {setup} has no needed="…" block: the Debian packages cannot be told')
    return sorted({*BESIDES, *(line.rpartition(":")[2] for line in block[1].split())})


def of_card(packages: Path) -> list[dict[str, Any]]:
    """The Debian packages on a card, from its list: a line each of name, version, architecture."""
    lines = (line.split() for line in packages.read_text(encoding="utf-8").splitlines())
    return [_debian(name, version, architecture) for name, version, architecture in lines]


def bill(root: Path, now: datetime, card: Path | None = None) -> dict[str, Any]:
    """The whole document, of a checkout or of a card (its list of packages).

    `now` (aware) is the time it says it was made.
    """
    packages = locked(root / "requirements")
    if card is None:
        system = [_debian(name) for name in debian(root / "tools" / "setup.sh")]
    else:
        packages = [package for package in packages if CARD in package.lists]
        system = of_card(card)
    components = [_python(package) for package in packages] + system
    shipped = [part["bom-ref"] for part in components if part.get("scope") != "excluded"]
    same = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'escale {__version__} {same}')}",
        "version": 1,
        "metadata": {"timestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}", "component": _ourselves()},
        "components": components,
        "dependencies": [{"ref": "escale", "dependsOn": shipped}],
    }


def _ourselves() -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": "escale",
        "name": "escale",
        "version": __version__,
        "licenses": [{"license": {"id": "EUPL-1.2"}}],
    }


def _python(package: Locked) -> dict[str, Any]:
    source = {
        "type": "distribution",
        "url": package.purl,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
    }
    return {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": "excluded" if package.lists == (DEVELOPMENT,) else "required",
        "purl": package.purl,
        "licenses": list(licences(package.name, package.version)),
        "externalReferences": [source],
        "properties": [{"name": "escale:list", "value": name} for name in package.lists],
    }


def licences(name: str, version: str) -> Iterator[dict[str, Any]]:
    """What the installed package says of itself; nothing when that version is not installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return
    if told["Version"] != version:
        return
    stated = (told.get("License") or "").strip()
    classified = [text for text in told.get_all("Classifier") or () if text.startswith(_LICENCE)]
    if told.get("License-Expression"):
        yield {"expression": told["License-Expression"]}
    elif stated and "\n" not in stated:
        yield {"license": {"name": stated}}
    else:
        for text in classified:
            yield {"license": {"name": text.rpartition(" :: ")[2]}}


def _debian(name: str, version: str = "", architecture: str = "") -> dict[str, Any]:
    purl = f"pkg:deb/debian/{name}"
    if version:
        purl += f"@{quote(version, safe='')}?arch={architecture}"
    known = {"version": version} if version else {}
    return known | {
        "type": "library" if name.startswith("lib") else "application",
        "bom-ref": purl,
        "name": name,
        "purl": purl,
    }


def main() -> None:
    """Writes the file and says what is in it."""
    parser = argparse.ArgumentParser(prog="python -m tools.sbom", description=__doc__)
    parser.add_argument("file", type=Path, help="such as build/sbom.cdx.json")
    parser.add_argument("--card", type=Path, metavar="LIST", help="the packages on a card")
    arguments = parser.parse_args()
    target = arguments.file
    made = bill(ROOT, datetime.now(UTC), arguments.card)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target}: {len(made['components'])} components\n")


if __name__ == "__main__":
    main()
